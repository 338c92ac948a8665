"""What is kept of a shard of the phase plane while it trains: turns states into the arrays of a trajectory."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.datasets import Task
from core.recording import EarlyEndRecording, error, rounded
from core.studies.phase_plane.experiment import PhasePlane
from core.studies.phase_plane.trajectory import MEASURES, PhasePlaneTrajectory
from core.trajectory import Array

FRACTION_BITS = 12
"""Bits kept of a recorded number's fraction (1e-4 of its value); errors, being shares of points, are kept whole."""


class PhasePlaneRecording(EarlyEndRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`), filled snapshot by snapshot."""

    def __init__(self, experiment: PhasePlane, runs: int, task: Task, initial_kernel: float) -> None:
        super().__init__(PhasePlaneTrajectory, experiment, runs)
        self.labels, self.test_labels = task.train_labels, task.test_labels
        self.arrays |= {name: np.full((len(self.steps), runs), np.nan, np.float32) for name in MEASURES}
        self.arrays["initial_kernel"] = np.array([[initial_kernel]], np.float32)

    def write(self, step: int, rows: Array, state: Mapping[str, Array]) -> None:
        """Keep the state of the runs `rows` in the snapshot of `step` and, until they move on, in every later one."""
        kept = {name: rounded(state[name], FRACTION_BITS) for name in MEASURES if name in state}
        kept["test_error"] = error(state["test_output"], self.test_labels)
        kept["train_error"] = error(state["train_output"], self.labels)
        self.keep(step, rows, kept)
