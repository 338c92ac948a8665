"""References to hold a network against: they pass through the data, and are least in what they claim to be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from core.studies.kinks.theory.piecewise import PiecewiseLinear, network
from core.studies.kinks.theory.points import Points, on_line
from core.studies.kinks.theory.references import (
    connect_the_dots,
    lazy_limit,
    minimum_norm,
    norm_with_biases,
    norm_without_biases,
)

ZIG5 = on_line((-1, -0.5, 0, 0.5, 1), (-0.5, 0.5, -0.3, 0.6, -0.4))
WU5 = on_line((-1, -0.6, -0.1, 0.3, 0.7), (0.28, -0.1, 0.03, 0.23, -0.22))
BF3 = on_line((-0.75, -0.5, 0.125), (1.1, 0.1, 0.8))
SEEDS = st.integers(0, 2**32 - 1)


def some(seed: int, count: int) -> Points:
    rng = np.random.default_rng(seed)
    return on_line(rng.permutation(np.linspace(-1, 1, 401))[:count], rng.normal(size=count))


@given(SEEDS, st.integers(2, 15))
def test_connect_the_dots_is_linear_interpolation(seed: int, count: int) -> None:
    points = some(seed, count)
    f, inside = connect_the_dots(points), np.linspace(points.x[0], points.x[-1], 97)
    np.testing.assert_allclose(f(inside), np.interp(inside, points.x, points.y), atol=1e-9)
    ends = (points.y[1] - points.y[0]) / (points.x[1] - points.x[0]), f.last_slope
    assert f.slope == pytest.approx(ends[0])
    assert ends[1] == pytest.approx((points.y[-1] - points.y[-2]) / (points.x[-1] - points.x[-2]), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("f", "with_biases", "without"),
    [
        (PiecewiseLinear(np.array([0.0]), np.array([2.0]), -1.0, 0.0), 2, 2),  # |x|
        (PiecewiseLinear(np.array([0.0]), np.array([1.0]), 0.0, 0.0), 1, 1),  # relu
        (PiecewiseLinear(np.zeros(0), np.zeros(0), 1.0, 5.0), 0, 2),  # a line: two units
        (PiecewiseLinear(np.array([-0.75, 0.75]), np.array([1.0, -1.0]), 0.0, 0.0), 2.5, 2),  # a step
    ],
)
def test_norms_by_hand(f: PiecewiseLinear, with_biases: float, without: float) -> None:
    assert norm_with_biases(f) == pytest.approx(with_biases)
    assert norm_without_biases(f) == pytest.approx(without)


@given(SEEDS)
def test_a_network_pays_what_the_norms_say_or_more(seed: int) -> None:
    w, b, a = np.random.default_rng(seed).normal(size=(3, 9))
    f = network(w, b, a)
    assert norm_with_biases(f) == pytest.approx((np.abs(a) * np.hypot(w, b)).sum())
    assert norm_without_biases(f) <= (np.abs(a) * np.abs(w)).sum() * (1 + 1e-12)


@settings(max_examples=40)
@given(SEEDS, st.integers(2, 25))
def test_minimum_norm_interpolates_at_no_more_cost_than_others(seed: int, count: int) -> None:
    points = some(seed, count)
    f = minimum_norm(points)
    np.testing.assert_allclose(f(points.x), points.y, atol=1e-6 * max(1, np.abs(f.slope_jump).max(initial=0)))
    cost = norm_with_biases(f)
    assert cost <= norm_with_biases(connect_the_dots(points)) * (1 + 1e-9)
    assert len(f.kink) <= max(0, 2 * (count - 2))
    rng = np.random.default_rng(seed + 1)
    for size in (0.01, 0.3):
        bumps = network(*rng.normal(size=(2, 4)), size * rng.normal(size=4))
        rest = connect_the_dots(on_line(points.x, points.y - bumps(points.x)))
        other = norm_with_biases(bumps) + norm_with_biases(rest)
        merged = PiecewiseLinear(np.append(bumps.kink, rest.kink), np.append(bumps.slope_jump, rest.slope_jump), 0, 0)
        assert norm_with_biases(merged) == pytest.approx(other)
        assert cost <= other * (1 + 1e-9)


def least_on_a_grid(points: Points) -> float:
    """The least cost over kinks on a grid that reaches past the inner points, with a free line: values, not jumps."""
    kinks = np.union1d(np.linspace(points.x[0], points.x[-1], 801), points.x)
    hinges = np.maximum(points.x[:, None] - kinks, 0)
    line = points.inputs
    cost = np.hypot(1, kinks)
    solved = linprog(
        np.concatenate([cost, cost, np.zeros(4)]),
        A_eq=np.hstack([hinges, -hinges, line, -line]),
        b_eq=points.y,
        method="highs-ds",
    )
    assert solved.success
    return float(solved.fun)


@pytest.mark.parametrize("points", [ZIG5, WU5, BF3, some(0, 9), some(1, 14)], ids=["zig5", "wu5", "bf3", "9", "14"])
def test_minimum_norm_is_what_a_fine_grid_of_kinks_finds(points: Points) -> None:
    cost, on_grid = norm_with_biases(minimum_norm(points)), least_on_a_grid(points)
    assert cost <= on_grid * (1 + 1e-7)
    assert cost >= on_grid * (1 - 1e-4)


def test_minimum_norm_leaves_the_dots_where_it_pays() -> None:
    assert len(minimum_norm(WU5).kink) == 2  # the dots have three
    assert norm_with_biases(minimum_norm(WU5)) < 0.995 * norm_with_biases(connect_the_dots(WU5))
    straight = minimum_norm(on_line((-1, 0, 1), (-2, 0, 2)))
    assert (len(straight.kink), straight.slope, straight.offset) == (0, 2, 0)


def empirical_fit(points: Points, x: np.ndarray, units: int, rng: np.random.Generator) -> np.ndarray:
    """Kernel regression on the gradients of a network of balanced Gaussian units, in pairs of opposite a."""
    v = rng.normal(size=(units, 2))
    length = np.linalg.norm(v, axis=1)

    def features(places: np.ndarray) -> np.ndarray:
        inputs = np.column_stack([places, np.ones_like(places)])
        before = inputs @ v.T
        active = (before > 0) * length
        return np.hstack([active * inputs[:, :1], active, np.maximum(before, 0)])

    data = features(points.x)
    return np.asarray(features(x) @ data.T @ np.linalg.solve(data @ data.T, points.y))


def test_the_lazy_limit_is_regression_on_very_many_units() -> None:
    x, rng = np.linspace(-1.2, 1.2, 25), np.random.default_rng(0)
    fits = np.stack([empirical_fit(ZIG5, x, 20_000, rng) for _ in range(16)])
    error = fits.std(0, ddof=1) / 4
    assert error.max() < 0.02  # a tolerance that means something
    bias = fits.std(0, ddof=1) ** 2  # a ratio of means is off by their variance
    assert (np.abs(fits.mean(0) - lazy_limit(ZIG5)(x)) <= 4 * error + bias + 1e-12).all()


@given(SEEDS, st.integers(2, 8))
def test_the_lazy_limit_passes_through_the_data(seed: int, count: int) -> None:
    points = some(seed, count)
    np.testing.assert_allclose(lazy_limit(points)(points.x), points.y, atol=1e-5)
