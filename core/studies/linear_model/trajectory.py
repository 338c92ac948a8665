"""What is kept of the study of linear models that overfit from three starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.schedule import Log, Schedule
from core.studies.linear_model.experiment import LinearModel
from core.trajectory import Axes, Trajectory

AXES: Axes = {
    "signal": ("snapshot", "run", "start"),
    "noise": ("snapshot", "run", "start"),
    "loss": ("snapshot", "run", "start"),
    "train_accuracy": ("snapshot", "run", "start"),
    "end_signal": ("run", "ratio", "start"),
    "end_noise": ("run", "ratio", "start"),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; runs go through the seeds, starts are `experiments.linear_model.STARTS`.

signal: w_1; noise: |w_z|; loss: mean over the training set of (f - y)^2 / 2; train_accuracy: share of training points
on the side of their noisy label, f = 0 counting half; end_signal, end_noise: of the interpolator nearest to the start,
at each of `every_ratio`. A run is fitted if all starts have every training label right at the last step; a diverged
one is NaN from the snapshot on at which it was found so.
"""


@dataclass(frozen=True, eq=False)
class LinearTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: LinearModel

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Log(1.1)
