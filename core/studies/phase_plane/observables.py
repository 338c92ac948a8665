"""The lines of the (alpha, T) plane and the windows in which its power laws hold.

Sclocchi, Geiger, Wyart 2023 (2301.13703); the forms are derived, and their numbers measured, in our own note on them.
Arrays go over cells: alphas along the second last axis, temperatures along the last.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

NOISE_PREFACTOR = 2.5
"""c of width * Theta * T = c / alpha, where noise begins to move the weights more than the margin does. From the exact
perceptron, in which c, |w| / margin of gradient descent over |w| / T of noise, is 2.4 to 3.3 (measured)."""
PLATEAU_END = 8.0
"""Power laws of T are fitted where width * Theta * T > PLATEAU_END / alpha: below, the margin still counts."""
ESCAPE = 0.05
"""And where |w - w0| / |w0| is below this: above, the network has left the lazy regime."""
LAZY_ALPHA = 2.0**8
"""Least output scale at which they are fitted."""
FEATURE_CHANGE = 0.05
"""|w - w0| / |w0| that the line between lazy and feature learning passes through."""
CRITICAL_CHANGE = 5e-3
"""The same that defines the critical temperature."""


def gd_to_noise(alpha: Floats, kernel: float) -> Floats:
    """Return the T at which noise takes over from gradient descent: T = c / (alpha width Theta), slope -1.

    Args:
        kernel: width * Theta, Theta the mean diagonal of the tangent kernel before training.
    """
    return np.asarray(NOISE_PREFACTOR / (alpha * kernel))


def largest_temperature(fitted: Booleans, temperature: Floats) -> Floats:
    """Return the largest T that fitted at each alpha, (..., alpha); NaN where none did, or where the largest T did.

    Args:
        fitted: (..., alpha, temperature); temperature: (temperature,), increasing.
    """
    any_, top = fitted.any(axis=-1), len(temperature) - 1 - np.argmax(fitted[..., ::-1], axis=-1)
    return np.where(any_ & (top < len(temperature) - 1), temperature[top], np.nan)


def temperature_exponent(depth: int) -> float:
    """Return k of T_max ~ alpha^k for alpha << 1 with D = `depth` hidden layers: (D - 1) / (D + 1).

    For the output to reach 1/alpha the weights grow to alpha^(-1/(D + 1)); a step changes it by learning_rate
    |grad f|^2, |grad f|^2 ~ alpha^(-2D/(D + 1)), which may be 1/alpha at most.
    """
    return (depth - 1) / (depth + 1)


def crossing(x: Floats, y: Floats, level: float) -> float:
    """Return the first x at which y passes the level, between neighbours that are known; NaN if it never does.

    Straight lines in logarithms; x increases, y may go either way.
    """
    known = np.isfinite(y) & (y > 0)
    u, v = np.log(x[known]), np.log(y[known]) - np.log(level)
    if len(v) < 2:
        return float("nan")
    passes = np.flatnonzero(np.sign(v[:-1]) * np.sign(v[1:]) <= 0)
    if not len(passes):
        return float("nan")
    i = passes[0]
    share = 0.0 if v[i] == v[i + 1] else v[i] / (v[i] - v[i + 1])
    return float(np.exp(u[i] + share * (u[i + 1] - u[i])))


def lazy_window(change: Floats, temperature: Floats, alpha: float, kernel: float) -> Booleans:
    """Return the temperatures at which power laws hold for every run and size, (temperature,).

    Args:
        change: |w - w0| / |w0| of fitted runs at one alpha, (..., temperature), NaN for others.
        kernel: width * Theta.
    """
    inside = (change < ESCAPE).reshape(-1, len(temperature)).all(axis=0)  # a NaN is not inside
    return inside & (kernel * temperature > PLATEAU_END / alpha)
