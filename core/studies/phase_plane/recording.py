"""What is kept of a shard of the phase plane while it trains: turns states into the arrays of a trajectory."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.datasets import Task
from core.recording import error, rounded
from core.schedule import few_steps
from core.studies.phase_plane.trajectory import MEASURES
from core.trajectory import DIVERGED, UNFINISHED, Array

FRACTION_BITS = 12
"""Bits kept of a recorded number's fraction (1e-4 of its value); errors, being shares of points, are kept whole."""


class PhasePlaneRecording:
    """The arrays of one shard's runs (see `trajectory.AXES`), filled snapshot by snapshot."""

    def __init__(self, step_limit: int, runs: int, task: Task, initial_kernel: float) -> None:
        self.steps = np.array(few_steps(step_limit))
        self.labels, self.test_labels = task.train_labels, task.test_labels
        self.arrays: dict[str, Array] = {
            **{name: np.full((len(self.steps), runs), np.nan, np.float32) for name in MEASURES},
            "end_step": np.zeros(runs, np.int32),
            "outcome": np.full(runs, UNFINISHED, np.int8),
            "initial_kernel": np.array([[initial_kernel]], np.float32),
        }

    def snapshot(self, step: int) -> int:
        """Return the first snapshot at or after `step`."""
        return int(np.searchsorted(self.steps, step))

    def write(self, step: int, rows: Array, state: Mapping[str, Array]) -> None:
        """Keep the state of the runs `rows` in the snapshot of `step` and, until they move on, in every later one."""
        for name in MEASURES:
            if name == "test_error":
                values = error(state["test_output"], self.test_labels)
            elif name == "train_error":
                values = error(state["train_output"], self.labels)
            else:
                values = rounded(state[name], FRACTION_BITS)
            self.arrays[name][self.snapshot(step) :, rows] = values

    def end(self, rows: Array, outcomes: Array, end_steps: Array) -> None:
        """Note how and when `rows` ended; what a diverged run shows from then on is NaN, not its last numbers."""
        self.arrays["outcome"][rows] = outcomes
        self.arrays["end_step"][rows] = end_steps
        for row, end_step in zip(rows[outcomes == DIVERGED], end_steps[outcomes == DIVERGED], strict=True):
            for name in MEASURES:
                self.arrays[name][self.snapshot(end_step) :, row] = np.nan
