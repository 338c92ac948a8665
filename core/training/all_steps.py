"""Networks of one stack that take all their steps, and how those that diverge are found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from core.recording import FollowedRecording
from core.training.recorded import RecordedTraining
from core.trajectory import STEP_LIMIT, Array

Floats = NDArray[Any]

BLOWN_UP = 1e6
"""A loss beyond so many times the initial one counts as diverged, finite or not."""


class Networks(Protocol):
    """Networks of one shape, stepped in place."""

    def step(self, rate: Floats) -> Floats:
        """Take one step at the learning rates (run,); return the loss before it, (run,)."""

    def loss(self) -> Floats:
        """Return the loss, (run,)."""

    def parameters(self) -> list[Floats]:
        """Return the weights, each with leading axis run."""


@dataclass(eq=False)
class AllStepsTraining(RecordedTraining):
    """Networks that take all their steps, or are not a number from where they are found to have diverged."""

    networks: Networks
    rate: NDArray[np.float64]  # (run,); 0 once a run has diverged
    recording: FollowedRecording
    first: Floats = field(init=False)  # (run,): the initial loss

    def __post_init__(self) -> None:
        self.first = self.networks.loss()

    def train(self, start: int, stop: int) -> None:
        """Take the steps from `start` up to `stop`."""
        for at in range(start, stop):
            self.take(at)

    def take(self, step: int) -> None:
        """Take one step."""
        self.recording.follow(step, self._known(self.networks.step(self.rate)))

    def record(self, step: int) -> bool:
        """Record every run; note those that diverged, and at the last step how the others ended."""
        with np.errstate(over="ignore", invalid="ignore"):
            loss = self._known(self.networks.loss())
            lost = ~(loss < BLOWN_UP * self.first)
        loss = np.where(lost, np.nan, loss)
        if step == self.recording.steps[-1]:
            self.recording.follow(int(step), loss)
        for weights in self.networks.parameters():
            weights[lost] = 0  # a state that is finite, and is not shown
        self.rate = np.where(lost, 0, self.rate)
        state = {name: np.where(lost, np.nan, values) for name, values in self.measure(step).items()}
        self.recording.write(step, loss=loss, **state)
        self.end(step, lost, self.ending(state))
        return True

    def measure(self, step: int) -> Mapping[str, Array]:
        """Return what is recorded of every run besides its loss, (run,) each; what it is of a lost one is not kept."""
        raise NotImplementedError

    def ending(self, state: Mapping[str, Array]) -> Array:
        """Return how runs end that have taken all their steps, (run,), from what was measured last."""
        return np.full(len(self.rate), STEP_LIMIT)

    def _known(self, loss: Floats) -> Floats:
        """Return the loss, (run,): NaN where a run has diverged."""
        return np.where(self.rate > 0, loss, np.nan)
