"""What is kept of linear models while they train: w_1, |w_z| and the training set, snapshot by snapshot."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from core.recording import Recording
from core.studies.linear_model.experiment import STARTS, LinearModel
from core.studies.linear_model.trajectory import snapshots

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LinearState:
    """Models at a step, (run, start) each."""

    signal: Floats
    noise: Floats
    loss: Floats
    train_accuracy: Floats


class LinearRecording(Recording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: LinearModel, end_signal: Floats, end_noise: Floats) -> None:
        super().__init__(snapshots(experiment), len(end_signal))
        runs = len(end_signal)
        moving = (len(self.steps), runs, len(STARTS))
        self.arrays |= {
            **{name: np.full(moving, np.nan) for name in ("signal", "noise", "loss", "train_accuracy")},
            "end_signal": end_signal,
            "end_noise": end_noise,
        }

    def write(self, step: int, now: LinearState) -> None:
        """Keep a state in the snapshot of `step`, which is a recorded one."""
        for name, values in asdict(now).items():
            self.arrays[name][np.searchsorted(self.steps, step)] = values
