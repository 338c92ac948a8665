"""What is recorded of gradient descent on two features: the responses and the loss, at every snapshot."""

from __future__ import annotations

import numpy as np

from core.recording import AllStepsRecording
from core.studies.strengths.experiment import Strengths
from core.studies.strengths.trajectory import StrengthTrajectory


class StrengthRecording(AllStepsRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: Strengths, runs: int) -> None:
        super().__init__(StrengthTrajectory, experiment, runs)
        self.arrays |= {
            "response": np.full((len(self.steps), runs, 2), np.nan),
            "loss": np.full((len(self.steps), runs), np.nan),
        }
