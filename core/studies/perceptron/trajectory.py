"""What is kept of the study of the perceptron: how every run ended, and the way of those of the first seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.schedule import Log, Schedule
from core.studies.perceptron.experiment import Perceptron
from core.trajectory import Array, Axes, Place, Trajectory

AXES: Axes = {
    "signal": ("snapshot", "cell"),
    "noise": ("snapshot", "cell"),
    "unfitted": ("snapshot", "cell"),
    "direction": ("snapshot", "cell", "dimension"),
    "outcome": ("run",),
    "end_step": ("run",),
    "events": ("run",),
    "end_unfitted": ("run",),
    "end_signal": ("run",),
    "end_noise": ("run",),
}
"""The arrays and their axes; runs are `Perceptron.cells`, cells are those of the first seed, which come first.

signal: w_1; noise: |w_perp|; unfitted: training points with y f < kappa; direction: w_perp / |w_perp|, 0 where w is 0;
events: steps that moved the run. A run at its limit of events is `step_limit`; none can diverge, for a step is at most
learning_rate |x| / sqrt(d) long.
"""


@dataclass(frozen=True, eq=False)
class PerceptronTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Perceptron

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Log(1.25)

    @classmethod
    def scheduled(cls, experiment: Perceptron) -> Array:
        """Return the recorded steps, (snapshot,): to the number that a run at the limit of events takes at most, on
        average (one batch in P / B has the last unfitted point)."""
        most = experiment.event_limit * experiment.n_train[-1] // experiment.batch_size[0]
        return cls.schedule.steps(most)

    @classmethod
    def places(cls, experiment: Perceptron, runs: Sequence[int]) -> Mapping[str, Place]:
        """Return where the arrays of a shard lie along the runs, and along the cells of the first seed."""
        count = experiment.cells_a_seed
        return {"run": Place(experiment.runs, runs), "cell": Place(count, [run for run in runs if run < count])}
