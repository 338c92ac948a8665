"""What is recorded of a plane of learning rates: loss, sharpness and test error, snapshot by snapshot."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.recording import EarlyEndRecording
from core.studies.rate_plane.experiment import RatePlane
from core.studies.rate_plane.trajectory import RatePlaneTrajectory
from core.trajectory import Array


class RatePlaneRecording(EarlyEndRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: RatePlane, runs: int, curvature: float) -> None:
        super().__init__(RatePlaneTrajectory, experiment, runs)
        moving = ("loss", "sharpness", "test_error")
        self.arrays |= {name: np.full((len(self.steps), runs), np.nan, np.float32) for name in moving}
        self.arrays["curvature"] = np.full(runs, curvature)

    def write(self, step: int, rows: Array, state: Mapping[str, Array]) -> None:
        """Keep the state of the runs `rows` in the snapshot of `step` and, until they move on, in every later one."""
        self.keep(step, rows, state)
