"""Experiments: frozen values that say everything a training depends on, and nothing else.

An experiment validates and normalises itself when it is made, and its `digest` names its results: same experiment, same
digest, same bytes. Only the standard library is imported here, so that a page can make one for nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any, TypeVar

from core.experiments.basin import Basin
from core.experiments.complexity import Complexity
from core.experiments.depths import Depths
from core.experiments.directions import Directions
from core.experiments.explorer import ACTIVATIONS, DATASETS, LIMITS, MOST_SEEDS, Explorer
from core.experiments.kinks import Kinks
from core.experiments.linear_model import LinearModel
from core.experiments.modes import Modes
from core.experiments.moons import Moons
from core.experiments.perceptron import Perceptron, PerceptronCell
from core.experiments.phase_plane import PhaseCell, PhasePlane
from core.experiments.shades import Shades
from core.experiments.starvation import Starvation
from core.experiments.strengths import Strengths
from core.experiments.validation import (
    Bounds,
    ExperimentError,
    log2_grid,
    one_of,
    parse_flag,
    parse_number,
    parse_numbers,
)

__all__ = [
    "ACTIVATIONS",
    "DATASETS",
    "LIMITS",
    "MOST_SEEDS",
    "SCHEMA",
    "STUDIES",
    "Basin",
    "Bounds",
    "Complexity",
    "Depths",
    "Directions",
    "Experiment",
    "ExperimentError",
    "Explorer",
    "Kinks",
    "LinearModel",
    "Modes",
    "Moons",
    "Perceptron",
    "PerceptronCell",
    "PhaseCell",
    "PhasePlane",
    "Shades",
    "Starvation",
    "Strengths",
    "digest",
    "from_json",
    "log2_grid",
    "parse_number",
    "parse_numbers",
    "to_json",
    "with_settings",
]

SCHEMA = 1
"""Raised when the meaning of a field or the physics behind it changes, so that old results are never served as new."""

Experiment = (
    Explorer
    | Kinks
    | Directions
    | Complexity
    | LinearModel
    | Modes
    | PhasePlane
    | Perceptron
    | Moons
    | Strengths
    | Basin
    | Starvation
    | Shades
    | Depths
)
"""Every study's experiment. Each has `runs`, how many networks are trained, and a `step_limit`."""

STUDIES: Mapping[str, type[Experiment]] = {
    kind.study: kind
    for kind in (
        Explorer,
        Kinks,
        Directions,
        Complexity,
        LinearModel,
        Modes,
        PhasePlane,
        Perceptron,
        Moons,
        Strengths,
        Basin,
        Starvation,
        Shades,
        Depths,
    )
}

Kind = TypeVar("Kind", bound=Experiment)


def to_json(experiment: Experiment) -> str:
    """Return canonical JSON of all fields, the study and the schema number."""
    record = {"study": experiment.study, "schema": SCHEMA, **asdict(experiment)}
    return json.dumps(record, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Experiment:
    """Return the experiment that `to_json` wrote.

    Raises:
        ExperimentError: unknown study, schema or field, or a value out of its range.
    """
    try:
        record = json.loads(text)
        study, schema = record.pop("study"), record.pop("schema")
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        raise ExperimentError("experiment", "JSON with study, schema and fields", text[:40]) from None
    if schema != SCHEMA:
        raise ExperimentError("schema", f"{SCHEMA}, the one this version reads", schema)
    kind = STUDIES[one_of("study", study, tuple(STUDIES))]
    names = {f.name for f in fields(kind)}
    for name in record:
        if name not in names:
            raise ExperimentError(name, f"no such field; the fields are {', '.join(sorted(names))}", record[name])
    values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in record.items()}
    return kind(**values)


def digest(experiment: Experiment) -> str:
    """Return the name of the experiment's results: 32 hex digits of the SHA-256 of its canonical JSON."""
    return hashlib.sha256(to_json(experiment).encode()).hexdigest()[:32]


def with_settings(experiment: Kind, settings: Mapping[str, str]) -> Kind:
    """Return `experiment` with fields set from text, as a command line or a link gives them.

    A list is comma-separated; a number may be a power such as `2^-3`; `2^-8..2^10/12` is a grid of 12 powers of two.

    Raises:
        ExperimentError: unknown field, or a value that is not allowed.
    """
    changes: dict[str, Any] = {}
    known = {f.name: f for f in fields(experiment)}
    for name, text in settings.items():
        if name not in known:
            raise ExperimentError(name, f"no such field; the fields are {', '.join(known)}", text)
        kind = str(known[name].type)
        if kind.startswith("tuple"):
            changes[name] = parse_numbers(name, text, whole="int" in kind)
        elif kind == "bool":
            changes[name] = parse_flag(name, text)
        else:
            changes[name] = text if kind == "str" else parse_number(name, text)
    return replace(experiment, **changes)
