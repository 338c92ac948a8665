"""The line through input space on which kinks of networks with any number of inputs are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets import DataError, Task

GRID_POINTS = 101
MARGIN = 0.15
"""How far the grid reaches past the projected data, as a share of their range."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Line:
    """The points origin + s direction; s = 0 and s = 1 are the two points that define it."""

    origin: Floats  # (dim,)
    direction: Floats  # (dim,)
    grid: Floats  # (grid,): values of s

    def project(self, inputs: Floats) -> Floats:
        """Return s of the nearest point on the line for each input, (point,)."""
        return _project(self.origin, self.direction, inputs)


def data_line(task: Task, points: Sequence[int]) -> Line:
    """Return the line from the mean of class -1 to that of class +1, or through two training points.

    A constant input (the bias) is the same at both ends, so it never changes along the line. Raises DataError where the
    two points coincide.
    """
    if points:
        start, end = task.train_inputs[list(points)]
    else:
        start, end = (task.train_inputs[task.train_labels == y].mean(axis=0) for y in (-1, 1))
    direction = end - start
    if not np.any(direction):
        raise DataError("line: the two points must differ; they have the same inputs.")
    s = _project(start, direction, task.train_inputs)
    low, high = float(s.min()), float(s.max())
    pad = MARGIN * (high - low)
    grid = np.linspace(low - pad, high + pad, GRID_POINTS, dtype=np.float32)
    return Line(start, direction, grid)


def _project(origin: Floats, direction: Floats, inputs: Floats) -> Floats:
    along: Floats = ((inputs - origin) @ direction / np.float32(direction @ direction)).astype(np.float32)
    return along
