"""Named experiments: where a visit begins, what ships in `cache/`, and what the command line trains by name."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from core.datasets import CATALOGUE
from core.experiments import (
    Basin,
    Complexity,
    Depths,
    Experiment,
    Explorer,
    Kinks,
    LinearModel,
    Modes,
    Moons,
    Perceptron,
    Shades,
    Starvation,
    Strengths,
)
from core.presets.complexity import COMPLEXITY, NO_TABLE, THEOREM
from core.presets.explorer import EXPLORER
from core.presets.kinks import DIRECTIONS, KINKS
from core.presets.learning_basin import BASIN
from core.presets.learning_decoupling import MOONS, STRENGTHS
from core.presets.learning_depth import DEPTH
from core.presets.learning_modes import MODES
from core.presets.learning_starvation import SHADES, STARVATION
from core.presets.phase_plane import PERCEPTRON, PHASE_PLANE
from core.presets.preset import Preset

__all__ = [
    "BASIN",
    "COMPLEXITY",
    "DEPTH",
    "DIRECTIONS",
    "EXPLORER",
    "KINKS",
    "MODES",
    "MOONS",
    "NO_TABLE",
    "PERCEPTRON",
    "PHASE_PLANE",
    "PRESETS",
    "SHADES",
    "STARVATION",
    "STRENGTHS",
    "THEOREM",
    "Preset",
    "command_line",
    "settings_text",
    "with_table",
]

PRESETS: Mapping[str, Preset[Experiment]] = {
    **EXPLORER,
    **KINKS,
    **DIRECTIONS,
    **COMPLEXITY,
    **THEOREM,
    **PHASE_PLANE,
    **PERCEPTRON,
    **BASIN,
    **MODES,
    **MOONS,
    **STRENGTHS,
    **STARVATION,
    **SHADES,
    **DEPTH,
}


def settings_text(value: object) -> str:
    """Return a field's value as `--set FIELD=...` takes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(repr(part) for part in value) if isinstance(value, tuple) else str(value)


Tabular = TypeVar("Tabular", bound=Explorer | Complexity)


def with_table(experiment: Tabular, csv_digest: str) -> Tabular:
    """Return `experiment` on a person's own table, with few training points until they say how many."""
    few = min(experiment.n_train, 64)
    changes: dict[str, Any] = {"n_train": few, "batch_size": min(experiment.batch_size, few)}
    if isinstance(experiment, Complexity) and experiment.network == "cnn":
        changes |= {"network": "mlp", "depth": 2, "width": 128}  # a table has no images
    return replace(experiment, dataset="csv", csv_digest=csv_digest, **changes)


def command_line(experiment: Experiment) -> str:
    """Return the shortest `python -m core train` line that trains `experiment`.

    FILE and DIR stand for what only the reader knows: where their table, or the official data files, lie.
    """
    own = isinstance(experiment, Explorer | Complexity) and experiment.dataset == "csv"

    def differences(base: Experiment) -> list[str]:
        if own and isinstance(experiment, Explorer | Complexity) and isinstance(base, Explorer | Complexity):
            base = with_table(base, experiment.csv_digest)
        changed = [f.name for f in fields(experiment) if getattr(experiment, f.name) != getattr(base, f.name)]
        return [f"--set {shlex.quote(f'{name}={settings_text(getattr(experiment, name))}')}" for name in changed]

    found = {
        name: differences(preset.experiment)
        for name, preset in PRESETS.items()
        if preset.experiment.study == experiment.study
    }
    name = min(found, key=lambda name: len(" ".join(found[name])))
    files = ["--csv FILE"] if own else []
    if (
        not isinstance(
            experiment,
            Kinks | LinearModel | Starvation | Shades | Moons | Strengths | Modes | Perceptron | Basin | Depths,
        )
        and CATALOGUE[experiment.dataset].files
    ):
        files = ["--data-dir DIR"]
    return " ".join(["python -m core train", name, *found[name], *files, "--out results"])
