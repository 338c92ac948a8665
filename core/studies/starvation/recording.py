"""What is kept of the three models in which a feature starves: their logits, and when each had learned them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.recording import AllStepsRecording
from core.studies.starvation.experiment import MODELS, Starvation
from core.studies.starvation.trajectory import StarvationTrajectory

Floats = NDArray[np.float64]


class StarvationRecording(AllStepsRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: Starvation, runs: int) -> None:
        super().__init__(StarvationTrajectory, experiment, runs)
        cases = (runs, len(MODELS), len(experiment.frequencies))
        self.arrays |= {
            "logit": np.full((len(self.steps), *cases, 2), np.nan),
            "reached": np.full((*cases, 2), np.nan),
            "stop_time": np.full(cases, np.nan),
            "stop_logit": np.full((*cases, 2), np.nan),
        }

    def stop(self, model: int, time: float, logit: Floats, stopped: NDArray[np.bool_]) -> None:
        """Note which models have learned them; logit (run, frequency, feature), stopped (run, frequency)."""
        self.arrays["stop_time"][:, model][stopped] = time
        self.arrays["stop_logit"][:, model][stopped] = logit[stopped]

    def reach(self, model: int, time: float, reached: NDArray[np.bool_]) -> None:
        """Record which logits have reached the level, (run, frequency, feature)."""
        self.arrays["reached"][:, model][reached] = time
