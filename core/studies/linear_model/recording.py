"""What is kept of linear models while they train: w_1, |w_z| and the training set, snapshot by snapshot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.recording import AllStepsRecording
from core.studies.linear_model.experiment import STARTS, LinearModel
from core.studies.linear_model.trajectory import LinearTrajectory

Floats = NDArray[np.float64]


class LinearRecording(AllStepsRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: LinearModel, end_signal: Floats, end_noise: Floats) -> None:
        super().__init__(LinearTrajectory, experiment, len(end_signal))
        runs = len(end_signal)
        moving = (len(self.steps), runs, len(STARTS))
        self.arrays |= {
            **{name: np.full(moving, np.nan) for name in ("signal", "noise", "loss", "train_accuracy")},
            "end_signal": end_signal,
            "end_noise": end_noise,
        }
