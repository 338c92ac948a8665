"""A trajectory: everything recorded of a training, as read-only arrays with named axes, and how each run ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from core.experiment import Experiment
from core.schedule import Schedule

Array = NDArray[Any]
Axes = Mapping[str, tuple[str, ...]]
"""Names of arrays, and the names of their axes."""

FITTED, STEP_LIMIT, DIVERGED, UNFINISHED, STATIONARY = range(5)
"""How a run ends. `UNFINISHED` is a run that is still training, or whose training a person cancelled."""
OUTCOMES = ("fitted", "step_limit", "diverged", "unfinished", "stationary")
"""The names of `FITTED` and so on."""

ShardArrays = tuple[Sequence[int], Mapping[str, Array]]
"""A shard's runs and its arrays."""


@dataclass(frozen=True)
class Place:
    """Where a shard's part of an array lies along one axis of the whole."""

    size: int  # of the whole
    entries: Sequence[int]


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The arrays of one experiment, by name; those of every study have `outcome` and `end_step`, (run,)."""

    experiment: Experiment
    arrays: Mapping[str, Array]

    axes: ClassVar[Axes]
    """The study's arrays and their axes."""
    schedule: ClassVar[Schedule]
    """When all runs are recorded. Where they record steps of their own besides, an array `step` holds all of them."""
    outcomes: ClassVar[tuple[str, ...]] = OUTCOMES
    """The study's names of `FITTED` and so on."""

    @classmethod
    def scheduled(cls, experiment: Any) -> Array:
        """Return the steps at which all runs of an experiment are recorded, (snapshot,)."""
        return cls.schedule.steps(experiment.step_limit)

    @classmethod
    def recorded(cls, experiment: Any, arrays: Mapping[str, Array]) -> Array:
        """Return the recorded steps of a trajectory with these arrays, (snapshot,)."""
        return arrays["step"] if "step" in cls.axes else cls.scheduled(experiment)

    @classmethod
    def places(cls, experiment: Any, runs: Sequence[int]) -> Mapping[str, Place]:
        """Return the axes along which the arrays of shards differ, and where the arrays of a shard of `runs` lie."""
        return {"run": Place(experiment.runs, runs)}

    @classmethod
    def join(cls, experiment: Any, shards: Sequence[ShardArrays]) -> Self:
        """Put the arrays of several shards into one trajectory; runs that no shard has are unfinished.

        Raises:
            KeyError: an array is of the first run only, and no shard has that.
        """
        return cls(experiment, {name: cls.joined(name, experiment, shards) for name in cls.axes})

    @classmethod
    def joined(cls, name: str, experiment: Any, shards: Sequence[ShardArrays]) -> Array:
        """Return one array, from the shards that have it; what none of them fills is blank.

        An array along whose axes shards do not differ is that of the shard with the first run.
        """
        axes, whole = cls.axes[name], None
        for runs, arrays in shards:
            if name not in arrays:
                continue
            part, places = arrays[name], cls.places(experiment, runs)
            split = [axis for axis in axes if axis in places]
            if not split and 0 not in runs:
                continue
            if whole is None:
                sizes = [places[axis].size if axis in split else n for axis, n in zip(axes, part.shape, strict=True)]
                whole = np.full(sizes, blank(name, part.dtype), part.dtype)
            first, split_axes = range(len(split)), [axes.index(axis) for axis in split]
            entries = np.ix_(*([*places[axis].entries] for axis in split))
            np.moveaxis(whole, split_axes, first)[entries] = np.moveaxis(part, split_axes, first)
        if whole is None:
            raise KeyError(f"{name}: no shard has the first run")
        return whole

    @cached_property
    def steps(self) -> Array:
        """The recorded steps, (snapshot,)."""
        return self.recorded(self.experiment, self.arrays)

    def __post_init__(self) -> None:
        sizes: dict[str, int] = {"run": self.experiment.runs, "snapshot": len(self.steps)}
        for name, axes in self.axes.items():
            array = self.arrays[name]
            if array.ndim != len(axes):
                raise ValueError(f"{name}: has {array.ndim} axes; needs {axes}")
            for axis, size in zip(axes, array.shape, strict=True):
                if sizes.setdefault(axis, size) != size:
                    raise ValueError(f"{name}: axis {axis} has {size} entries; {sizes[axis]} elsewhere")
            array.flags.writeable = False

    def __getitem__(self, name: str) -> Array:
        return self.arrays[name]

    def last_snapshot(self, run: int) -> int:
        """Return the first snapshot that shows the run's final state."""
        return int(np.searchsorted(self.steps, self["end_step"][run]).clip(max=len(self.steps) - 1))

    def outcome(self, run: int) -> str:
        """Return the name of how a run ended."""
        return str(self.outcomes[self["outcome"][run]])

    @property
    def complete(self) -> bool:
        """Whether every run has ended by itself."""
        return bool((self["outcome"] != UNFINISHED).all())


def blank(name: str, dtype: np.dtype[Any]) -> float:
    """Return what an array holds of a run that has not been recorded."""
    if name == "outcome":
        return UNFINISHED
    return np.nan if dtype.kind == "f" else 0
