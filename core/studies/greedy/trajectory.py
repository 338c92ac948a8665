"""What is kept of networks that are built unit by unit, and of those beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.schedule import Schedule
from core.studies.greedy.experiment import Greedy
from core.trajectory import OUTCOMES, Axes, Trajectory

MOVING = ("loss", "directions", "units")
"""What is recorded of every run at every snapshot."""

AXES: Axes = {
    **dict.fromkeys(MOVING, ("snapshot", "run")),
    "outcome": ("run",),
    "end_step": ("run",),
    "end_loss": ("run",),
    "test_error": ("run",),
    "agreement": ("run",),
    "distance": ("run",),
    "rest_step": ("run", "added"),
    "rest_loss": ("run", "added"),
}
"""The arrays and their axes; runs as in `Greedy`.

loss: over that of f = 0; directions: clusters of the units that hold 99 % of sum |a| |v|, of one sign and within cosine
0.99; units: how many there are; agreement: share of test points to which both networks of a training set give the same
sign; distance: root mean square over test points of the difference of their outputs, over that of the descent's output;
rest_step, rest_loss: at which step and loss unit 1, 2, ... was added, of networks built greedily; NaN or -1 elsewhere.
"""


@dataclass(frozen=True, eq=False)
class GreedyTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Greedy

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Schedule.log(120)
    outcomes: ClassVar[tuple[str, ...]] = ("interpolated", *OUTCOMES[1:])
