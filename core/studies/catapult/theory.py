"""The toy of the catapult, exactly: f = u.v / sqrt n on one sample x = 1 with the target 0 and the loss f^2 / 2.

With a = eta lambda, lambda = (|u|^2 + |v|^2) / n the tangent kernel, and b = eta f / sqrt n, a step of gradient descent
is

    b' = b (1 - a + b^2),    a' = a + b^2 (a - 4),

whatever n is: the width enters through b at initialization alone. With p = (a / 2 + b) / 2 and q = (a / 2 - b) / 2,
that is eta |u + v|^2 / 4n and eta |u - v|^2 / 4n, it is p' = p (1 - b)^2 and q' = q (1 + b)^2: a >= 2 |b| always, and
p = 0 and q = 0 are kept. The model is that of Lewkowycz et al. 2020 (2003.02218); the formulas are derived here, with
the term in 1 / n that the paper drops.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri  # type: ignore[import-untyped]

Floats = NDArray[np.float64]

CURVATURE = 2.0
"""lambda of weights drawn from N(0, 1), in the mean and for large n."""
LOST = 1e3
"""|b| beyond this has diverged: where a > 4 it only grows."""
ROUNDED = 1e-13
"""p + q this near to 2 is a = 4; a falls or rises away from it, so that no other orbit comes here."""


def start(c: ArrayLike, width: ArrayLike, output: ArrayLike = 1.0) -> tuple[Floats, Floats]:
    """Return p and q at initialization of toys with a = c, whose output f there is usually about 1.

    The three broadcast; |output| is at most sqrt(width).
    """
    a = np.asarray(c, np.float64)
    b = a * np.asarray(output, np.float64) / (CURVATURE * np.sqrt(np.asarray(width, np.float64)))
    return (a / 2 + b) / 2, (a / 2 - b) / 2


def step(p: Floats, q: Floats) -> tuple[Floats, Floats]:
    """Return p and q after a step of gradient descent; NaN once |b| is beyond `LOST`.

    At a = 4 the step is b' = b^3 - 3 b and a stays, which rounding would not keep: a - 4 grows by 1 + b^2 a step.
    """
    b = p - q
    b = np.where(np.abs(b) < LOST, b, np.nan)
    kept = np.abs(p + q - 2) < ROUNDED
    half = (np.power(b, 3, where=kept, out=np.zeros_like(b)) - 3 * b) / 2  # of all it would take most of the time
    return np.where(kept, 1 + half, p * (1 - b) ** 2), np.where(kept, 1 - half, q * (1 + b) ** 2)


def orbit(p: Floats, q: Floats, steps: int) -> tuple[Floats, Floats]:
    """Return a and b at steps 0 to `steps`, (step, ...) each; NaN from where they have diverged."""
    every = [(p, q)]
    for _ in range(steps):
        every.append(step(*every[-1]))
    both = np.array(every)
    return 2 * (both[:, 0] + both[:, 1]), both[:, 0] - both[:, 1]


def end(p: Floats, q: Floats, steps: int) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Return a after so many steps (NaN: diverged), the largest |b| on the way, and the step at which that was."""
    most, at = np.abs(p - q), np.zeros(p.shape, np.int64)
    for t in range(1, steps + 1):
        p, q = step(p, q)
        size = np.abs(p - q)
        higher = size > most
        most, at = np.where(higher, size, most), np.where(higher, t, at)
    return 2 * (p + q), most, at


def rises(a: Floats, b: Floats) -> NDArray[np.bool_]:
    """Return whether the loss rises at the next step: for 0 < a < 4 just where b^2 < a - 2."""
    return np.asarray(np.abs(1 - a + b**2) > 1)


def slope(c: ArrayLike) -> Floats:
    """Return by how many steps the peak of the loss is later for every unit of ln n, for 2 < c < 4.

    While b is small it grows by c - 1 a step from about 1 / sqrt n, so that this is 1 / (2 ln(c - 1)).
    """
    return np.asarray(1 / (2 * np.log(np.asarray(c, np.float64) - 1)))


def outputs(count: int) -> Floats:
    """Return |f| at initialization of so many toys, (toy,): quantiles of N(0, 1)'s, evenly spaced in their share."""
    return np.asarray(ndtri(0.5 + (np.arange(count) + 0.5) / (2 * count)), np.float64)
