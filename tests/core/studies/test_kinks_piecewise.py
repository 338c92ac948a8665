"""A network with one input, as kinks and slopes, against the plain sum over its units."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.studies.kinks.theory.piecewise import PiecewiseLinear, network


def relu_sum(w: np.ndarray, b: np.ndarray, a: np.ndarray, x: np.ndarray) -> np.ndarray:
    return np.array([sum(aj * max(wj * place + bj, 0) for wj, bj, aj in zip(w, b, a, strict=True)) for place in x])


@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_a_network_is_the_sum_of_its_units(seed: int, units: int) -> None:
    rng = np.random.default_rng(seed)
    w, b, a = rng.normal(size=(3, units))
    w[rng.random(units) < 0.2] = 0  # constants, active or dead
    f, x = network(w, b, a), rng.uniform(-3, 3, 50)
    np.testing.assert_allclose(f(x), relu_sum(w, b, a, x), atol=1e-10)
    assert (np.diff(f.kink) >= 0).all()
    far = 2 * np.abs(f.kink).max(initial=1)
    slopes = [np.diff(relu_sum(w, b, a, end * far + np.array([0, 1.0])))[0] for end in (-2, 2)]
    np.testing.assert_allclose([f.slope, f.last_slope], slopes, atol=1e-6)


def test_the_slope_jumps_by_a_times_size_of_w_whichever_side_is_active() -> None:
    f = network(np.array([2.0, -2.0]), np.array([-1.0, 2.0]), np.array([3.0, 3.0]))
    assert f.kink.tolist() == [0.5, 1.0]
    assert f.slope_jump.tolist() == [6.0, 6.0]
    assert (f.slope, f.offset, f.last_slope) == (-6.0, 6.0, 6.0)


@pytest.mark.parametrize("w", [0.0, 1e-13, -1e-13])
def test_a_unit_without_a_kink_is_a_constant(w: float) -> None:
    f = network(np.array([w, w]), np.array([2.0, -5.0]), np.array([1.5, 1.0]))
    assert len(f.kink) == 0
    assert f(np.array([-1.0, 0.0, 1.0])).tolist() == [3.0, 3.0, 3.0]


def test_no_units_make_zero_and_not_a_number_stays_visible() -> None:
    none = np.zeros(0)
    assert network(none, none, none)(np.array([1.0, 2.0])).tolist() == [0, 0]
    bad = network(np.array([np.nan, 1.0]), np.array([0.0, 0.0]), np.array([1.0, 1.0]))
    assert np.isnan(bad(np.array([0.0, 1.0]))).all()


def test_values_are_shaped_as_x() -> None:
    f = PiecewiseLinear(np.array([0.0]), np.array([2.0]), -1.0, 0.0)
    x = np.array([[-2.0, -1.0, 0.0], [1.0, 2.0, 3.0]])
    np.testing.assert_array_equal(f(x), np.abs(x))
