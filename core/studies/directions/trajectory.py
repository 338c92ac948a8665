"""What is kept of the study of directions: how every run ended, and the motion of the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.schedule import Log, Schedule
from core.studies.directions.experiment import Directions
from core.trajectory import OUTCOMES, Axes, Trajectory

AXES: Axes = {
    "step": ("snapshot",),
    "time": ("snapshot",),
    "loss": ("snapshot",),
    "directions": ("snapshot",),
    "effective_directions": ("snapshot",),
    "radius": ("snapshot", "neuron"),
    "angle": ("snapshot", "neuron"),
    "weight": ("snapshot", "neuron", "coordinate"),
    "sign": ("neuron",),
    "group": ("neuron",),
    "extremal": ("neuron", "coordinate"),
    "rate": ("neuron",),
    "point": ("point", "plane"),
    "label": ("point",),
    "outcome": ("run",),
    "end_step": ("run",),
    "end_time": ("run",),
    "end_loss": ("run",),
    "test_error": ("run",),
    "end_directions": ("run",),
    "end_directions_95": ("run",),
    "end_directions_999": ("run",),
    "end_effective_directions": ("run",),
    "active_units": ("run",),
    "end_radius": ("run", "neuron"),
    "end_sign": ("run", "neuron"),
}
"""The arrays and their axes; runs go through the training-set sizes, then the seeds. All that has no axis of runs is of
the first run.

radius: |a| |v|; angle: of v to the unit's extremal direction at f = 0, degrees, NaN where it has none; weight: (w1, w2,
b) where the inputs are two and a constant, else of no coordinates; sign: of a at the start; group: units of one number
have the same extremal direction, -1 for none; rate: s G there, at f = 0; point: (x1, x2) of the training set, of no
coordinates unless there are two; directions: clusters of the units that hold 99 % of the sum of radius, within cosine
0.99 (_95, _999: within 0.95 and 0.999); active_units: how many units those are.
"""


@dataclass(frozen=True, eq=False)
class DirectionTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Directions

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Log(1.1)
    """Of the first run, snapshots are recorded between these steps, too."""
    outcomes: ClassVar[tuple[str, ...]] = ("interpolated", *OUTCOMES[1:])

    @property
    def flat(self) -> bool:
        """Whether the inputs are two and a constant, so that a unit's kink is a line in the plane."""
        return bool(self["point"].shape[1])
