"""What is kept of the networks of two modes while they train."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.recording import AllStepsRecording
from core.studies.modes.experiment import MODES, Modes
from core.studies.modes.trajectory import MODELS, THRESHOLDS, ModesTrajectory
from core.theory.modes import soft_error

Floats = NDArray[np.float64]


class ModesRecording(AllStepsRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: Modes, losses: tuple[str, ...]) -> None:
        super().__init__(ModesTrajectory, experiment, len(losses))
        self.rate = experiment.learning_rate
        self.hinge = np.array([loss == "hinge" for loss in losses])
        runs, each = len(losses), (len(losses), len(MODELS), len(MODES))
        units = (len(self.steps), runs, experiment.width)
        self.arrays |= {
            "logit": np.full((len(self.steps), *each), np.nan),
            "first": np.full(units, np.nan, np.float32),
            "head": np.full(units, np.nan, np.float32),
            "crossing": np.full((*each, len(THRESHOLDS)), np.nan),
            "zero_step": np.full(each, -1, np.int32),
            "steepest_time": np.full(each, np.nan),
            "steepest_error": np.full(each, np.nan),
        }
        self._fall = np.zeros(each)

    def follow(self, step: int, path: Floats) -> None:
        """Note what happened between two recorded steps: `path` is sN from `step` on, (step, run, model, mode)."""
        for place, threshold in enumerate(THRESHOLDS):
            self._crossed(step, path, place, threshold)
        fresh = (self.arrays["zero_step"] < 0) & (path >= 1).any(axis=0) & self.hinge[:, None, None]
        self.arrays["zero_step"][fresh] = step + np.argmax(path >= 1, axis=0)[fresh]
        self._steepest(step, path)

    def _crossed(self, step: int, path: Floats, place: int, threshold: float) -> None:
        crossing = self.arrays["crossing"][..., place]
        above = path >= threshold
        fresh = np.isnan(crossing) & above.any(axis=0)
        if not fresh.any():
            return
        after = np.argmax(above, axis=0)
        before = np.maximum(after - 1, 0)
        low, high = (np.take_along_axis(path, at[None], 0)[0] for at in (before, after))
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.where(after > 0, (threshold - low) / (high - low), 0.0)
        crossing[fresh] = ((step + before + part) * self.rate)[fresh]

    def _steepest(self, step: int, path: Floats) -> None:
        error = soft_error(path)
        fall = error[:-1] - error[1:]
        at = np.argmax(fall, axis=0)[None]
        most = np.take_along_axis(fall, at, 0)[0]
        middle = np.take_along_axis((error[:-1] + error[1:]) / 2, at, 0)[0]
        fresh = most > self._fall
        self._fall[fresh] = most[fresh]
        self.arrays["steepest_time"][fresh] = ((step + at[0] + 0.5) * self.rate)[fresh]
        self.arrays["steepest_error"][fresh] = middle[fresh]
