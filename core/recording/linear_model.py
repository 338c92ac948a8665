"""What is kept of linear models while they train: w_1, |w_z| and the training set, snapshot by snapshot."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from core.experiments import LinearModel
from core.experiments.linear_model import STARTS
from core.trajectory import UNFINISHED, Array
from core.trajectory.linear_model import snapshots

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LinearState:
    """Models at a step, (run, start) each."""

    signal: Floats
    noise: Floats
    loss: Floats
    train_accuracy: Floats


class LinearRecording:
    """The arrays of one bank's runs (see `trajectory.linear_model.AXES`)."""

    def __init__(self, experiment: LinearModel, end_signal: Floats, end_noise: Floats) -> None:
        self.steps = snapshots(experiment)
        runs = len(end_signal)
        moving = (len(self.steps), runs, len(STARTS))
        self.arrays: dict[str, Array] = {
            **{name: np.full(moving, np.nan) for name in ("signal", "noise", "loss", "train_accuracy")},
            "end_signal": end_signal,
            "end_noise": end_noise,
            "outcome": np.full(runs, UNFINISHED, np.int8),
            "end_step": np.zeros(runs, np.int32),
        }

    @property
    def unfinished(self) -> NDArray[np.bool_]:
        """Whether each run still trains, (run,)."""
        return np.asarray(self.arrays["outcome"] == UNFINISHED)

    def write(self, step: int, now: LinearState) -> None:
        """Keep a state in the snapshot of `step`, which is a recorded one."""
        for name, values in asdict(now).items():
            self.arrays[name][np.searchsorted(self.steps, step)] = values

    def end(self, step: int, ended: NDArray[np.bool_], outcome: NDArray[np.int64]) -> None:
        """Note how those of `ended` that still trained ended, (run,) both."""
        fresh = ended & self.unfinished
        self.arrays["outcome"][fresh], self.arrays["end_step"][fresh] = outcome[fresh], step
