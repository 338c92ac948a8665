"""What is recorded of networks past the edge of stability: loss, sharpness and displacement at every step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.recording import FollowedRecording
from core.studies.stabilization.experiment import Stabilization
from core.studies.stabilization.trajectory import StabilizationTrajectory


class StabilizationRecording(FollowedRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: Stabilization, runs: int, crossed: int) -> None:
        super().__init__(StabilizationTrajectory, experiment, runs)
        shape = (len(self.steps), runs)
        self.arrays |= {
            "loss": np.full(shape, np.nan, np.float32),
            "sharpness": np.full(shape, np.nan),  # its changes from step to step are small
            "displacement": np.full(shape, np.nan, np.float32),
            "crossed": np.full(runs, crossed, np.int32),
        }

    def follow(self, step: int, loss: NDArray[np.float64]) -> None:
        """Leave the loss between snapshots: every step is one."""
