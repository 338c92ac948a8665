"""One balanced mode of a deep network under three losses: the same prefactor N^(2 - 2/D), another end.

Where the D weight layers of a ReLU network, or of a linear one, are aligned, of rank one and of equal norm on a data
vector x that is a share p of the data, gradient flow of the mean loss keeps them so, and the logit N on x follows

    N' = D p |x|^(2/D) N^(2 - 2/D) g(N),   g(N) = -dl/dN:   sigmoid(-N),   1 where N < 1,   or   1 - N.

With the squared loss it is the deep linear network of Saxe et al. 2013 (1312.6120). Depth is treated by Tachet des
Combes et al. 2018 (1809.06848) too, whose body could not be read: the formulas are derived, and checked by quadrature
and against networks in training.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq  # type: ignore[import-untyped]
from scipy.special import expi, expit, hyp1f1, hyp2f1, wrightomega  # type: ignore[import-untyped]

Floats = NDArray[np.float64]

NODES = 800
"""Values of N on either side of the middle at which the time is exact where there is no formula for N."""

LARGEST = 50.0
"""A logit beyond which cross-entropy is not followed: exp(N) would outgrow any time on screen."""

NEAREST = 1e-12
"""How near to its target the squared loss is followed."""


def exponent(depth: int) -> float:
    """Return 2 - 2/D, the power of N in its own speed."""
    return 2 - 2 / depth


def rate(depth: int, norm: float, share: float) -> float:
    """Return R = p |x|^(2/D); N' = D R N^(2 - 2/D) g(N)."""
    return float(share * norm ** (2 / depth))


def crossing_time(depth: int, loss: str, start: ArrayLike, end: ArrayLike, rate: float) -> Floats:
    """Return the time in which N goes from `start` to `end`, arrays of one shape or numbers; inf if it never does.

    The antiderivatives of 1 / (N^(2 - 2/D) g) are powers under the hinge loss, hypergeometric functions otherwise; for
    D = 2 logarithms and Ei. `start` is above 0, or 0 where D = 1.
    """
    n0, n1 = np.asarray(start, np.float64), np.asarray(end, np.float64)
    never = {"hinge": n1 > 1, "squared": n1 >= 1}.get(loss, n1 > LARGEST)
    within = np.where(never, n0, n1)
    whole = (_antiderivative(depth, loss, within) - _antiderivative(depth, loss, n0)) / (depth * rate)
    return np.asarray(np.where(never, np.inf, whole))


def _antiderivative(depth: int, loss: str, n: Floats) -> Floats:
    b = 1 - exponent(depth)
    if depth == 2:
        beside = expi(n) if loss == "cross_entropy" else -np.log1p(-n) if loss == "squared" else 0.0
        return np.asarray(np.log(n) + beside)
    if loss == "hinge":
        return n**b / b
    if loss == "squared":
        return np.asarray(-np.log1p(-n) if depth == 1 else n**b / b * hyp2f1(b, 1, b + 1, n))
    return np.asarray(n**b / b * (1 + hyp1f1(b, b + 1, n)))


def logit(depth: int, loss: str, start: float, rate: float, time: ArrayLike) -> Floats:
    """Return N at times, from N = `start` at 0: in closed form, or where there is none by inverting the time."""
    t = depth * rate * np.asarray(time, np.float64)
    if loss == "hinge":
        return np.minimum(_power_law(depth, start, t), 1.0)
    if depth == 1:
        if loss == "squared":
            return 1 - (1 - start) * np.exp(-t)
        return np.asarray(np.log(wrightomega(start + np.exp(start) + t)))
    if loss == "squared" and depth == 2:
        return np.asarray(expit(np.log(start / (1 - start)) + t))
    if loss == "squared":
        far = np.geomspace(start, max(start, 0.5), NODES)
        n = np.concatenate([far, 1 - np.geomspace(1 - far[-1], NEAREST, NODES)[1:]])
        odds = np.log(n) - np.log1p(-n)
        return np.asarray(expit(np.interp(t, crossing_time(depth, loss, start, n, 1 / depth), odds)))
    last = min(float(np.log1p(np.max(t, initial=0.0))) + 9, LARGEST)  # 9 > 2 ln(50): N^(2 - 2/D) holds it up
    n = np.concatenate([np.geomspace(start, 1, NODES), np.linspace(1, last, NODES)[1:]])
    at = crossing_time(depth, loss, start, n, 1 / depth)
    if depth == 2:
        return np.asarray(np.exp(np.interp(t, at, np.log(n), right=np.nan)))
    b = 1 - exponent(depth)  # while N is small its power goes with time
    return np.asarray(np.interp(t, at, n**b, right=np.nan) ** (1 / b))


def _power_law(depth: int, start: float, t: Floats) -> Floats:
    """Return N with N' = N^(2 - 2/D) at times; inf where it has blown up."""
    b = 1 - exponent(depth)
    if depth == 2:
        return np.asarray(start * np.exp(np.minimum(t, 700)))
    with np.errstate(divide="ignore"):
        return np.asarray(np.maximum(start**b + b * t, 0) ** (1 / b))


def soft_error(logit: ArrayLike) -> Floats:
    """Return sigmoid(-N), the probability given to the wrong class."""
    return np.asarray(expit(-np.asarray(logit, np.float64)))


def inflection(depth: int, loss: str) -> float:
    """Return the N > 0 at which the soft error falls fastest; NaN if it has no such point.

    Where N^a g(N) sigmoid(N) sigmoid(-N) is largest, a = 2 - 2/D: a/N + 1 = 3 sigmoid(N) under cross-entropy. One layer
    has none, for its error falls ever slower; nor has the hinge loss, which stops before.
    """
    a = exponent(depth)
    if depth == 1 or loss == "hinge":
        return float("nan")

    def growth(n: float) -> float:
        drop = expit(n) if loss == "cross_entropy" else 1 / (1 - n)
        return float(a / n + 1 - 2 * expit(n) - drop)

    return float(brentq(growth, 1e-9, 2.0 if loss == "cross_entropy" else 1 - NEAREST))


def linear_strength(depth: int, target: float, start: float, time: ArrayLike) -> Floats:
    """Return the strength u of a mode of a linear network, u' = D u^(2 - 2/D) (s - u), with s its `target`.

    Saxe et al. 2013 (1312.6120), their tau = 1: inputs are white, and `start` is below s.
    """
    return target * logit(depth, "squared", start / target, target ** exponent(depth), time)
