"""What is kept of networks over the phase plane: how far each is at every recorded step, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from core.schedule import Few, Schedule
from core.studies.phase_plane.experiment import PhaseCell, PhasePlane
from core.trajectory import Axes, Place, Trajectory

MEASURES = ("test_error", "train_error", "loss", "relative_weight_change", "kernel_change", "alignment")

AXES: Axes = {
    **dict.fromkeys(MEASURES, ("snapshot", "run")),
    "end_step": ("run",),
    "outcome": ("run",),
    "initial_kernel": ("seed", "size"),
}
"""The arrays and their axes; runs go through seeds, n_train, batch sizes, alphas and temperatures.

errors: shares, a point with F = 0 counting half; loss: mean hinge loss max(0, 1/alpha - y F); relative_weight_change:
|w - w0| / |w0|; kernel_change: |K - K0| / |K0| (Frobenius) of the tangent kernel of the first training points;
alignment: y K y / (|K| |y|^2) of the same; end_step: the step after which the run moved no more (fitted), was found
diverged, or was stopped; initial_kernel: Theta, the mean of K0's diagonal, for each training-set size. A run that has
ended keeps its last state in later snapshots; a diverged one is NaN from the snapshot on at which it was found so.
"""


@dataclass(frozen=True, eq=False)
class PhasePlaneTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: PhasePlane

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Few()

    @classmethod
    def places(cls, experiment: PhasePlane, runs: Sequence[int]) -> Mapping[str, Place]:
        """Return where a shard lies along the runs, and along seeds and sizes, of which it has one each."""
        cell = experiment.cells[runs[0]]
        return {
            "run": Place(experiment.runs, runs),
            "seed": Place(len(experiment.seeds), [experiment.seeds.index(cell.seed)]),
            "size": Place(len(experiment.n_train), [experiment.n_train.index(cell.n_train)]),
        }

    @cached_property
    def cells(self) -> tuple[PhaseCell, ...]:
        """Where each run lies, in the order of the run axis."""
        return self.experiment.cells
