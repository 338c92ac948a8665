"""What is kept of a network on two moons while it trains: the decision boundary and its measures."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from core.recording import AllStepsRecording
from core.studies.boundaries.experiment import Boundaries
from core.studies.boundaries.trajectory import ROWS, BoundaryTrajectory

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class VariantState:
    """One network at a step."""

    boundary: Floats  # (row,)
    residual: float
    distance: float
    mean_logit: float
    loss: float
    accuracy: float


class VariantRecording(AllStepsRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: Boundaries, runs: int) -> None:
        super().__init__(BoundaryTrajectory, experiment, runs)
        moving = (len(self.steps), runs)
        numbers = ("residual", "distance", "mean_logit", "loss", "accuracy")
        self.arrays |= {
            "boundary": np.full((*moving, ROWS), np.nan, np.float16),
            **{name: np.full(moving, np.nan, np.float32) for name in numbers},
        }

    def write_run(self, step: int, run: int, now: VariantState) -> None:
        """Keep a state of one run in the snapshot of `step`, which is a recorded one."""
        for name, value in asdict(now).items():
            self.arrays[name][self.snapshot(step), run] = value
