"""What is kept of a shard of ensembles while it trains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.datasets import Task
from core.recording import EarlyEndRecording, error, rounded
from core.studies.ensembles.experiment import Ensembles, Member
from core.studies.ensembles.trajectory import EnsemblesTrajectory
from core.trajectory import DIVERGED, Array

OUTPUT_BITS = 6
"""Bits kept of an output's fraction: an error of 1/450 of its value, far below what it varies by between
initializations."""


class EnsemblesRecording(EarlyEndRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`), filled snapshot by snapshot."""

    def __init__(self, experiment: Ensembles, places: Sequence[Member], task: Task) -> None:
        super().__init__(EnsemblesTrajectory, experiment, len(places))
        self.test_labels = task.test_labels
        self.alphas = np.array([place.alpha for place in places], np.float32)
        self.arrays["test_error"] = np.full((len(self.steps), len(places)), np.nan, np.float32)
        self.arrays["relative_weight_change"] = np.full(len(places), np.nan, np.float32)
        self.arrays["output"] = np.full((len(places), len(task.test_labels)), np.nan, np.float32)
        self.arrays["test_label"] = task.test_labels[None] > 0

    def write(self, step: int, rows: Array, state: Mapping[str, Array]) -> None:
        """Keep the state of the runs `rows` in the snapshot of `step` and, until they move on, in every later one."""
        self.keep(step, rows, {"test_error": error(state["test_output"], self.test_labels)})
        self.arrays["relative_weight_change"][rows] = state["relative_weight_change"]
        self.arrays["output"][rows] = rounded(self.alphas[rows, None] * state["test_output"], OUTPUT_BITS)

    def end(self, rows: Array, outcomes: Array, end_steps: Array) -> None:
        """Note how and when `rows` ended; a diverged run has no last state."""
        super().end(rows, outcomes, end_steps)
        for name in ("output", "relative_weight_change"):
            self.arrays[name][rows[outcomes == DIVERGED]] = np.nan
