"""What is kept of a shard of networks and linearisations while it trains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.recording import EarlyEndRecording, error, rounded
from core.studies.linearised.experiment import Linearised
from core.studies.linearised.trajectory import AXES, OF_LINEARISED, OF_NETWORK, LinearisedTrajectory
from core.trajectory import DIVERGED, UNFINISHED, Array

FRACTION_BITS = 12
"""Bits kept of the fraction of a weight change."""


class LinearisedRecording(EarlyEndRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: Linearised, runs: int, test_labels: NDArray[np.float32]) -> None:
        super().__init__(LinearisedTrajectory, experiment, runs)
        self.labels = test_labels
        moving = [name for name, axes in AXES.items() if axes == ("snapshot", "run")]
        self.arrays |= {name: np.full((len(self.steps), runs), np.nan, np.float32) for name in moving}
        self.arrays["linearised_outcome"] = np.full(runs, UNFINISHED, np.int8)
        self.arrays["linearised_end_step"] = np.zeros(runs, np.int32)
        self.positive = np.zeros((2, runs, len(test_labels)), bool)  # F > 0 of the network, of the linearisation

    def write(self, step: int, rows: Array, state: Mapping[str, Array]) -> None:
        """Keep the state of the networks `rows`: `test_output` (run, point), `relative_weight_change` (run,)."""
        self._keep(step, rows, 0, OF_NETWORK, state)

    def write_linearised(self, step: int, rows: Array, state: Mapping[str, Array]) -> None:
        """Keep the state of the linearisations `rows`, likewise."""
        self._keep(step, rows, 1, OF_LINEARISED, state)

    def _keep(self, step: int, rows: Array, which: int, names: tuple[str, str], state: Mapping[str, Array]) -> None:
        output, change = state["test_output"], state["relative_weight_change"].astype(np.float32)
        self.positive[which, rows] = output > 0
        values = (error(output, self.labels), rounded(change, FRACTION_BITS))
        self.keep(step, rows, dict(zip(names, values, strict=True)))
        agreement = (self.positive[0, rows] == self.positive[1, rows]).mean(axis=1)
        lost = self.arrays["outcome"][rows] == DIVERGED
        self.keep(step, rows, {"agreement": np.where(lost, np.nan, agreement)})

    def end(self, rows: Array, outcomes: Array, end_steps: Array) -> None:
        """Note how and when the networks `rows` ended; the linearisation of one that diverged keeps its numbers."""
        kept: dict[str, Any] = {name: self.arrays[name].copy() for name in OF_LINEARISED}
        super().end(rows, outcomes, end_steps)
        self.arrays |= kept

    def end_linearised(self, rows: Array, outcomes: Array, end_steps: Array) -> None:
        """Note how and when the linearisations `rows` ended."""
        self.arrays["linearised_outcome"][rows] = outcomes
        self.arrays["linearised_end_step"][rows] = end_steps
