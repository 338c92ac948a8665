"""What is kept of networks of several depths while they train: N, the linear network's modes, and when N is there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.recording import AllStepsRecording
from core.studies.depths.experiment import Depths
from core.studies.depths.trajectory import DepthsTrajectory

Floats = NDArray[np.float64]


class DepthsRecording(AllStepsRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: Depths, runs: Sequence[int]) -> None:
        super().__init__(DepthsTrajectory, experiment, len(runs))
        self.rate = experiment.learning_rate
        self.end_logit = np.array([experiment.end_of(experiment.cells[run][1]) for run in runs])
        count = len(runs)
        self.arrays |= {
            "logit": np.full((len(self.steps), count), np.nan),
            "strength": np.full((len(self.steps), count, len(experiment.strengths)), np.nan),
            "end_time": np.full(count, np.nan),
        }

    def follow(self, step: int, path: Floats) -> None:
        """Note which runs reached their end between two recorded steps: `path` is N from `step` on, (step, run)."""
        there = path >= self.end_logit
        fresh = there.any(axis=0) & np.isnan(self.arrays["end_time"])
        after, run = np.maximum(np.argmax(there, axis=0), 1), np.arange(path.shape[1])
        before, beyond = path[after - 1, run], path[after, run]
        with np.errstate(divide="ignore", invalid="ignore"):
            part = (self.end_logit - before) / (beyond - before)
        self.arrays["end_time"][fresh] = ((step + after - 1 + part) * self.rate)[fresh]
