"""What is kept of descents on two features: the responses and the loss, snapshot by snapshot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.recording import Recording
from core.studies.strengths.experiment import Strengths
from core.studies.strengths.trajectory import snapshots

Floats = NDArray[np.float64]


class StrengthRecording(Recording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: Strengths, runs: int) -> None:
        super().__init__(snapshots(experiment), runs)
        self.arrays |= {
            "response": np.full((len(self.steps), runs, 2), np.nan),
            "loss": np.full((len(self.steps), runs), np.nan),
        }

    def write(self, step: int, response: Floats, loss: Floats) -> None:
        """Keep responses (run, feature) and losses (run,) in the snapshot of `step`, which is a recorded one."""
        at = int(np.searchsorted(self.steps, step))
        self.arrays["response"][at], self.arrays["loss"][at] = response, loss
