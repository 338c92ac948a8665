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


def decided(output: Array) -> Array:
    """Return whether f (point,) puts each point in class +1; of f (point, class) the class of the largest.

    In 16 bits: on disk whole numbers of 8 are packed truths (`core.store`).
    """
    return output > 0 if output.ndim == 1 else output.argmax(axis=1).astype(np.uint16)


def mean_loss(output: Array, labels: Array) -> float:
    """Return the mean of log(1 + exp(-y f)) of f (point,), or softmax cross-entropy of (point, class)."""
    with np.errstate(over="ignore"):
        if output.ndim == 1:
            return float(np.logaddexp(0, -(labels * output).astype(np.float64)).mean())
        above = output.astype(np.float64) - output.max(axis=1, keepdims=True)
        of_class = np.take_along_axis(above, labels.astype(np.int64)[:, None], axis=1)[:, 0]
        return float((np.log(np.exp(above).sum(axis=1)) - of_class).mean())


class NetworkRecording(Recording):
    """The arrays of one shard's networks (see `trajectory.AXES`), filled snapshot by snapshot."""

    def __init__(
        self, experiment: Complexity, runs: int, truth: Array, test_inputs: Array, grid: Array, *, first: bool
    ) -> None:
        """Begin without snapshots; `truth` is the class of every test point, in the form of `decided`."""
        super().__init__(ComplexityTrajectory, experiment, runs)
        count, side = len(self.steps), len(grid) if first else 0
        self.arrays |= {
            "step": self.steps,
            "prediction": np.zeros((count, runs, len(truth)), truth.dtype),
            "train_counts": np.zeros((count, runs, *[experiment.classes] * 2), np.int32),
            "loss": np.full((count, runs), np.nan, np.float32),
            "output": np.full((count, side, side), np.nan, np.float32),
            "test_label": truth,
            "test_input": test_inputs[:SHOWN_POINTS, :2] if len(grid) else np.zeros((0, 2), np.float32),
            "grid": grid[:side],
            "explainer_prediction": np.zeros((2, runs, len(truth)), truth.dtype),
            "explainer_train_accuracy": np.full((2, runs), np.nan, np.float32),
            "explainer_output": np.zeros((2, side, side), bool),
        }

    def write(self, snapshot: int, run: int, test: Array, train: Array, labels: Array) -> bool:
        """Keep f of one run on the test and training points; return whether it is finite.

        The state stays in all later snapshots until the next one is written; one that is not finite leaves no sides.
        """
        finite = bool(np.isfinite(train).all() and np.isfinite(test).all())
        k = self.arrays["train_counts"].shape[-1]
        code = k * decided(train).astype(np.int64) + (labels > 0 if k == 2 else labels.astype(np.int64))
        counts = np.bincount(code, minlength=k * k).reshape(k, k)
        self.arrays["prediction"][snapshot:, run] = decided(test) * finite
        self.arrays["train_counts"][snapshot:, run] = counts * finite
        self.arrays["loss"][snapshot:, run] = mean_loss(train, labels) if finite else np.nan
        return finite

    def draw(self, snapshot: int, output: Array) -> None:
        """Keep f of the first run on the grid."""
        side = len(self.arrays["grid"])
        with np.errstate(over="ignore"):
            self.arrays["output"][snapshot:] = rounded(output.reshape(side, side), OUTPUT_BITS)

    def end(self, run: int, step: int, *, finite: bool) -> None:
        """Note how and when a run ended."""
        counts = self.arrays["train_counts"][-1, run]
        fitted = finite and np.trace(counts) == counts.sum()
        self.arrays["outcome"][run] = FITTED if fitted else STEP_LIMIT if finite else DIVERGED
        self.arrays["end_step"][run] = step


class ExplainerRecording:
    """The arrays of the classifiers that are fitted to the labels, the simplest first."""

    def __init__(self, explainers: int, truth: Array, side: int) -> None:
        """Begin without any; `truth` is the class of every test point."""
        self.arrays: dict[str, Array] = {
            "outcome": np.zeros(0, np.int8),
            "end_step": np.zeros(0, np.int32),
            "explainer_prediction": np.zeros((explainers, len(truth)), truth.dtype),
            "explainer_train_accuracy": np.full(explainers, np.nan, np.float32),
            "explainer_output": np.zeros((explainers, side, side), bool),
        }
