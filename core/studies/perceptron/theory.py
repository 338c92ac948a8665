"""The perceptron under SGD with a vanishing margin: closed forms for fresh samples, and exponents for a training set.

Setting and exponents: Sclocchi, Geiger, Wyart 2023 (2301.13703) and Sclocchi, Wyart 2024 (2309.10688); the closed forms
are derived in this project's working note and checked here against quadrature and simulation. f(x) = w.x / sqrt(d),
y = sign(x_1), rho(x_1) ~ |x_1|^chi exp(-x_1^2 / 2), the other inputs N(0, 1); w_1 is the signal, |w_perp| the noise,
lambda = w_1 / |w_perp|; T = learning_rate / B; time is learning_rate times steps.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc  # type: ignore[import-untyped]

Floats = NDArray[np.float64]


def test_error(ratio: ArrayLike, chi: float) -> Floats:
    """Return P(y f < 0) over fresh x, exact for every w: I_{1 / (1 + lambda^2)}((chi + 1) / 2, 1/2) / 2.

    Args:
        ratio: lambda >= 0, any shape; infinity gives 0, NaN (w = 0, which says nothing) gives NaN.
        chi: > -1; for chi = 0 it is arctan(1 / lambda) / pi.
    """
    at = 1 / (1 + np.asarray(ratio, np.float64) ** 2)
    known = np.asarray(0.5 * betainc((chi + 1) / 2, 0.5, np.where(np.isnan(at), 0.5, at)), np.float64)
    return np.where(np.isnan(at), np.nan, known)


test_error.__test__ = False  # type: ignore[attr-defined]  # pytest collects functions of this name


def restoring(ratio: ArrayLike, chi: float) -> Floats:
    """Return E[1{y f < 0} xi] for xi = x.w_perp / |w_perp| (times y): what pulls the noise back to zero.

    It is -(1 + lambda^2)^{-(1 + chi) / 2} / sqrt(2 pi).
    """
    squared = np.asarray(ratio, np.float64) ** 2
    return np.asarray(-((1 + squared) ** (-(1 + chi) / 2)) / math.sqrt(2 * math.pi))


def mean_input(chi: float) -> float:
    """Return E|x_1| = sqrt(2) Gamma(chi / 2 + 1) / Gamma((chi + 1) / 2)."""
    return math.sqrt(2) * math.exp(math.lgamma(chi / 2 + 1) - math.lgamma((chi + 1) / 2))


def drift(ratio: ArrayLike, chi: float, dimensions: int) -> Floats:
    """Return dw_1 / dt = E[1{y f < 0} |x_1|] / sqrt(d) for fresh samples and no margin.

    Weighing by |x_1| is the data of chi + 1: E = E|x_1| times the test error there. For large lambda it falls as
    lambda^-(2 + chi).
    """
    return np.asarray(mean_input(chi) * test_error(ratio, chi + 1) / math.sqrt(dimensions))


def noise_prefactor(chi: float) -> float:
    """Return c_chi = sqrt(2) Gamma(chi / 2 + 1) / ((chi + 1) Gamma((chi + 1) / 2)), 0.798, 0.627, 0.470 for 0, 1, 3."""
    return mean_input(chi) / (chi + 1)


def noise(temperature: ArrayLike, chi: float, dimensions: int, ratio: ArrayLike = math.inf) -> Floats:
    """Return |w_perp| where kicks and the restoring force balance: T (d - 1) / (2 sqrt d) eps(lambda) / -E[theta xi].

    For lambda = infinity the last factor is c_chi, `noise_prefactor`: independent of time and of n_train, linear in T.
    On a training set the same points come again, and it is smaller by a factor that theory here does not give.
    """
    unit = np.asarray(temperature, np.float64) * (dimensions - 1) / (2 * math.sqrt(dimensions))
    seen = np.asarray(ratio, np.float64)
    near = np.where(np.isinf(seen), 1.0, seen)
    factor = np.where(np.isinf(seen), noise_prefactor(chi), test_error(near, chi) / -restoring(near, chi))
    return np.asarray(unit * factor)


def online_exponent(chi: float) -> float:
    """Return the exponent of w_1 ~ T^((2 + chi) / (3 + chi)) t^(1 / (3 + chi)) for fresh samples."""
    return 1 / (3 + chi)


def exponent(quantity: str, chi: float) -> float:
    """Return p of quantity ~ n_train^p at given T, kappa and d, with gamma = 1 / (1 + chi).

    A run stops when lambda ~ n_train^gamma, for then the test error is about 1 / n_train. Noise does not depend on
    n_train, so w_1 ~ T n_train^gamma and t ~ T n_train^(1 + 2 gamma); gradient descent needs |w| ~ kappa n_train^gamma
    for the margin, so both meet at a T_c ~ kappa that n_train does not move; the first step of a batch gives
    |w| ~ learning_rate, so B* ~ n_train^gamma.
    """
    gamma = 1 / (1 + chi)
    found: Mapping[str, float] = {
        "signal": gamma,
        "noise_norm": 0.0,
        "time": 1 + 2 * gamma,
        "test_error": -1.0,
        "gd_norm": gamma,
        "critical_temperature": 0.0,
        "critical_batch": gamma,
    }
    return found[quantity]
