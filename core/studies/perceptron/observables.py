"""Where the phases of the (batch size, learning rate) plane meet, from how the weights scale in its corners."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CLEAR = 4.0
"""A corner counts only if the norm there is this many times that of gradient descent: else no phase is seen there."""


@dataclass(frozen=True)
class Corners:
    """Noise gives |w| = a T, the first step |w| = b eta, gradient descent |w| = c; so where they meet is known."""

    temperature: float
    """T_c = c / a: above it, noise decides."""
    batch: float
    """B* = a / b: above it, the first step decides."""
    rate: float
    """eta_c = c / b = T_c B*: all three meet there."""


def corners(batch_size: Floats, learning_rate: Floats, norm: Floats) -> Corners | None:
    """Return where the phases meet, or None where a phase is not in the plane.

    Args:
        batch_size, learning_rate, norm: (cell,), norm = |w| in the end, NaN where a cell has none.

    a is read at the smallest batch size and b at the largest, both at the largest learning rate; c at the smallest
    learning rate of a medium batch size and of its neighbours that have one, where neither noise nor a step decides.
    """
    fast = learning_rate == learning_rate.max()
    a_cell, b_cell = (fast & (batch_size == edge) for edge in (batch_size.min(), batch_size.max()))
    calm = (learning_rate == learning_rate.min()) & np.isfinite(norm)
    if batch_size.min() == batch_size.max() or not calm.any():
        return None
    plateau = float(norm[calm].min())
    noise, first = norm[a_cell], norm[b_cell]
    if not (noise.size and first.size and noise[0] > CLEAR * plateau and first[0] > CLEAR * plateau):
        return None
    a = float(noise[0] / learning_rate.max() * batch_size.min())
    b = float(first[0] / learning_rate.max())
    return Corners(plateau / a, a / b, plateau / b)
