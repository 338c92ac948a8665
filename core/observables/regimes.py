"""Which regime a run ended in, told from what was measured of it, for the names on the plane.

Two ways to tell: by how far its kinks moved, which a run knows of itself; or by the change of its weights over that of
its linearisation at initialization, which is the regime's own definition (Chizat, Oyallon, Bach 2019, 1812.07956).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.trajectory import DIVERGED, FITTED, UNFINISHED

Floats = NDArray[np.float64]

LAZY_DISPLACEMENT = 0.05
"""A fitted run is called lazy while the median kink moved less than this share of the initial spread of the kinks."""

LAZY_FACTOR = 1.1
"""A network is lazy while its weights change as its linearisation's do, within this factor either way."""
FEATURE_FACTOR = 2.0
"""From here on it learns features: the same margins take it less than half of the change that they would take the
features it began with, or more than twice that."""
WEAKLY = "weakly nonlinear"
"""What lies between the two."""

REGIMES = ("lazy", "feature learning", "diverged", "not fitted", "unfinished")


def regimes(outcome: NDArray[np.int8], displacement: NDArray[np.float32]) -> NDArray[np.str_]:
    """Return each run's regime from how it ended and its final kink displacement, both (run,)."""
    return _ended(outcome, np.where(displacement < LAZY_DISPLACEMENT, REGIMES[0], REGIMES[1]))


def beside_linearised(outcome: NDArray[np.int8], linearised: NDArray[np.int8], ratio: Floats) -> NDArray[np.str_]:
    """Return each run's regime from its weight change over that of its linearisation, all (run,).

    Args:
        outcome: how the network ended; linearised: how its linearisation did, whose weights would have changed further
            where it is not fitted: then the ratio is an upper bound, which may tell that features are learned and no
            more.
        ratio: |w - w0| over that of the linearisation.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        off = np.abs(np.log(ratio))
    fitted = np.select([off < np.log(LAZY_FACTOR), off < np.log(FEATURE_FACTOR)], [REGIMES[0], WEAKLY], REGIMES[1])
    return _ended(outcome, np.where((linearised == FITTED) | (ratio <= 1 / FEATURE_FACTOR), fitted, REGIMES[3]))


def _ended(outcome: NDArray[np.int8], fitted: NDArray[np.str_]) -> NDArray[np.str_]:
    """Return the regime of each run that fitted, and how the others ended."""
    choices = [fitted, np.array(REGIMES[2]), np.array(REGIMES[4])]
    return np.select([outcome == FITTED, outcome == DIVERGED, outcome == UNFINISHED], choices, REGIMES[3])
