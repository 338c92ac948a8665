"""What is kept of a game of two players."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.schedule import Schedule
from core.studies.game.experiment import Game
from core.trajectory import Axes, Trajectory

MEASURES = ("place", "logit_data", "logit_made", "gradient")
"""What is recorded of every game at every snapshot."""

AXES: Axes = {
    **dict.fromkeys(MEASURES, ("snapshot", "run")),
    "half_step": ("run",),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; runs as in `Game`.

place: theta; logit_data, logit_made: D at the data and at theta; gradient: minus the derivative of the generator's loss
in theta, which is above 0 where it is drawn to the data; half_step: first step of the generator with theta >= 0, NaN if
there was none.
"""


@dataclass(frozen=True, eq=False)
class GameTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Game

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Schedule.log(120)
