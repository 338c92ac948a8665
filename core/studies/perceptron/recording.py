"""What is kept of perceptrons while they train: the end of each, and the way of those of the first seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.recording import Recording
from core.studies.perceptron.experiment import Perceptron
from core.studies.perceptron.trajectory import PerceptronTrajectory


@dataclass(frozen=True)
class End:
    """How a run ended."""

    outcome: int
    step: int
    events: int
    unfitted: int
    signal: float
    noise: float


class PerceptronRecording(Recording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: Perceptron, runs: Sequence[int]) -> None:
        count, watched = len(runs), sum(run < experiment.cells_a_seed for run in runs)
        super().__init__(PerceptronTrajectory, experiment, count)
        moving = (len(self.steps), watched)
        self.arrays |= {
            **{name: np.full(moving, np.nan, np.float32) for name in ("signal", "noise")},
            "unfitted": np.zeros(moving, np.int32),
            "direction": np.full((*moving, experiment.dimensions - 1), np.nan, np.float16),
            **{name: np.zeros(count, np.int64) for name in ("end_step", "events", "end_unfitted")},
            **{name: np.full(count, np.nan) for name in ("end_signal", "end_noise")},
        }

    def moved(self, place: int, path: NDArray[np.float64], direction: NDArray[np.float32]) -> None:
        """Keep the way of the shard's run at `place`: w_1, |w_perp|, unfitted in columns; and directions."""
        for column, name in enumerate(("signal", "noise", "unfitted")):
            self.arrays[name][:, place] = path[:, column]
        self.arrays["direction"][:, place] = direction

    def end(self, place: int, end: End) -> None:
        """Note how the shard's run at `place` ended."""
        self.arrays["outcome"][place], self.arrays["end_step"][place] = end.outcome, end.step
        self.arrays["events"][place], self.arrays["end_unfitted"][place] = end.events, end.unfitted
        self.arrays["end_signal"][place], self.arrays["end_noise"][place] = end.signal, end.noise
