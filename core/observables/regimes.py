"""Which regime a run ended in, told from what was measured of it, for the names on the plane."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.trajectory import DIVERGED, FITTED, UNFINISHED

LAZY_DISPLACEMENT = 0.05
"""A fitted run is called lazy while the median kink moved less than this share of the initial spread of the kinks."""

REGIMES = ("lazy", "feature learning", "diverged", "not fitted", "unfinished")
NAMED = REGIMES[:2] + REGIMES[3:4]
"""Regimes named on the plane: diverged cells are drawn so that they need no name, unfinished ones have none yet."""


def regimes(outcome: NDArray[np.int8], displacement: NDArray[np.float32]) -> NDArray[np.str_]:
    """Return each run's regime from how it ended and its final kink displacement, both (run,)."""
    fitted = np.where(displacement < LAZY_DISPLACEMENT, REGIMES[0], REGIMES[1])
    choices = [fitted, np.array(REGIMES[2]), np.array(REGIMES[4])]
    return np.select([outcome == FITTED, outcome == DIVERGED, outcome == UNFINISHED], choices, REGIMES[3])


def places(
    regime: NDArray[np.str_], x: NDArray[np.float64], y: NDArray[np.float64], named: Sequence[str] = NAMED
) -> list[tuple[str, float, float]]:
    """Return, for each named regime with at least 4 % of the cells, the cell nearest to the middle of its cells.

    The nearest *cell of that regime*, so that a name never stands on another regime's ground; where that is on a name
    that stands already, there is none.
    """
    found: list[tuple[str, float, float]] = []
    for name in named:
        own = regime == name
        if own.mean() >= 0.04 and own.sum() >= 2:
            middle = np.median(x[own]), np.median(y[own])
            nearest = np.argmin((x[own] - middle[0]) ** 2 + (y[own] - middle[1]) ** 2)
            place = float(x[own][nearest]), float(y[own][nearest])
            if all(
                abs(place[1] - there) > np.ptp(y) / 9 or abs(place[0] - here) > np.ptp(x) / 3
                for _, here, there in found
            ):
                found.append((name, *place))
    return found
