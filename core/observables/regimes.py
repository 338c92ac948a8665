"""Which regime a run ended in, told from what was measured of it, for the names on the plane."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.trajectory import DIVERGED, FITTED

LAZY_DISPLACEMENT = 0.05
"""A fitted run is called lazy while the median kink moved less than this share of the initial spread of the kinks."""

REGIMES = ("lazy", "feature learning", "diverged", "not fitted")


def regimes(outcome: NDArray[np.int8], displacement: NDArray[np.float32]) -> NDArray[np.str_]:
    """Return each run's regime from how it ended and its final kink displacement, both (run,)."""
    fitted = np.where(displacement < LAZY_DISPLACEMENT, REGIMES[0], REGIMES[1])
    return np.where(outcome == FITTED, fitted, np.where(outcome == DIVERGED, REGIMES[2], REGIMES[3]))


def places(regime: NDArray[np.str_], x: NDArray[np.float64], y: NDArray[np.float64]) -> list[tuple[str, float, float]]:
    """Return, for each regime with at least 4 % of the cells, the cell nearest to the middle of its cells.

    The nearest *cell of that regime*, so that a name never stands on another regime's ground.
    """
    found = []
    for name in REGIMES:
        own = regime == name
        if own.mean() >= 0.04 and own.sum() >= 2:
            middle = np.median(x[own]), np.median(y[own])
            nearest = np.argmin((x[own] - middle[0]) ** 2 + (y[own] - middle[1]) ** 2)
            found.append((name, float(x[own][nearest]), float(y[own][nearest])))
    return found
