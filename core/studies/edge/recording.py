"""What is recorded of networks at the edge of stability: loss and sharpness, and at how many steps the loss rose."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.recording import FollowedRecording
from core.studies.edge.experiment import Edge
from core.studies.edge.trajectory import EdgeTrajectory

Floats = NDArray[np.float64]


class EdgeRecording(FollowedRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: Edge, runs: int) -> None:
        super().__init__(EdgeTrajectory, experiment, runs)
        self.arrays |= {
            **{name: np.full((len(self.steps), runs), np.nan, np.float32) for name in ("loss", "sharpness")},
            "crossed": np.full(runs, -1, np.int32),
            "peak": np.zeros(runs),
            **{name: np.zeros((runs, 2), np.int32) for name in ("rises", "counted")},
        }
        self._last = np.full(runs, np.nan)

    def follow(self, step: int, loss: Floats) -> None:
        """Note the loss before a step of every run, (run,)."""
        side = (self.arrays["crossed"] >= 0).astype(int)
        with np.errstate(invalid="ignore"):
            rows = np.flatnonzero(np.isfinite(self._last) & np.isfinite(loss))
            self.arrays["rises"][rows, side[rows]] += (loss > self._last)[rows]
            self.arrays["counted"][rows, side[rows]] += 1
            self.arrays["peak"] = np.fmax(self.arrays["peak"], loss)
        self._last = loss

    def cross(self, step: int, stability: Floats) -> None:
        """Note eta S of every run at a recorded step, (run,)."""
        fresh = (stability > 2) & (self.arrays["crossed"] < 0)
        self.arrays["crossed"][fresh] = step
