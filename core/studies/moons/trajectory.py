"""What is kept of the study of two moons at a margin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.observables.boundary import rows
from core.schedule import Log, Schedule
from core.studies.moons.experiment import Moons
from core.trajectory import Array, Axes, Trajectory

REACH, CELLS = 2.0, 32
"""The logits are kept at the centres of CELLS x CELLS cells, from -REACH to REACH in both inputs."""
COMPONENTS = (1, 6)
"""The responses kept, by the number of their eigenvector, the strongest being 0."""

AXES: Axes = {
    "point": ("run", "sample", "input"),
    "label": ("run", "sample"),
    "logit": ("snapshot", "run", "row", "column"),
    "boundary": ("snapshot", "run", "row"),
    "residual": ("snapshot", "run"),
    "distance": ("snapshot", "run"),
    "mean_logit": ("snapshot", "run"),
    "response": ("snapshot", "run", "component"),
    "loss": ("snapshot", "run"),
    "accuracy": ("snapshot", "run"),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; runs go through the margins, `PENALTIES` for each, and the seeds.

point, label: the training set; logit: on the grid, in half precision; boundary: x1 where the logit is 0, on the grid's
rows, NaN where it is not; residual, distance: of that boundary (see `boundary`); mean_logit: of |f|;
response: yhat . u for eigenvectors u of the tangent kernel at step 0 (`COMPONENTS`); loss: mean log(1 + exp(-y f)),
without its penalty; accuracy: share of training points on the side of their label. A run is fitted if that is 1 at the
last step; a diverged one is NaN from the snapshot on at which it was found so.
"""


def centres() -> Array:
    """Return the coordinates of the grid's rows, and of its columns, ascending, (row,)."""
    return rows(CELLS, REACH)


@dataclass(frozen=True, eq=False)
class MoonTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Moons

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Log()

    def run(self, margin: float, penalty: str, seed: int) -> int:
        """Return the number of a run."""
        return self.experiment.cells.index((margin, penalty, seed))
