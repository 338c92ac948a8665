"""Where Spectral Decoupling brings the logits: the penalty of Pezeshki et al. 2021 (2011.09468), solved here.

A sample of margin m has the loss log(1 + e^-m) + (lam / 2) m^2, which is least where m (1 + e^m) = 1 / lam. A penalty
that is written c m^2 has lam = 2 c.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

BISECTIONS = 200


def decoupled_margin(lam: ArrayLike) -> Floats:
    """Return m with m (1 + e^m) = 1 / lam, by bisection; lam > 0, any shape."""
    aim = -np.log(np.asarray(lam, np.float64))  # log of both sides: e^m overflows, its logarithm does not
    low, high = np.zeros_like(aim), np.maximum(1.0, aim + 1.0)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        below = np.log(np.maximum(middle, 1e-300)) + np.logaddexp(0, middle) < aim
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray((low + high) / 2)
