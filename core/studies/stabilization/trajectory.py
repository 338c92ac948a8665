"""What is kept of networks that are followed past the edge of stability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.schedule import Every, Schedule
from core.studies.stabilization.experiment import Stabilization
from core.trajectory import Axes, Trajectory

AXES: Axes = {
    "loss": ("snapshot", "run"),
    "sharpness": ("snapshot", "run"),
    "displacement": ("snapshot", "run"),
    "crossed": ("run",),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; runs go through the amounts of noise, snapshots through every step from the edge on.

loss: mean over points of (f - y)^2 / 2; sharpness: S, the top eigenvalue of its Hessian; displacement: x = v.grad L /
S, v being the eigenvector, whose sign is kept from step to step; crossed: the step of training that is step 0 here, -1
where the edge was not reached. A diverged run is NaN from the snapshot on at which it was found so.
"""


@dataclass(frozen=True, eq=False)
class StabilizationTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Stabilization

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Every(1)
