"""Two variables for what happens past the edge of stability, and the orbits that they keep to.

x is the displacement along the top eigenvector of the Hessian, y = eta S - 2. On a quadratic x' = (1 - eta S) x, so |x|
grows by the factor 1 + y a step; the sharpness drifts up by A a step, and falls with x^2: S' = S + A - B x^2. (Derived;
Damian, Nichani, Lee 2022, 2209.15594, have a model of this structure, which was not at hand.) Where both change slowly,

    h(y) + eta (B x^2 / 2 - A ln|x|),   h(y) = (1 + y) ln(1 + y) - y, about y^2 / 2,

does not change. Orbits are closed around y = 0, |x| = delta = sqrt(A / B), where the sharpness stays.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

GRID = np.concatenate([np.linspace(-0.999, 0, 2001)[:-1], np.linspace(0, 6, 12_001)])
"""Values of y between which `h` is inverted."""
SMALL = 1e-4
"""Values of h below this are about y^2 / 2."""


def h(y: ArrayLike) -> Floats:
    """Return (1 + y) ln(1 + y) - y, the integral of ln(1 + y), for y > -1."""
    y = np.asarray(y, np.float64)
    return np.asarray((1 + y) * np.log1p(y) - y)


def inverse(value: ArrayLike, side: int) -> Floats:
    """Return y of a sign, 1 or -1, whose h is a value; the ends of `GRID` where none is within them."""
    half = GRID[GRID * side >= 0][::side]
    sought: Floats = np.asarray(value, np.float64)
    rough = np.where(sought < SMALL, side * np.sqrt(2 * np.maximum(sought, 0)), np.interp(sought, h(half), half))
    slope = np.log1p(rough)
    off = h(rough) - np.minimum(sought, h(half[-1]))
    return np.asarray(rough - np.where(np.abs(slope) > 0, off, 0) / np.where(slope == 0, 1, slope))


def energy(ratio: ArrayLike, y: ArrayLike, pull: float) -> Floats:
    """Return what an orbit keeps, at |x| / delta = `ratio`, but for a constant; `pull` is eta A.

    It is h(y) + pull (ratio^2 / 2 - ln ratio), at least pull / 2.
    """
    return np.asarray(h(y) + pull * _well(np.log(np.asarray(ratio, np.float64))))


def orbit(level: float, pull: float, points: int = 400) -> tuple[Floats, Floats]:
    """Return an orbit as |x| / delta and y, (point,), once around; empty where there is none.

    Args:
        level: what it keeps; pull: eta A; points: of either half.
    """
    room = level / pull if pull > 0 else np.nan
    if not room > 0.5:
        return np.array([]), np.array([])
    left, right = (_turn(room, side) for side in (-1, 1))
    u = (left + right) / 2 - np.cos(np.linspace(0, np.pi, points)) * (right - left) / 2  # close where it turns
    rest = np.maximum(level - pull * _well(u), 0)
    up, down = (inverse(rest, side) for side in (1, -1))
    return np.exp(np.concatenate([u, u[::-1]])), np.concatenate([up, down[::-1]])


def overshoot(ratio: ArrayLike, pull: float) -> Floats:
    """Return the largest y of an orbit that passes y = 0 at a small |x| / delta = `ratio`.

    h(y) = pull (ln(1 / ratio) - 1 / 2): it depends on the displacement at the crossing through its logarithm alone.
    """
    return inverse(np.maximum(pull * (np.log(1 / np.asarray(ratio, np.float64)) - 0.5), 0), 1)


def _well(u: ArrayLike) -> Floats:
    """Return ratio^2 / 2 - ln ratio at u = ln ratio: 1/2 at its bottom, u = 0."""
    u = np.asarray(u, np.float64)
    return np.asarray(np.exp(2 * u) / 2 - u)


def _turn(room: float, side: int) -> float:
    """Return u of a sign at which the well is as high as `room`, by halving."""
    low, high = 0.0, side * (room + 1)
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _well(middle) < room else (low, middle)
    return low
