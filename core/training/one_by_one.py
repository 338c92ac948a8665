"""Networks that take all their steps, each measured by itself, and how those that diverge are found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.training.all_steps import BLOWN_UP
from core.training.recorded import RecordedTraining
from core.trajectory import STEP_LIMIT


class OneByOneTraining(RecordedTraining):
    """Networks that take all their steps, or are not a number from where they are found to have diverged."""

    def record(self, step: int) -> bool:
        """Record every run that still trains; note those that diverged, and at the last step how the others ended."""
        kept, runs = self.recording.arrays, len(self.recording.unfinished)
        lost, outcome, snapshot = np.zeros(runs, bool), np.full(runs, STEP_LIMIT), self.recording.snapshot(step)
        with np.errstate(over="ignore", invalid="ignore"):
            for run in self.unfinished:
                found = self.measure(run, step)
                lost[run] = self.lost(run, step, found)
                if lost[run]:
                    continue
                outcome[run] = self.outcome(found)
                for name, value in found.items():
                    kept[name][snapshot, run] = value
        self.end(step, lost, outcome)
        return True

    def lost(self, run: int, step: int, found: Mapping[str, Any]) -> bool:
        """Return whether a run has diverged, by what is measured of it: its training loss, finite or not."""
        loss = found["train_loss"]
        return bool(not loss < self.most(loss if step == 0 else self.recording.arrays["train_loss"][0, run]))

    def most(self, first: float) -> float:
        """Return the training loss from which on a run counts as diverged, finite or not, given its initial one."""
        return BLOWN_UP * first

    def outcome(self, found: Mapping[str, Any]) -> int:
        """Return how a run ends that has taken all its steps, by what is measured of it."""
        return STEP_LIMIT

    def measure(self, run: int, step: int) -> Mapping[str, Any]:
        """Return what is recorded of a run, by name: train_loss, and the rest if that is finite."""
        raise NotImplementedError
