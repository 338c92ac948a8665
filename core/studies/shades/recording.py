"""What is recorded of networks on a spurious brightness cue: how many images they get right, at every snapshot."""

from __future__ import annotations

import numpy as np

from core.recording import AllStepsRecording
from core.studies.shades.experiment import PENALTIES, SHADES, Shades
from core.studies.shades.trajectory import ShadeTrajectory


class ShadeRecording(AllStepsRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: Shades, runs: int) -> None:
        super().__init__(ShadeTrajectory, experiment, runs)
        moving = (len(self.steps), runs, len(experiment.p), len(PENALTIES))
        self.arrays |= {
            "accuracy": np.full((*moving, len(SHADES)), np.nan),
            "train_accuracy": np.full(moving, np.nan),
            "loss": np.full(moving, np.nan),
        }
