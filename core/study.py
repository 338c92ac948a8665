"""What a study is, and the registry: the one place that knows them all.

A new study is a folder in `core/studies` whose `__init__` holds its `STUDY`, and a name in `FOLDERS`. The command line,
the store, sweeps, jobs, costs, links and downloads read the record; none of them names a study.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Generic, TypeVar

from core.experiment import SCHEMA, Experiment
from core.trajectory import ShardArrays, Trajectory
from core.values import ExperimentError

FOLDERS = (
    "explorer",
    "linearised",
    "kinks",
    "directions",
    "greedy",
    "smooth_targets",
    "complexity",
    "own_network",
    "linear_model",
    "clones",
    "phase_plane",
    "own_plane",
    "ensembles",
    "perceptron",
    "basin",
    "modes",
    "moons",
    "boundaries",
    "strengths",
    "starvation",
    "shades",
    "depths",
    "game",
    "catapult",
    "edge",
    "stabilization",
    "rate_plane",
    "modular",
    "polynomial",
    "small_mnist",
)
"""The studies in `core/studies`, in the order in which their presets are listed."""

Kind = TypeVar("Kind", bound=Experiment, covariant=True)


@dataclass(frozen=True)
class Preset(Generic[Kind]):
    """An experiment with a name people can say, and what to look at in it."""

    title: str
    sentence: str
    experiment: Kind
    shipped: bool = True
    """Whether what it trains comes with the app."""


@dataclass(frozen=True)
class Late:
    """A value of a module that is imported when it is first asked for: torch and Altair take seconds."""

    module: str
    name: str

    def __call__(self) -> Any:
        """Return the value."""
        return getattr(import_module(self.module), self.name)


@dataclass(frozen=True, kw_only=True)
class Study:
    """One study: what is trained, what is kept and shown of it, and how it is shared out."""

    experiment: type[Experiment]
    presets: Mapping[str, Preset[Any]]
    """By name, `PAGE/PRESET`."""
    trajectory: type[Trajectory]
    begin: Late
    """What begins the training of some runs, from the experiment, the runs, where data lie, and the device."""
    tables: Late
    """The tables by the name of their CSV file, each a function of the trajectory."""
    columns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """What columns mean that no other study has (`core.columns`): unit and meaning by name."""
    part: Late | None = None
    """The part of a page that shows it (`core.part.Part`), which may be that of a study before it."""
    also: Mapping[str, Late] = field(default_factory=dict)
    """Parts that go with it and train nothing, by names of their own."""
    stories: Late | None = None
    """The stories that begin with it (`core.story.Story`)."""
    shards: Callable[[Any, str], list[list[int]]]
    """How the runs are split, from the experiment and the device; never by the number of workers: same bytes."""
    seconds: Callable[[Any, int], tuple[float, float]]
    """How long a training on so many processes takes, usually and at most, from its arithmetic."""
    opens: Late | None = None
    """What makes an experiment of a file that somebody brings, from its bytes and the folder in which it is kept; with
    it come sentences on what the file holds. None where the file is of another kind; DataError where it is refused."""
    on_gpu: bool = False
    """Whether its networks train on a GPU where there is one."""

    @property
    def name(self) -> str:
        """The study's one name, which is its folder's too."""
        return self.experiment.study


@cache
def _registry() -> dict[str, Study]:
    found = (import_module(f"core.studies.{folder}").STUDY for folder in FOLDERS)
    return {study.name: study for study in found}


def studies() -> Mapping[str, Study]:
    """Return every study by its name."""
    return _registry()


def register(study: Study) -> None:
    """Add a study that lives elsewhere, as `STUDY` in the module of its experiment, which workers have to import."""
    _registry()[study.name] = study
    presets.cache_clear()


def forget(study: Study) -> None:
    """Take a study out of the registry."""
    del _registry()[study.name]
    presets.cache_clear()


def study_of(experiment: Experiment) -> Study:
    """Return the study of an experiment: a registered one, or that which stands beside the experiment's class."""
    if experiment.study in studies():
        return studies()[experiment.study]
    beside: Study = import_module(type(experiment).__module__).STUDY
    return beside


def parts() -> Mapping[str, Any]:
    """Return every part of a page, by the name of its (first) study, or by its own if it trains nothing."""
    found = {name: late for name, study in studies().items() for name, late in {name: study.part, **study.also}.items()}
    whole = {name: late() for name, late in found.items() if late is not None}
    return {name: part for name, part in whole.items() if next(one for one in whole if whole[one] is part) == name}


def page_of(part: Any) -> str:
    """Return the path of the app's page that shows a part: presets are named by it."""
    pages = {name: next(iter(study.presets)).partition("/")[0] for name, study in studies().items()}
    shown = {name: (study.part, *study.also.values()) for name, study in studies().items()}
    return next(pages[name] for name, lates in shown.items() if any(late and late() is part for late in lates))


def opened(content: bytes, uploads: Path) -> tuple[Experiment, list[str]]:
    """Return the experiment that a file from outside is, which is kept in a folder, and what the file holds.

    Raises:
        core.datasets.DataError: no study reads such a file: one sentence, of the last that such files are for.
    """
    from core.datasets import DataError

    refused = DataError("file: no study opens a file.")
    for study in studies().values():
        try:
            found: tuple[Experiment, list[str]] | None = study.opens()(content, uploads) if study.opens else None
        except DataError as error:
            refused = error
        else:
            if found is not None:
                return found
    raise refused


@cache
def presets() -> Mapping[str, Preset[Experiment]]:
    """Return every preset by its name."""
    return {name: preset for study in studies().values() for name, preset in study.presets.items()}


def from_json(text: str) -> Experiment:
    """Return the experiment that `to_json` wrote.

    Raises:
        ExperimentError: unknown study, schema or field, or a value out of its range.
    """
    try:
        record = json.loads(text)
        name, schema = record.pop("study"), record.pop("schema")
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        raise ExperimentError("experiment", "JSON with study, schema and fields", text[:40]) from None
    if schema != SCHEMA:
        raise ExperimentError("schema", f"{SCHEMA}, the one this version reads", schema)
    stored = {study.experiment.stored_name(): study.experiment for study in studies().values()}
    if not isinstance(name, str) or name not in stored:
        raise ExperimentError("study", f"one of {', '.join(stored)}", name)
    kind = stored[name]
    names = {f.name for f in fields(kind)}
    for name in record:
        if name not in names:
            raise ExperimentError(name, f"no such field; the fields are {', '.join(sorted(names))}", record[name])
    values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in record.items()}
    return kind(**{**kind.added, **values})


def join(experiment: Experiment, shards: Sequence[ShardArrays]) -> Trajectory:
    """Put the arrays of several shards into the trajectory of their study; runs that no shard has are unfinished."""
    return study_of(experiment).trajectory.join(experiment, shards)
