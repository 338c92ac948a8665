"""Runs of one cell of a plane: their mean, their spread, and how they ended as one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

FEWEST = 3
"""Fewest fitted seeds whose mean is shown, where there are as many seeds."""


def over_seeds(values: Floats) -> tuple[Floats, Floats]:
    """Return mean and standard deviation over the first axis, of what is not NaN; the deviation of one is NaN."""
    values = np.asarray(values, np.float64)
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    mean = _over(np.where(known, values, 0).sum(axis=0), count)
    with np.errstate(invalid="ignore", over="ignore"):  # a run that diverges passes through infinity
        away = np.where(known, values - mean, 0)
        return mean, np.sqrt(_over((away * away).sum(axis=0), count - 1))


def _over(total: Floats, count: Counts) -> Floats:
    """Return total / count, NaN where nothing is counted."""
    return np.asarray(np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0))


def outcomes(fitted: Counts, diverged: Counts, unfinished: Counts, seeds: int) -> NDArray[np.str_]:
    """Return how each cell ended, from how many of its runs did how, (cell,) each.

    `fitted` where enough of so many seeds did; else `few`, `diverged` or `unfinished`, as most of them.
    """
    most = np.argmax(np.stack([fitted, diverged, unfinished]), axis=0)
    return np.where(fitted >= min(FEWEST, seeds), "fitted", np.array(("few", "diverged", "unfinished"))[most])
