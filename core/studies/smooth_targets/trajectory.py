"""What is kept of networks on smooth targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.schedule import Few, Schedule
from core.studies.smooth_targets.experiment import SmoothTargets
from core.trajectory import OUTCOMES, Axes, Trajectory

AXES: Axes = {
    "rms_error": ("snapshot", "run"),
    "fit_error": ("snapshot", "run"),
    "sup_error": ("run",),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; runs go through `SmoothTargets.cells`.

rms_error: root of the mean of (f - target)^2 over `targets.PLACES`; fit_error: over the training points; sup_error: the
largest |f - target| over these places, at the end. A run that has ended keeps its errors; a diverged one is NaN from
then on.
"""


@dataclass(frozen=True, eq=False)
class SmoothTargetsTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: SmoothTargets

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Few(34)
    outcomes: ClassVar[tuple[str, ...]] = ("interpolated", *OUTCOMES[1:])
