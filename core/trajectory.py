"""A trajectory: everything kept of a training, as read-only arrays with named axes, and how each run ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from core.experiment import Experiment

Array = NDArray[Any]

FITTED, STEP_LIMIT, DIVERGED, UNFINISHED, STATIONARY = range(5)
"""How a run ends; each study has names for those that occur in it. `UNFINISHED` is a run that is still training, or
whose training a person cancelled."""

Part = tuple[Sequence[int], Mapping[str, Array]]
"""A bank's runs and its arrays."""


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The arrays of one experiment, by name; those of every study have `outcome` and `end_step`, (run,)."""

    experiment: Experiment
    arrays: Mapping[str, Array]

    axes: ClassVar[Mapping[str, tuple[str, ...]]]
    """The study's arrays and the names of their axes."""
    outcomes: ClassVar[tuple[str, ...]]
    """The names of `FITTED` and so on."""

    @classmethod
    def join(cls, experiment: Any, parts: Sequence[Part]) -> Self:
        """Put the arrays of several banks into one trajectory; runs that no bank has are unfinished.

        A study with arrays that have no axis `run` has a way of its own.
        """
        return cls(experiment, {name: by_run(name, axes, experiment.runs, parts) for name, axes in cls.axes.items()})

    @cached_property
    def steps(self) -> Array:
        """The recorded steps, (snapshot,)."""
        return self.arrays["step"]

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


def by_run(name: str, axes: tuple[str, ...], runs: int, parts: Sequence[Part]) -> Array:
    """Put the rows of several banks into an array of so many runs; those that no bank has are blank, or unfinished."""
    sample, axis = parts[0][1][name], axes.index("run")
    shape = [runs if one == "run" else size for one, size in zip(axes, sample.shape, strict=True)]
    blank = UNFINISHED if name == "outcome" else np.nan if sample.dtype.kind == "f" else 0
    whole = np.full(shape, blank, sample.dtype)
    for chosen, part in parts:
        np.moveaxis(whole, axis, 0)[list(chosen)] = np.moveaxis(part[name], axis, 0)
    return whole
