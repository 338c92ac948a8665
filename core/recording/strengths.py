"""What is kept of descents on two features: the responses and the loss, snapshot by snapshot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.experiments import Strengths
from core.trajectory import UNFINISHED, Array
from core.trajectory.strengths import snapshots

Floats = NDArray[np.float64]


class StrengthRecording:
    """The arrays of one bank's runs (see `trajectory.strengths.AXES`)."""

    def __init__(self, experiment: Strengths, runs: int) -> None:
        self.steps = snapshots(experiment)
        self.arrays: dict[str, Array] = {
            "response": np.full((len(self.steps), runs, 2), np.nan),
            "loss": np.full((len(self.steps), runs), np.nan),
            "outcome": np.full(runs, UNFINISHED, np.int8),
            "end_step": np.zeros(runs, np.int32),
        }

    @property
    def unfinished(self) -> NDArray[np.bool_]:
        """Whether each run still trains, (run,)."""
        return np.asarray(self.arrays["outcome"] == UNFINISHED)

    def write(self, step: int, response: Floats, loss: Floats) -> None:
        """Keep responses (run, feature) and losses (run,) in the snapshot of `step`, which is a recorded one."""
        at = int(np.searchsorted(self.steps, step))
        self.arrays["response"][at], self.arrays["loss"][at] = response, loss

    def end(self, step: int, ended: NDArray[np.bool_], outcome: NDArray[np.int64]) -> None:
        """Note how those of `ended` that still trained ended, (run,) both."""
        fresh = ended & self.unfinished
        self.arrays["outcome"][fresh], self.arrays["end_step"][fresh] = outcome[fresh], step
