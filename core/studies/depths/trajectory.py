"""What is kept of the study of depth and the loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.schedule import Power, Schedule
from core.studies.depths.experiment import Depths
from core.trajectory import Axes, Trajectory

AXES: Axes = {
    "logit": ("snapshot", "run"),
    "strength": ("snapshot", "run", "mode"),
    "end_time": ("run",),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; runs go through `Depths.cells`, modes through its `strengths`.

logit: N; strength: of the linear network's modes, NaN where the loss is not squared; end_time: when N came to `end_of`
the loss, between two steps by the chord, NaN if it did not. A run that is there at the last step is fitted; a
diverged one is NaN from the snapshot on at which it was found so.
"""


@dataclass(frozen=True, eq=False)
class DepthsTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Depths

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Power(150, 2)
    """Early steps are closer, for some networks learn in a fiftieth of the time."""
