"""A trajectory: everything kept of a training, as read-only arrays with named axes, and how each run ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.experiments import Experiment
from core.schedule import recorded_steps

Array = NDArray[Any]

OUTCOMES = ("fitted", "step_limit", "diverged", "unfinished")
"""How a run ends. `unfinished` is a run that is still training, or whose training a person cancelled."""
FITTED, STEP_LIMIT, DIVERGED, UNFINISHED = range(4)

AXES: Mapping[str, tuple[str, ...]] = {
    "kink_position": ("snapshot", "run", "neuron"),
    "slope_jump": ("snapshot", "run", "neuron"),
    "active_right": ("snapshot", "run", "neuron"),
    "line_function": ("snapshot", "run", "grid"),
    "prediction": ("snapshot", "run", "test_point"),
    "train_error": ("snapshot", "run"),
    "test_error": ("snapshot", "run"),
    "loss": ("snapshot", "run"),
    "relative_weight_change": ("snapshot", "run"),
    "end_step": ("run",),
    "outcome": ("run",),
    "test_label": ("seed", "test_point"),
    "explainer_prediction": ("seed", "test_point"),
    "train_label": ("seed", "train_point"),
    "train_projection": ("seed", "train_point"),
    "line_grid": ("seed", "grid"),
}
"""The arrays of the Explorer and their axes.

kink_position: s on the data line, NaN where a unit never switches; slope_jump: the change of df/ds there;
active_right: whether the unit is on to the right of its switch;
line_function: F on `line_grid`; prediction: True where F > 0; errors: shares, a point with F = 0 counting half;
loss: mean hinge loss max(0, 1/alpha - y F); relative_weight_change: |w - w0| / |w0|; end_step: the step after which the
run moved no more (fitted), was found diverged, or was stopped. A run that has ended keeps its last state in later
snapshots; a diverged one is NaN from the snapshot on at which it was found so.
"""


@dataclass(frozen=True)
class Cell:
    """One run's place in the plane."""

    alpha: float
    temperature: float
    seed: int


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The arrays of `AXES` for one experiment; the run axis goes through seeds, then alphas, then temperatures."""

    experiment: Experiment
    arrays: Mapping[str, Array]

    def __post_init__(self) -> None:
        sizes: dict[str, int] = {"run": self.experiment.runs, "snapshot": len(self.steps)}
        for name, axes in AXES.items():
            array = self.arrays[name]
            if array.ndim != len(axes):
                raise ValueError(f"{name}: has {array.ndim} axes; needs {axes}")
            for axis, size in zip(axes, array.shape, strict=True):
                if sizes.setdefault(axis, size) != size:
                    raise ValueError(f"{name}: axis {axis} has {size} entries; {sizes[axis]} elsewhere")
            array.flags.writeable = False

    def __getitem__(self, name: str) -> Array:
        return self.arrays[name]

    @cached_property
    def steps(self) -> Array:
        """The recorded steps, (snapshot,)."""
        return np.array(recorded_steps(self.experiment.step_limit))

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Where each run lies, in the order of the run axis."""
        return cells(self.experiment)

    def run(self, alpha: float, temperature: float, seed: int) -> int | None:
        """Return the run of a cell, or None when the plane does not have it."""
        wanted = Cell(alpha, temperature, seed)
        return self.cells.index(wanted) if wanted in self.cells else None

    def seed_row(self, run: int) -> int:
        """Return the row of the seed axis that belongs to `run`."""
        return self.experiment.seeds.index(self.cells[run].seed)

    def last_snapshot(self, run: int) -> int:
        """Return the first snapshot that shows the run's final state."""
        return int(np.searchsorted(self.steps, self["end_step"][run]).clip(max=len(self.steps) - 1))

    @property
    def complete(self) -> bool:
        """Whether every run has ended by itself."""
        return bool((self["outcome"] != UNFINISHED).all())


def cells(experiment: Experiment) -> tuple[Cell, ...]:
    """Return every cell of the plane in the order of the run axis: seed, then alpha, then temperature."""
    return tuple(
        Cell(alpha, temperature, seed)
        for seed in experiment.seeds
        for alpha in experiment.alphas
        for temperature in experiment.temperatures
    )


def join(experiment: Experiment, parts: Sequence[tuple[Sequence[int], Mapping[str, Array]]]) -> Trajectory:
    """Put the arrays of several banks into one trajectory; runs that no bank has are `unfinished`.

    Args:
        parts: for each bank, its runs and its arrays; arrays without a run axis carry the seed axis of the bank's own
            seed (one row).
    """
    arrays: dict[str, Array] = {}
    seeds = [cell.seed for cell in cells(experiment)]
    for name, axes in AXES.items():
        sample = parts[0][1][name]
        axis = axes.index("run") if "run" in axes else axes.index("seed")
        shape = list(sample.shape)
        shape[axis] = experiment.runs if "run" in axes else len(experiment.seeds)
        whole = np.full(shape, _blank(name, sample.dtype), dtype=sample.dtype)
        for runs, part in parts:
            rows = list(runs) if "run" in axes else [experiment.seeds.index(seeds[runs[0]])]
            np.moveaxis(whole, axis, 0)[rows] = np.moveaxis(part[name], axis, 0)
        arrays[name] = whole
    return Trajectory(experiment, arrays)


def _blank(name: str, dtype: np.dtype[Any]) -> float | int | bool:
    if name == "outcome":
        return UNFINISHED
    return np.nan if dtype.kind == "f" else 0
