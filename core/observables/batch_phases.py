"""Which phase of the (batch size, learning rate) plane a cell lies in, told by how its weights' change grows there.

Sclocchi and Wyart 2024 (2309.10688), with w the change of the weights: noise-dominated SGD has |w| ~ learning_rate /
batch_size, first-step-dominated SGD |w| ~ learning_rate, gradient descent neither. So a cell's two local exponents, of
the learning rate and of the batch size, are near (1, -1), (1, 0) or (0, 0).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EXPONENTS: Mapping[str, tuple[float, float]] = {
    "noise-dominated": (1.0, -1.0),
    "first-step-dominated": (1.0, 0.0),
    "gradient descent": (0.0, 0.0),
}
"""Exponents of the learning rate and of the batch size."""
PHASES = tuple(EXPONENTS)
NEITHER = ""
REACH = 0.35
"""A cell whose exponents are both within this of a phase's belongs to it; one between phases to none."""


def phases(batch_size: Floats, learning_rate: Floats, change: Floats) -> NDArray[np.str_]:
    """Return each cell's phase, (cell,), or nothing where a local exponent is not known or near none of the three.

    Args:
        batch_size, learning_rate: (cell,), on a grid; change: |w|, (cell,), NaN where there is none.
    """
    rates, sizes = np.unique(learning_rate), np.unique(batch_size)
    i, j = np.searchsorted(rates, learning_rate), np.searchsorted(sizes, batch_size)
    grid = np.full((len(rates), len(sizes)), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        grid[i, j] = np.log(np.where(change > 0, change, np.nan))
    by_rate = _slopes(grid, np.log(rates))[i, j]
    by_size = _slopes(grid.T, np.log(sizes)).T[i, j]
    found = np.full(len(change), NEITHER, dtype=f"<U{max(map(len, PHASES))}")
    for name, (of_rate, of_size) in EXPONENTS.items():
        found[(np.abs(by_rate - of_rate) < REACH) & (np.abs(by_size - of_size) < REACH)] = name
    return found


def _slopes(values: Floats, along: Floats) -> Floats:
    """Return the slope of `values` (row, column) along the rows' places, over the neighbours that are known."""
    padded, places = np.pad(values, ((1, 1), (0, 0)), constant_values=np.nan), np.pad(along, 1, mode="edge")
    here, at = padded[1:-1], places[1:-1, None]
    below, above = padded[:-2], padded[2:]
    low, x_low = np.where(np.isnan(below), here, below), np.where(np.isnan(below), at, places[:-2, None])
    high, x_high = np.where(np.isnan(above), here, above), np.where(np.isnan(above), at, places[2:, None])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(x_high > x_low, (high - low) / (x_high - x_low), np.nan)
