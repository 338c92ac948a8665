"""What is kept of a plane of learning rates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.schedule import Every, Log, Schedule
from core.studies.rate_plane.experiment import RatePlane
from core.trajectory import Axes, Trajectory

AXES: Axes = {
    "loss": ("snapshot", "run"),
    "sharpness": ("snapshot", "run"),
    "test_error": ("snapshot", "run"),
    "curvature": ("run",),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; runs go through the alphas, at each of them through the learning rates and gradient flow.

loss: over the initial one; sharpness: the top eigenvalue of the Hessian of the mean over points of
(F - y / alpha)^2 / 2; test_error: share of test points, F = 0 counting half; curvature: lambda_0, that of all runs.
A run that has ended keeps its last state in later snapshots; a diverged one is NaN from the snapshot on at which it was
found so.
"""

SCHEDULE = Log() | Every(100)


@dataclass(frozen=True, eq=False)
class RatePlaneTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: RatePlane

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = SCHEDULE

    def run(self, alpha: float, c: float) -> int:
        """Return the run of a cell; c is 0 along gradient flow."""
        return self.experiment.cells.index((alpha, c))
