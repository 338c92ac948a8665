"""The perceptron's closed forms against quadrature, sampling and their limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr

from core.datasets.perceptron import draw
from core.studies.perceptron.theory import (
    drift,
    exponent,
    mean_input,
    noise,
    noise_prefactor,
    online_exponent,
    restoring,
    test_error,
)

CHIS = (-0.5, 0.0, 1.0, 3.0)
RATIOS = (0.0, 0.3, 1.0, 6.0)


def over_input(chi: float, of: object) -> float:
    """Mean of a function of |x_1| under its density, by quadrature."""
    assert callable(of)

    def density(x: float) -> float:
        return x**chi * math.exp(-(x**2) / 2)

    def mean(of: object) -> float:
        assert callable(of)
        return sum(quad(lambda x: density(x) * of(x), *ends, limit=200)[0] for ends in ((0, 1e-3), (1e-3, 1), (1, 40)))

    return mean(of) / mean(lambda _: 1.0)


@pytest.mark.parametrize("chi", CHIS)
@pytest.mark.parametrize("ratio", RATIOS)
def test_closed_forms_are_the_integrals(chi: float, ratio: float) -> None:
    """Given x_1 the point is wrong if xi < -lambda |x_1|, and E[xi 1{xi < -a}] = -phi(a)."""
    assert test_error(ratio, chi) == pytest.approx(over_input(chi, lambda x: ndtr(-ratio * x)), rel=1e-6)
    pull = over_input(chi, lambda x: -math.exp(-((ratio * x) ** 2) / 2) / math.sqrt(2 * math.pi))
    assert restoring(ratio, chi) == pytest.approx(pull, rel=1e-6)
    push = over_input(chi, lambda x: x * ndtr(-ratio * x)) / math.sqrt(50)
    assert drift(ratio, chi, 50) == pytest.approx(push, rel=1e-6)
    assert mean_input(chi) == pytest.approx(over_input(chi, lambda x: x), rel=1e-6)


def test_no_depletion_is_the_angle_to_the_truth() -> None:
    ratio = np.array([0.0, 0.2, 1.0, 10.0, math.inf])
    np.testing.assert_allclose(test_error(ratio, 0.0), np.arctan2(1, ratio) / math.pi, atol=1e-15)
    assert np.isnan(test_error(math.nan, 1.0))


@pytest.mark.parametrize(("chi", "prefactor"), [(0, 0.798), (1, 0.627), (3, 0.470)])
def test_the_noise_level_and_its_limit(chi: float, prefactor: float) -> None:
    assert noise_prefactor(chi) == pytest.approx(prefactor, abs=5e-4)
    assert noise(2.0, chi, 64) == pytest.approx(2 * 63 / 16 * noise_prefactor(chi))
    assert noise(2.0, chi, 64, ratio=1e4) == pytest.approx(noise(2.0, chi, 64), rel=1e-4)
    assert noise(2.0, chi, 64, ratio=1.0) > noise(2.0, chi, 64)


@pytest.mark.parametrize("chi", (0.0, 1.0, 3.0))
def test_the_noise_level_is_where_kick_and_pull_balance(chi: float) -> None:
    """d|w_perp|^2 / dt = 2 |w_perp| E[theta xi] / sqrt(d) + T (d - 1) / d eps = 0 for fresh samples of batch 1."""
    d, temperature, ratio = 20, 0.7, 4.0
    level = float(noise(temperature, chi, d, ratio))
    pull = 2 * level * float(restoring(ratio, chi)) / math.sqrt(d)
    kick = temperature * (d - 1) / d * float(test_error(ratio, chi))
    assert pull + kick == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("chi", (0.0, 1.0, 3.0))
def test_exponents_are_those_of_the_limits(chi: float) -> None:
    """At large lambda the error falls as lambda^-(1 + chi) and the drift as lambda^-(2 + chi)."""
    for of, power in ((lambda r: test_error(r, chi), 1 + chi), (lambda r: drift(r, chi, 9), 2 + chi)):
        assert math.log(of(100.0) / of(200.0), 2) == pytest.approx(power, abs=1e-3)
    assert exponent("signal", chi) == 1 / (1 + chi) == -exponent("test_error", chi) / (1 + chi)
    assert exponent("time", chi) == pytest.approx((3 + chi) / (1 + chi))
    assert online_exponent(chi) * exponent("time", chi) == pytest.approx(exponent("signal", chi))


@pytest.mark.parametrize("chi", CHIS)
def test_the_sample_has_that_density(chi: float) -> None:
    x, y = draw(chi, 3, 40_000, seed=5)
    assert set(np.unique(y)) == {-1.0, 1.0}
    np.testing.assert_array_equal(np.sign(x[:, 0]), y)
    size = np.abs(x[:, 0])
    for of in (lambda v: v, lambda v: v**2, lambda v: ndtr(-2 * v)):
        found, spread = np.mean(of(size)), np.std(of(size)) / 200
        assert found == pytest.approx(over_input(chi, of), abs=5 * spread)
    assert np.abs(x[:, 1:].mean(axis=0)).max() < 0.025
    assert x[:, 1:].std(axis=0) == pytest.approx(1, abs=0.02)


def test_a_smaller_sample_is_the_beginning_of_a_larger_one() -> None:
    few, many = draw(1.0, 4, 10, seed=3), draw(1.0, 4, 500, seed=3)
    for part, whole in zip(few, many, strict=True):
        np.testing.assert_array_equal(part, whole[:10])
    easier, _ = draw(3.0, 4, 10, seed=3)
    np.testing.assert_array_equal(easier[:, 1:], few[0][:, 1:])
