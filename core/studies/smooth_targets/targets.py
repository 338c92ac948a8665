"""The targets, where they are known, and what runs through their points without training."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from core.randomness import generator

Floats = NDArray[np.float64]
Line = Callable[[Floats], Floats]

PLACES = np.linspace(-1, 1, 1001)
"""Where test errors are measured."""
BUMP_WIDTH = 0.3
"""Standard deviation of the Gaussian bump."""
HARMONICS = 4
"""Of the random target, of period 4: the fastest has period 1."""
JITTER = 0.25
"""The most that an inner point is moved, as a share of the grid's spacing."""


def target(name: str, seed: int, bound: float) -> Line:
    """Return a target on [-1, 1].

    sine: max |f''| = bound in closed form, and so for bump (at 0). random: sum_k (c_k cos + s_k sin)(k pi x / 2) / k^2
    with normal c_k and s_k, scaled to max |f''| = bound over `PLACES`. kink: bound / pi^2 |x|, as high as the sine.
    """
    if name == "sine":
        return lambda x: bound / np.pi**2 * np.sin(np.pi * x)
    if name == "bump":
        return lambda x: bound * BUMP_WIDTH**2 * np.exp(-(x**2) / (2 * BUMP_WIDTH**2))
    if name == "kink":
        return lambda x: bound / np.pi**2 * np.abs(x)
    if name != "random":
        raise ValueError(f"target: sine, bump, random or kink; {name} came.")
    cosines, sines = generator("test", seed).standard_normal((2, HARMONICS))
    wave = np.arange(1, HARMONICS + 1) * np.pi / 2

    def series(x: Floats, power: int) -> Floats:
        """Return sum_k (c_k cos + s_k sin)(wave_k x) wave_k^power, (place,)."""
        phase = x[:, None] * wave
        return np.asarray((np.cos(phase) * cosines + np.sin(phase) * sines) @ wave**power)

    scale = bound / np.abs(series(PLACES, 0)).max()  # f'' of what has wave^-2
    return lambda x: scale * series(x, -2)


def positions(count: int, seed: int) -> Floats:
    """Return x of the points, ascending, (point,): -1, 1, and an even grid between whose points are moved at random."""
    moves = generator("data", seed).uniform(-JITTER, JITTER, count)
    moves[[0, -1]] = 0
    return np.asarray(np.linspace(-1, 1, count) + moves * 2 / (count - 1))


def _spline(x: Floats, y: Floats) -> Line:
    from scipy.interpolate import CubicSpline  # type: ignore[import-untyped]  # for those alone who draw it

    found: Line = CubicSpline(x, y)
    return found


INTERPOLANTS: Mapping[str, Callable[[Floats, Floats], Line]] = {
    "interpolant": lambda x, y: lambda place: np.interp(place, x, y),
    "spline": _spline,
}
"""What needs no training, from x and y of the points."""
