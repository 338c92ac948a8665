"""What is kept of networks at many learning rates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.schedule import Log, Schedule
from core.studies.catapult.experiment import Catapult
from core.trajectory import Axes, Trajectory

AXES: Axes = {
    "loss": ("snapshot", "run"),
    "curvature": ("snapshot", "run"),
    "dead": ("snapshot", "run"),
    "learning_rate": ("run",),
    "peak": ("run",),
    "peak_step": ("run",),
    "rises": ("run",),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; runs go through the c that are trained.

loss: mean over training points of (f - y)^2 / 2; curvature: the top eigenvalue of the tangent kernel over n; dead: the
share of hidden units that no training point activates (ReLU). peak, peak_step: the largest loss of all steps, recorded
or not, and when it was; rises: at how many steps the loss rose. A diverged run is NaN from the snapshot on at which it
was found so; one all of whose units are dead is stationary.
"""


@dataclass(frozen=True, eq=False)
class CatapultTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Catapult

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Log(1.03)
