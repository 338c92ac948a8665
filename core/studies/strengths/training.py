"""Gradient descent on two features of a linearised network, all strengths and both penalties in one stack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit  # type: ignore[import-untyped]

from core.datasets import Source
from core.studies.strengths.experiment import Strengths
from core.studies.strengths.recording import StrengthRecording
from core.studies.strengths.theory import mixing
from core.training.recorded import RecordedTraining

Floats = NDArray[np.float64]

BLOWN_UP = 1e9
"""A response beyond this counts as diverged, finite or not."""


def begin(experiment: Strengths, runs: Sequence[int], source: Source, device: str) -> StrengthTraining:
    """Return some runs at theta = 0; on the CPU, and with no files."""
    cells = [experiment.cells[run] for run in runs]
    strengths = np.array([[first, experiment.second] for first, _ in cells])
    return StrengthTraining(
        experiment=experiment,
        strengths=strengths,
        ridge=np.array([[experiment.ridge * (penalty == "ridge")] for _, penalty in cells]),
        decoupling=np.array([[experiment.decoupling * (penalty != "ridge")] for _, penalty in cells]),
        u=mixing(experiment.angle),
        theta=np.zeros_like(strengths),
        recording=StrengthRecording(experiment, len(runs)),
    )


@dataclass
class StrengthTraining(RecordedTraining):
    """Gradient descent on theta of some runs, with V = 1 (any V gives the same responses) and Y yhat = U S theta."""

    experiment: Strengths
    strengths: Floats  # (run, feature)
    ridge: Floats  # (run, 1): lambda on |theta|^2, 0 for Spectral Decoupling
    decoupling: Floats  # (run, 1): lambda on |yhat|^2, 0 for ridge
    u: Floats  # (sample, feature)
    theta: Floats  # (run, feature)
    recording: StrengthRecording

    def train(self, start: int, stop: int) -> None:
        """Take the steps from `start` up to `stop`."""
        rate, s, u = self.experiment.learning_rate, self.strengths, self.u
        for _ in range(start, stop):
            margin = (s * self.theta) @ u.T  # (run, sample): Y yhat
            self.theta += rate * (s * ((expit(-margin) - self.decoupling * margin) @ u) - self.ridge * self.theta)

    def record(self, step: int) -> bool:
        """Record every run; note those that diverged, and at the last step that the others ended."""
        with np.errstate(invalid="ignore"):
            lost = ~(np.abs(self.strengths * self.theta).max(axis=1) < BLOWN_UP)
            self.theta[lost] = np.nan
            response = self.strengths * self.theta
            loss = np.logaddexp(0, -response @ self.u.T).sum(axis=1)
        self.recording.write(step, response=response, loss=loss)
        self.end(step, lost)
        return True
