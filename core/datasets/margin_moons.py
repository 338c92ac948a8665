"""The two moons of the margin study: drawn by a seed, folded to either side of x1 = 0, and pulled apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.randomness import generator

Floats = NDArray[np.float64]

SHIFT, APART = 0.5, 0.3
"""The moons are moved by so much along themselves, and each by so much from the other."""


def moons(n: int, noise: float, margin: float, seed: int) -> tuple[Floats, Floats]:
    """Return points (point, 2) and their classes, -1 or 1, (point,), half in each.

    The recipe of the public code of Pezeshki et al. 2021 (2011.09468), written anew: the moons of scikit-learn's
    make_moons, (cos t, sin t) and (1 - cos t, 1/2 - sin t) with t evenly spaced over [0, pi], and normal noise; moved
    apart and centred; every point folded to its class's own side of the axis between them; pulled apart by 2 margin
    (into each other if it is negative); turned, so that the classes lie to the left and to the right.
    """
    t = np.linspace(0, np.pi, n // 2)
    along = np.concatenate([np.cos(t), 1 - np.cos(t)])
    across = np.concatenate([np.sin(t), 0.5 - np.sin(t)])
    s = np.repeat([-1.0, 1.0], n // 2)
    drawn = noise * generator("data", seed).standard_normal((2, n))
    along, across = along + drawn[0] - SHIFT, across + drawn[1] - APART * s
    across = -s * np.abs(across - across.mean()) - s * margin
    return np.column_stack([across, along]), s
