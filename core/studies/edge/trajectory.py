"""What is kept of networks at the edge of stability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from core.schedule import Every, Schedule
from core.studies.edge.experiment import Edge
from core.trajectory import Array, Axes, Trajectory

AXES: Axes = {
    "loss": ("snapshot", "run"),
    "sharpness": ("snapshot", "run"),
    "crossed": ("run",),
    "peak": ("run",),
    "rises": ("run", "side"),
    "counted": ("run", "side"),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; runs go through the learning rates, sides are before and after the crossing.

loss: mean over points of (f - y)^2 / 2; sharpness: the top eigenvalue of its Hessian; crossed: the first recorded step
with eta S > 2, -1 where there is none; peak: the largest loss of all steps; rises, counted: at how many steps the loss
rose, and how many there were. A diverged run is NaN from the snapshot on at which it was found so.
"""


@dataclass(frozen=True, eq=False)
class EdgeTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Edge

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Every(20)

    @classmethod
    def scheduled(cls, experiment: Any) -> Array:
        """Return the steps at which the sharpness is measured, which the experiment says, (snapshot,)."""
        return Every(experiment.every).steps(experiment.step_limit)
