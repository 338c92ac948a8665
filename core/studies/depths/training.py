"""Networks of one depth in training, under every loss and from every start, and linear ones beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.datasets import Source
from core.studies.depths.aligned import LinearNetwork, one_mode
from core.studies.depths.experiment import COMPARED, Depths
from core.studies.depths.recording import DepthsRecording
from core.training.descent import Networks, Points
from core.training.recorded import RecordedTraining
from core.trajectory import FITTED, STEP_LIMIT

Floats = NDArray[np.float64]

BLOWN_UP = 1e6
"""A logit beyond this counts as diverged, finite or not."""


def begin(experiment: Depths, runs: Sequence[int], source: Source, device: str) -> DepthsTraining:
    """Return the networks of one depth at step 0; on the CPU, and with no files."""
    depth = experiment.cells[runs[0]][0]
    drawn = [one_mode(experiment, depth) for _ in COMPARED]
    return DepthsTraining(
        experiment=experiment,
        points=drawn[0][0],
        networks=[networks for _, networks in drawn],
        linear=LinearNetwork.aligned(experiment, depth),
        recording=DepthsRecording(experiment, runs),
    )


@dataclass
class DepthsTraining(RecordedTraining):
    """All runs of a depth. They take all their steps; one that is found diverged is not a number from then on."""

    experiment: Depths
    points: Points
    networks: list[Networks]  # (loss,), of all starts each
    linear: LinearNetwork  # of all starts
    recording: DepthsRecording
    done: dict[int, Floats] = field(default_factory=dict)
    """By the place of a loss, N where it is and stays, (start,)."""

    def train(self, start: int, stop: int) -> None:
        """Take the steps from `start` up to `stop`."""
        rate = self.experiment.learning_rate
        path = np.empty((stop - start + 1, len(COMPARED), len(self.experiment.starts)))
        for at in range(stop - start):
            for place, (loss, networks) in enumerate(zip(COMPARED, self.networks, strict=True)):
                if place in self.done:
                    path[at, place] = self.done[place]
                    continue
                path[at, place] = networks.step(self.points, loss, rate)[:, 0]
                if loss == "hinge" and (path[at, place] >= 1).all():  # without a gradient from here on
                    self.done[place] = path[at, place].copy()
            self.linear.step(rate)
        path[-1] = self._logits()
        self.recording.follow(start, path.reshape(len(path), -1))

    def record(self, step: int) -> bool:
        """Record every run; note those that diverged, and at the last step how the others ended."""
        with np.errstate(over="ignore", invalid="ignore"):
            logit = self._logits()  # (loss, start)
            lost = ~(np.abs(logit) < BLOWN_UP)
            logit[lost] = np.nan
            for place, networks in enumerate(self.networks):
                networks.head[lost[place]] = np.nan
            strength = np.full((*logit.shape, len(self.experiment.strengths)), np.nan)
            strength[COMPARED.index("squared")] = self._strengths()
        self.recording.write(step, logit=logit.ravel(), strength=strength.reshape(logit.size, -1))
        with np.errstate(invalid="ignore"):  # steps too large can throw a network back, and switch it off
            there = logit.ravel() >= self.recording.end_logit
        self.end(step, lost.ravel(), np.where(there, FITTED, STEP_LIMIT))
        return True

    def _logits(self) -> Floats:
        return np.stack([networks.logits(self.points.x)[:, 0] for networks in self.networks])

    def _strengths(self) -> Floats:
        """Return those of the linear networks, (start, mode); one that diverged is not a number from then on."""
        found = self.linear.strengths()
        lost = ~(np.abs(found).max(axis=1) < BLOWN_UP)
        self.linear.layers[0][lost] = np.nan
        return np.where(lost[:, None], np.nan, found)
