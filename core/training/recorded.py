"""What trainings have in common that go from recorded step to recorded step: who still trains, and how runs end."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.recording import AllStepsRecording
from core.trajectory import DIVERGED, STEP_LIMIT


class RecordedTraining:
    """Runs that take all their steps, or are not a number from where they are found to have diverged."""

    recording: AllStepsRecording

    @property
    def live(self) -> int:
        """How many runs still train."""
        return int(self.recording.unfinished.sum())

    @property
    def unfinished(self) -> list[int]:
        """The runs that still train."""
        return np.flatnonzero(self.recording.unfinished).tolist()

    def advance(self, step: int) -> int:
        """Train up to the next recorded step and return it."""
        to = self.recording.after(step)
        with np.errstate(over="ignore", invalid="ignore"):  # a diverging run is found at the next recorded step
            self.train(step, to)
        return to

    def train(self, start: int, stop: int) -> None:
        """Take the steps from `start` up to `stop`."""
        raise NotImplementedError

    def end(self, step: int, lost: NDArray[np.bool_], outcome: NDArray[Any] | int = STEP_LIMIT) -> None:
        """Note at a recorded step which runs have diverged, (run,), and at the last one how the others ended."""
        last = step == self.recording.steps[-1]
        self.recording.end(step, lost | last, np.where(lost, DIVERGED, outcome))
