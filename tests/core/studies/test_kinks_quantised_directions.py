"""G, D and the quantised directions against loops, finite differences and a search of the whole circle."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.studies.kinks.theory.directions import (
    circle,
    drive,
    escape_time,
    extremal_directions,
    fastest_growth,
    growth,
    kink_bound,
    kink_of,
    live_growth,
    unit,
)
from core.studies.kinks.theory.points import Points, on_line

ZIG5 = on_line((-1, -0.5, 0, 0.5, 1), (-0.5, 0.5, -0.3, 0.6, -0.4))
WU5 = on_line((-1, -0.6, -0.1, 0.3, 0.7), (0.28, -0.1, 0.03, 0.23, -0.22))
BF3 = on_line((-0.75, -0.5, 0.125), (1.1, 0.1, 0.8))
SEEDS = st.integers(0, 2**32 - 1)


def some(seed: int, count: int) -> Points:
    """Random points, no two nearer than a quarter of the mean gap."""
    rng = np.random.default_rng(seed)
    x = (np.arange(count) + rng.uniform(0.125, 0.875, count)) * 2 / count - 1
    return on_line(x, rng.normal(size=count))


def of_angle(angle: np.ndarray, points: Points, residual: np.ndarray | None = None) -> np.ndarray:
    return growth(unit(angle), points.inputs, points.y if residual is None else residual)


@given(SEEDS, st.integers(1, 5))
def test_growth_and_drive_are_their_sums(seed: int, dim: int) -> None:
    rng = np.random.default_rng(seed)
    v, inputs, residual = rng.normal(size=(7, dim)), rng.normal(size=(6, dim)), rng.normal(size=(2, 3, 6))
    g, d = growth(v, inputs, residual), drive(v, inputs, residual)
    assert g.shape == (2, 3, 7)
    assert d.shape == (2, 3, 7, dim)
    for j in range(7):
        expected = np.zeros(dim)
        for i in range(6):
            if v[j] @ inputs[i] > 0:
                expected += residual[1, 2, i] * inputs[i] / 6
        np.testing.assert_allclose(d[1, 2, j], expected, atol=1e-14)
        np.testing.assert_allclose(g[1, 2, j], v[j] @ expected, atol=1e-14)


@given(SEEDS, st.integers(1, 5))
def test_drive_is_the_gradient_of_growth(seed: int, dim: int) -> None:
    rng = np.random.default_rng(seed)
    v, inputs, residual = rng.normal(size=(1, dim)), rng.normal(size=(6, dim)), rng.normal(size=6)
    v /= min(1, np.abs(v @ inputs.T).min() * 1e3)  # away from every cut, by more than the step
    steps = 1e-4 * np.eye(dim)
    found = (growth(v + steps, inputs, residual) - growth(v - steps, inputs, residual)) / 2e-4
    np.testing.assert_allclose(drive(v, inputs, residual)[0], found, atol=1e-7)


def test_a_kink_is_where_its_unit_switches() -> None:
    angle = np.linspace(-1.5, 4.7, 40)
    w, b = unit(angle).T
    np.testing.assert_allclose(w * kink_of(angle) + b, 0, atol=1e-12)


@given(SEEDS, st.integers(2, 12))
def test_slopes_jump_at_cuts_by_the_residual_of_their_point(seed: int, count: int) -> None:
    points = some(seed, count)
    ring = circle(points)
    before, after = ring.slopes(ring.drive(points.inputs, points.y))
    jump = points.y[ring.point] * np.hypot(points.x[ring.point], 1) / count
    np.testing.assert_allclose(after - before, jump, atol=1e-14)
    step = 1e-7
    down = (of_angle(ring.cut, points) - of_angle(ring.cut - step, points)) / step
    up = (of_angle(ring.cut + step, points) - of_angle(ring.cut, points)) / step
    np.testing.assert_allclose([before, after], [down, up], atol=1e-5)
    np.testing.assert_allclose(kink_of(ring.cut), points.x[ring.point], atol=1e-12)


@given(SEEDS, st.integers(2, 12))
def test_every_arc_has_one_drive(seed: int, count: int) -> None:
    points = some(seed, count)
    ring = circle(points)
    edges = np.concatenate([[-np.pi / 2], ring.cut, [3 * np.pi / 2]])
    assert (np.diff(edges) > 0).all()
    middles = (edges[1:] + edges[:-1]) / 2
    expected = drive(unit(middles), points.inputs, points.y)
    np.testing.assert_allclose(ring.drive(points.inputs, points.y), expected, atol=1e-14)


def local_extrema(points: Points, residual: np.ndarray) -> list[tuple[float, int]]:
    """Angle and kind of every local extremum of G on a fine grid; stretches level to rounding are none."""
    angle = np.linspace(-np.pi / 2, 3 * np.pi / 2, 40_001)[:-1] + 1e-5
    slope = np.diff(of_angle(np.append(angle, angle[0]), points, residual))
    way = np.where(np.abs(slope) < 1e-13, 0, np.sign(slope))
    turns = way * np.roll(way, 1) < 0  # up then down, or down then up
    return [(float(angle[k]), -int(way[k])) for k in np.flatnonzero(turns)]


def check_against_the_grid(points: Points, residual: np.ndarray) -> None:
    found = extremal_directions(points, residual)
    here = found.kind != 0
    order = np.argsort(found.angle[here])
    angles, kinds = found.angle[here][order], found.kind[here][order]
    expected = local_extrema(points, residual)
    assert kinds.tolist() == [kind for _, kind in expected]
    np.testing.assert_allclose(angles, [angle for angle, _ in expected], atol=4e-4)
    np.testing.assert_allclose(found.growth[here], of_angle(found.angle[here], points, residual), atol=1e-12)
    assert (np.isnan(found.angle) == ~here).all()


@given(SEEDS, st.integers(2, 10))
def test_quantised_directions_are_the_local_extrema_of_growth(seed: int, count: int) -> None:
    points = some(seed, count)
    check_against_the_grid(points, points.y)
    check_against_the_grid(points, np.random.default_rng(seed + 1).normal(size=count))


@given(st.lists(st.integers(-2, 2), min_size=5, max_size=5))
def test_round_numbers_make_level_arcs_and_no_false_extremum(y: list[int]) -> None:
    points = on_line((-1, -0.5, 0, 0.5, 1), y)
    check_against_the_grid(points, points.y)


def test_an_extremum_between_points_by_hand() -> None:
    points = on_line((-1, -0.8, 0.9), (5.8, -6, 0))  # active left of the gap: D = (-1, -0.2)/3
    found = extremal_directions(points)
    top = found.kind == 1
    assert found.angle[top] == pytest.approx(np.pi + np.arctan(0.2))
    assert kink_of(found.angle[top]) == pytest.approx(-0.2)
    assert found.growth[top] == pytest.approx(np.hypot(1, 0.2) / 3)
    assert found.point[top] == -1
    check_against_the_grid(points, points.y)


@given(SEEDS, st.integers(3, 10))
def test_a_drive_that_rounding_leaves_is_none(seed: int, count: int) -> None:
    points = some(seed, count)
    slope, offset = np.polyfit(points.x, points.y, 1)
    residual = points.y - slope * points.x - offset  # D = 0 where all points are active
    check_against_the_grid(points, residual)
    all_on = 2 * count + count - 1
    assert extremal_directions(points, residual).kind[all_on] == 0


@given(SEEDS, st.integers(2, 12))
def test_kinds_on_data_and_counts_are_bounded(seed: int, count: int) -> None:
    points = some(seed, count)
    found = extremal_directions(points)
    on_data = found.point >= 0
    for sign in (1, -1):  # a maximum on a point needs a negative residual, a minimum a positive one
        assert (sign * points.y[found.point[on_data & (found.kind == sign)]] < 0).all()
    here = found.kind != 0
    position = np.unique(np.round(kink_of(found.angle[here]), 9))
    inside = (position >= points.x[0] - 1e-8) & (position <= points.x[-1] + 1e-8)
    assert inside.sum() <= 3 * count - 2
    assert len(position) <= 3 * count - 1
    assert kink_bound(count) == 2 * count + 1


def test_residuals_of_many_snapshots_go_at_once() -> None:
    residual = np.random.default_rng(0).normal(size=(4, 2, 5))
    residual[1, 1, 3] = np.nan
    residual[2, 0, 0] = np.inf
    together, fastest = extremal_directions(ZIG5, residual), fastest_growth(ZIG5, residual)
    assert together.angle.shape == together.kind.shape == together.rate.shape == (4, 2, 19)
    assert together.point.shape == (19,)
    for where in np.ndindex(4, 2):
        alone = extremal_directions(ZIG5, residual[where])
        np.testing.assert_array_equal(together.kind[where], alone.kind)
        np.testing.assert_array_equal(together.angle[where], alone.angle)
        np.testing.assert_array_equal(fastest[where], fastest_growth(ZIG5, residual[where]))
    for broken in ((1, 1), (2, 0)):  # shown as not a number, the others untouched
        assert not together.kind[broken].any()
        assert np.isnan(fastest[broken])
    assert np.isfinite(fastest).sum() == 6


@given(SEEDS, st.integers(2, 10))
def test_fastest_growth_is_the_largest_on_the_circle(seed: int, count: int) -> None:
    points = some(seed, count)
    angle = np.linspace(0, 2 * np.pi, 5001)
    assert fastest_growth(points) == pytest.approx(np.abs(of_angle(angle, points)).max(), rel=1e-3)


def test_nothing_grows_without_a_residual() -> None:
    points = on_line((-1, 0, 1), (0, 0, 0))
    assert not extremal_directions(points).kind.any()
    assert fastest_growth(points) == 0
    assert escape_time(points, 1e-3) == np.inf


def test_at_the_least_squares_line_living_units_rest_while_a_free_one_would_grow() -> None:
    slope, offset = np.polyfit(BF3.x, BF3.y, 1)
    residual = BF3.y - slope * BF3.x - offset
    assert np.mean(residual**2) / 2 == pytest.approx(8.7521e-2, rel=1e-4)
    assert fastest_growth(BF3, residual) == pytest.approx(3.1e-2, abs=1e-3)
    all_on, dead = np.array([offset, slope])[::-1], np.array([1.0, -5.0])
    assert live_growth(BF3, np.stack([all_on, dead]), np.array([1.0, 1.0]), residual) == pytest.approx(0, abs=1e-12)


def test_live_growth_by_hand() -> None:
    points, residual = on_line((0, 1), (0, 0)), np.array([2.0, -4.0])
    v = np.array([[0.0, 3.0], [5.0, 0.0], [0.0, -1.0]])  # all on: G(u) = -1; the right point only: -2; dead
    assert live_growth(points, v[:1], np.array([1.0]), residual) == -1
    assert live_growth(points, v, np.array([-1.0, -1.0, 1.0]), residual) == 2
    assert live_growth(points, v[2:], np.array([1.0]), residual) == 0
    assert np.isnan(live_growth(points, v, np.ones(3), np.array([np.nan, 1.0])))


def test_escape_times_are_those_measured() -> None:
    decade = np.log(10)
    for points, expected in ((ZIG5, 13.98), (WU5, 13.21)):  # shared figures of 1/G_max
        late, early = escape_time(points, [1e-3, 1e-2])
        assert (late - early) / decade == pytest.approx(expected, abs=0.01)
        assert escape_time(points, np.exp(-1.0)) == pytest.approx(1 / fastest_growth(points))


def test_bad_arguments_are_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match=r"residual: 5 numbers, one a point; shape \(2, 3\) came\."):
        extremal_directions(ZIG5, np.zeros((2, 3)))
    for sigma in (0.0, 1.0, np.nan):
        with pytest.raises(ValueError, match=r"sigma: above 0 and below 1; .* came\."):
            escape_time(ZIG5, sigma)
