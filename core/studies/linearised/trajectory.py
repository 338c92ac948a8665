"""What is kept of networks and of their linearisations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.schedule import Few, Schedule
from core.studies.linearised.experiment import Linearised
from core.trajectory import Axes, Trajectory

OF_NETWORK = ("test_error", "relative_weight_change")
OF_LINEARISED = ("linearised_test_error", "linearised_weight_change")

AXES: Axes = {
    **dict.fromkeys(("agreement", *OF_NETWORK, *OF_LINEARISED), ("snapshot", "run")),
    "outcome": ("run",),
    "end_step": ("run",),
    "linearised_outcome": ("run",),
    "linearised_end_step": ("run",),
}
"""The arrays of the study and their axes.

agreement: share of test points that both put in one class, each in its state at that step or, once it has ended, in its
last; errors: shares of test points, a point with F = 0 counting half; weight changes: |w - w0| / |w0|. `outcome` and
`end_step` are the network's. A network that diverged is NaN from the snapshot on at which it was found so, as is its
agreement; its linearisation goes on.
"""


@dataclass(frozen=True, eq=False)
class LinearisedTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Linearised

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Few(24)
