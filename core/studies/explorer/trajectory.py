"""What is kept of a plane of the Explorer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np

from core.schedule import recorded_steps
from core.studies.explorer.experiment import Explorer
from core.trajectory import UNFINISHED, Array, Part, Trajectory

OUTCOMES = ("fitted", "step_limit", "diverged", "unfinished")

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
class PlaneTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment; the run axis goes through seeds, then alphas, then temperatures."""

    experiment: Explorer

    axes: ClassVar[Mapping[str, tuple[str, ...]]] = AXES
    outcomes: ClassVar[tuple[str, ...]] = OUTCOMES

    @classmethod
    def join(cls, experiment: Explorer, parts: Sequence[Part]) -> Self:
        """Put the arrays of several shards into one trajectory; runs that no shard has are unfinished.

        Args:
            parts: for each shard, its runs and its arrays; arrays without a run axis carry the seed axis of the shard's
                own seed (one row).
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
        return cls(experiment, arrays)

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


def cells(experiment: Explorer) -> tuple[Cell, ...]:
    """Return every cell of the plane in the order of the run axis: seed, then alpha, then temperature."""
    return tuple(
        Cell(alpha, temperature, seed)
        for seed in experiment.seeds
        for alpha in experiment.alphas
        for temperature in experiment.temperatures
    )


def _blank(name: str, dtype: np.dtype[Any]) -> float | int | bool:
    if name == "outcome":
        return UNFINISHED
    return np.nan if dtype.kind == "f" else 0
