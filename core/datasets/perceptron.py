"""The perceptron's data: a first input whose density vanishes at the border as |x_1|^chi, and Gaussian noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.randomness import generator

Floats = NDArray[np.float64]


def draw(chi: float, dimensions: int, count: int, seed: int) -> tuple[Floats, Floats]:
    """Return x (point, d) and y (point,) = sign(x_1).

    |x_1| = sqrt(2 G) with G ~ Gamma((chi + 1) / 2) has the density |x_1|^chi exp(-x_1^2 / 2) up to a factor
    (Sclocchi, Geiger, Wyart 2023, 2301.13703); the others are N(0, 1). A smaller count gives the beginning of the same
    points, and another chi the same points but for |x_1|.
    """
    size, side, rest = generator("data", seed).spawn(3)
    x = np.empty((count, dimensions))
    label = np.where(side.random(count) < 0.5, -1.0, 1.0)
    x[:, 0] = label * np.sqrt(2 * size.standard_gamma((chi + 1) / 2, count))
    x[:, 1:] = rest.standard_normal((count, dimensions - 1))
    return x, label
