"""What is recorded of networks at many learning rates: loss, curvature and dead units, snapshot by snapshot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.recording import FollowedRecording
from core.studies.catapult.experiment import Catapult
from core.studies.catapult.trajectory import CatapultTrajectory

Floats = NDArray[np.float64]


class CatapultRecording(FollowedRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: Catapult, learning_rate: Floats) -> None:
        runs = len(learning_rate)
        super().__init__(CatapultTrajectory, experiment, runs)
        self.arrays |= {
            **{name: np.full((len(self.steps), runs), np.nan, np.float32) for name in ("loss", "curvature", "dead")},
            "learning_rate": learning_rate,
            "peak": np.zeros(runs),
            "peak_step": np.zeros(runs, np.int32),
            "rises": np.zeros(runs, np.int32),
        }
        self._last = np.full(runs, np.inf)

    def follow(self, step: int, loss: Floats) -> None:
        """Note the loss before a step of every run, (run,): whether it has risen, and whether it was ever larger."""
        higher = loss > self.arrays["peak"]
        self.arrays["rises"] += loss > self._last
        self.arrays["peak"] = np.where(higher, loss, self.arrays["peak"])
        self.arrays["peak_step"] = np.where(higher, step, self.arrays["peak_step"]).astype(np.int32)
        self._last = loss
