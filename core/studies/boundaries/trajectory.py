"""What is kept of the ten variants of training on two moons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.observables.boundary import rows
from core.schedule import Schedule
from core.studies.boundaries.experiment import Boundaries
from core.trajectory import Array, Axes, Trajectory

REACH, ROWS = 2.0, 32
"""The boundary is kept in the middle of ROWS rows, from -REACH to REACH in x2."""
SNAPSHOTS = 30

AXES: Axes = {
    "boundary": ("snapshot", "run", "row"),
    "residual": ("snapshot", "run"),
    "distance": ("snapshot", "run"),
    "mean_logit": ("snapshot", "run"),
    "loss": ("snapshot", "run"),
    "accuracy": ("snapshot", "run"),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; runs go through `VARIANTS`, and the seeds for each.

boundary: x1 where the logit is 0, on the rows, NaN where it is not, in half precision; residual, distance: of that
boundary before it was rounded (see `core.observables.boundary`); mean_logit: of |f|; loss: mean log(1 + exp(-y f)),
without a penalty; accuracy: share of training points on the side of their label. All are of the network as it predicts:
nothing dropped, batch normalization by its running means. Of the network on
turned points the boundary is turned back.
"""


def centres() -> Array:
    """Return the coordinates of the rows, ascending, (row,)."""
    return rows(ROWS, REACH)


@dataclass(frozen=True, eq=False)
class BoundaryTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Boundaries

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Schedule.log(SNAPSHOTS)

    def run(self, variant: str, seed: int) -> int:
        """Return the number of a run."""
        return self.experiment.cells.index((variant, seed))
