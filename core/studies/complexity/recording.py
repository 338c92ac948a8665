"""What is kept of networks and of the classifiers that explain them while they are trained."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.recording import Recording, rounded
from core.studies.complexity.experiment import Complexity
from core.studies.complexity.trajectory import ComplexityTrajectory
from core.trajectory import DIVERGED, FITTED, STEP_LIMIT, Array

SHOWN_POINTS = 400
"""Test points of two inputs whose places are kept."""
SIDE = 48
"""Places along a side of the grid on which two-dimensional functions are kept."""
OUTPUT_BITS = 7
"""Bits kept of a function's fraction on the grid: its colour has ten levels."""


def grid_of(inputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the coordinates (SIDE,) of a square about the inputs (point, 3), the centres of its cells."""
    reach = float(np.abs(inputs[:, :2]).max()) * 1.02
    edges = np.linspace(-reach, reach, SIDE + 1)
    return ((edges[1:] + edges[:-1]) / 2).astype(np.float32)


def on_grid(coordinates: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the places of the grid as inputs (SIDE * SIDE, 3), x1 fastest, with their constant 1."""
    x2, x1 = np.meshgrid(coordinates, coordinates, indexing="ij")
    return np.stack([x1.ravel(), x2.ravel(), np.ones(x1.size, np.float32)], axis=1).astype(np.float32)


class NetworkRecording(Recording):
    """The arrays of one shard's networks (see `trajectory.AXES`), filled snapshot by snapshot."""

    def __init__(
        self, experiment: Complexity, runs: int, test_labels: Array, test_inputs: Array, grid: Array, *, first: bool
    ) -> None:
        super().__init__(ComplexityTrajectory, experiment, runs)
        count, side = len(self.steps), len(grid) if first else 0
        self.arrays |= {
            "step": self.steps,
            "prediction": np.zeros((count, runs, len(test_labels)), bool),
            "train_counts": np.zeros((count, runs, 2, 2), np.int32),
            "loss": np.full((count, runs), np.nan, np.float32),
            "output": np.full((count, side, side), np.nan, np.float32),
            "test_label": test_labels > 0,
            "test_input": test_inputs[:SHOWN_POINTS, :2] if len(grid) else np.zeros((0, 2), np.float32),
            "grid": grid[:side],
            "explainer_prediction": np.zeros((2, runs, len(test_labels)), bool),
            "explainer_train_accuracy": np.full((2, runs), np.nan, np.float32),
            "explainer_output": np.zeros((2, side, side), bool),
        }

    def write(self, snapshot: int, run: int, test: Array, train: Array, labels: Array) -> bool:
        """Keep f of one run on the test and training points; return whether it is finite.

        The state stays in all later snapshots until the next one is written; one that is not finite leaves no sides.
        """
        finite = bool(np.isfinite(train).all() and np.isfinite(test).all())
        with np.errstate(over="ignore"):
            loss = np.logaddexp(0, -(labels * train).astype(np.float64)).mean() if finite else np.nan
        code = 2 * (train > 0) + (labels > 0)
        counts = np.bincount(code, minlength=4).reshape(2, 2) if finite else np.zeros((2, 2))
        self.arrays["prediction"][snapshot:, run] = (test > 0) & finite
        self.arrays["train_counts"][snapshot:, run] = counts
        self.arrays["loss"][snapshot:, run] = loss
        return finite

    def draw(self, snapshot: int, output: Array) -> None:
        """Keep f of the first run on the grid."""
        side = len(self.arrays["grid"])
        with np.errstate(over="ignore"):
            self.arrays["output"][snapshot:] = rounded(output.reshape(side, side), OUTPUT_BITS)

    def end(self, run: int, step: int, *, finite: bool) -> None:
        """Note how and when a run ended."""
        counts = self.arrays["train_counts"][-1, run]
        fitted = finite and counts[0, 1] == counts[1, 0] == 0
        self.arrays["outcome"][run] = FITTED if fitted else STEP_LIMIT if finite else DIVERGED
        self.arrays["end_step"][run] = step


class ExplainerRecording:
    """The arrays of the classifiers that are fitted to the labels, the simplest first."""

    def __init__(self, explainers: int, test_points: int, side: int) -> None:
        self.arrays: dict[str, Array] = {
            "outcome": np.zeros(0, np.int8),
            "end_step": np.zeros(0, np.int32),
            "explainer_prediction": np.zeros((explainers, test_points), bool),
            "explainer_train_accuracy": np.full(explainers, np.nan, np.float32),
            "explainer_output": np.zeros((explainers, side, side), bool),
        }
