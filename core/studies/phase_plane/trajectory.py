"""What is kept of networks over the phase plane: how far each is at every recorded step, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

import numpy as np

from core.schedule import few_steps
from core.studies.phase_plane.experiment import PhaseCell, PhasePlane
from core.trajectory import UNFINISHED, Array, Part, Trajectory

OUTCOMES = ("fitted", "step_limit", "diverged", "unfinished")

MEASURES = ("test_error", "train_error", "loss", "relative_weight_change", "kernel_change", "alignment")

AXES: Mapping[str, tuple[str, ...]] = {
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

    axes: ClassVar[Mapping[str, tuple[str, ...]]] = AXES
    outcomes: ClassVar[tuple[str, ...]] = OUTCOMES

    @classmethod
    def join(cls, experiment: PhasePlane, parts: Sequence[Part]) -> Self:
        """Put the arrays of several shards into one trajectory; runs that no shard has are unfinished.

        Args:
            parts: for each shard, its runs and its arrays; `initial_kernel` is (1, 1), of its own seed and size.
        """
        snapshots, runs = len(few_steps(experiment.step_limit)), experiment.runs
        arrays: dict[str, Array] = {name: np.full((snapshots, runs), np.nan, np.float32) for name in MEASURES}
        arrays["end_step"] = np.zeros(runs, np.int32)
        arrays["outcome"] = np.full(runs, UNFINISHED, np.int8)
        arrays["initial_kernel"] = np.full((len(experiment.seeds), len(experiment.n_train)), np.nan, np.float32)
        cells = experiment.cells
        for chosen, part in parts:
            cell = cells[chosen[0]]
            where = experiment.seeds.index(cell.seed), experiment.n_train.index(cell.n_train)
            arrays["initial_kernel"][where] = part["initial_kernel"][0, 0]
            for name in MEASURES:
                arrays[name][:, list(chosen)] = part[name]
            for name in ("end_step", "outcome"):
                arrays[name][list(chosen)] = part[name]
        return cls(experiment, arrays)

    @cached_property
    def steps(self) -> Array:
        """The recorded steps, (snapshot,)."""
        return np.array(few_steps(self.experiment.step_limit))

    @cached_property
    def cells(self) -> tuple[PhaseCell, ...]:
        """Where each run lies, in the order of the run axis."""
        return self.experiment.cells
