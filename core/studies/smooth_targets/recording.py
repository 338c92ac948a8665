"""What is recorded of networks on smooth targets while they train: their errors."""

from __future__ import annotations

import numpy as np

from core.recording import EarlyEndRecording
from core.studies.smooth_targets.experiment import SmoothTargets
from core.studies.smooth_targets.trajectory import SmoothTargetsTrajectory
from core.trajectory import Array


class SmoothTargetsRecording(EarlyEndRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: SmoothTargets, runs: int) -> None:
        super().__init__(SmoothTargetsTrajectory, experiment, runs)
        moving = (len(self.steps), runs)
        self.arrays |= {
            "rms_error": np.full(moving, np.nan, np.float32),
            "fit_error": np.full(moving, np.nan, np.float32),
            "sup_error": np.full(runs, np.nan, np.float32),
        }

    def measured(self, step: int, run: int, rms: float, fit: float, largest: float) -> None:
        """Keep the errors of a run in the snapshot of `step` and, until it moves on, in every later one."""
        rows: Array = np.array([run])
        self.keep(step, rows, {"rms_error": np.array([rms]), "fit_error": np.array([fit])})
        self.arrays["sup_error"][run] = largest
