"""Which regime a run ended in, told from what was measured of it, for the names on the plane."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.trajectory import DIVERGED, FITTED, UNFINISHED

LAZY_DISPLACEMENT = 0.05
"""A fitted run is called lazy while the median kink moved less than this share of the initial spread of the kinks."""

REGIMES = ("lazy", "feature learning", "diverged", "not fitted", "unfinished")


def regimes(outcome: NDArray[np.int8], displacement: NDArray[np.float32]) -> NDArray[np.str_]:
    """Return each run's regime from how it ended and its final kink displacement, both (run,)."""
    fitted = np.where(displacement < LAZY_DISPLACEMENT, REGIMES[0], REGIMES[1])
    choices = [fitted, np.array(REGIMES[2]), np.array(REGIMES[4])]
    return np.select([outcome == FITTED, outcome == DIVERGED, outcome == UNFINISHED], choices, REGIMES[3])
