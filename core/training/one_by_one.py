"""Networks that take all their steps, each measured by itself, and how those that diverge are found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.recording import AllStepsRecording
from core.training.all_steps import BLOWN_UP
from core.trajectory import DIVERGED, STEP_LIMIT


class OneByOneTraining:
    """Networks that take all their steps, or are not a number from where they are found to have diverged."""

    recording: AllStepsRecording

    @property
    def live(self) -> int:
        """How many runs still train."""
        return int(self.recording.unfinished.sum())

    def record(self, step: int) -> bool:
        """Record every run that still trains; note those that diverged, and at the last step that the others ended."""
        kept, unfinished = self.recording.arrays, self.recording.unfinished
        lost, snapshot = np.zeros(len(unfinished), bool), self.recording.snapshot(step)
        for run in np.flatnonzero(unfinished).tolist():
            with np.errstate(over="ignore", invalid="ignore"):
                found = self.measure(run, step)
            first = found["train_loss"] if step == 0 else kept["train_loss"][0, run]
            lost[run] = not found["train_loss"] < self.most(first)
            for name, value in found.items() if not lost[run] else ():
                kept[name][snapshot, run] = value
        ended = lost | (step == self.recording.steps[-1])
        self.recording.end(step, ended, np.where(lost, DIVERGED, STEP_LIMIT))
        return True

    def most(self, first: float) -> float:
        """Return the training loss from which on a run counts as diverged, finite or not, given its initial one."""
        return BLOWN_UP * first

    def measure(self, run: int, step: int) -> Mapping[str, Any]:
        """Return what is recorded of a run, by name: train_loss, and the rest if that is finite."""
        raise NotImplementedError
