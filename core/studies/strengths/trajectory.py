"""What is kept of the study of two features of a linearised network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.schedule import Log, Schedule
from core.studies.strengths.experiment import Strengths
from core.trajectory import Axes, Trajectory

AXES: Axes = {
    "response": ("snapshot", "run", "feature"),
    "loss": ("snapshot", "run"),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; runs go through the strengths s_1, and through `PENALTIES` for each.

response: z = U^T Y yhat; loss: the sum of log(1 + exp(-Y yhat)) without its penalty. A diverged run is NaN from the
snapshot on at which it was found so.
"""


@dataclass(frozen=True, eq=False)
class StrengthTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Strengths

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Log()
