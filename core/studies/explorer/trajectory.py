"""What is kept of a plane of the Explorer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from core.schedule import Log, Schedule
from core.studies.explorer.experiment import Explorer
from core.trajectory import Axes, Place, Trajectory

AXES: Axes = {
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

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Log()

    @classmethod
    def places(cls, experiment: Explorer, runs: Sequence[int]) -> Mapping[str, Place]:
        """Return where the arrays of a shard lie along the runs, and along the seeds: its runs share one."""
        seed = experiment.seeds.index(cells(experiment)[runs[0]].seed)
        return {"run": Place(experiment.runs, runs), "seed": Place(len(experiment.seeds), [seed])}

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
