"""The limit of small initialization and the greedy construction, on data whose outcome is known."""

import numpy as np
import pytest

from core.studies.kinks.theory.directions import fastest_growth
from core.studies.kinks.theory.limit import OUTCOMES, Limit, greedy, swarm_limit
from core.studies.kinks.theory.points import Points, on_line

ZIG5 = on_line((-1, -0.5, 0, 0.5, 1), (-0.5, 0.5, -0.3, 0.6, -0.4))
WU5 = on_line((-1, -0.6, -0.1, 0.3, 0.7), (0.28, -0.1, 0.03, 0.23, -0.22))
BF3 = on_line((-0.75, -0.5, 0.125), (1.1, 0.1, 0.8))


def consistent(limit: Limit, points: Points) -> None:
    """What every limit must say of itself."""
    assert limit.outcome in OUTCOMES
    assert len(limit.time) == len(limit.loss)
    assert (np.diff(limit.time) > 0).all()
    left = points.y - limit.function(points.x)
    assert limit.loss[-1] == pytest.approx(np.mean(left**2) / 2, rel=1e-6, abs=1e-14)
    assert limit.free_growth == pytest.approx(fastest_growth(points, left), rel=1e-6, abs=1e-9)
    assert limit.live_growth <= limit.free_growth * (1 + 1e-9)


@pytest.mark.parametrize("sigma", [1e-3, 1e-12])
def test_kinks_of_zig5_settle_on_the_inner_points(sigma: float) -> None:
    found = swarm_limit(ZIG5, sigma)
    consistent(found, ZIG5)
    assert found.outcome == "interpolated"
    f = found.function
    inside = np.abs(f.kink) < 1
    for kink, slope_jump in zip((-0.5, 0.0, 0.5), (-3.6, 3.4, -3.8), strict=True):  # of the dots, joined
        near = np.abs(f.kink - kink) < 1e-3
        assert f.slope_jump[near].sum() == pytest.approx(slope_jump, abs=2e-3)
        inside &= ~near
    assert np.abs(f.slope_jump[inside]).sum() < 1e-3


def test_bf3_ends_at_the_least_squares_line_though_a_unit_could_grow() -> None:
    found = swarm_limit(BF3)
    consistent(found, BF3)
    assert found.outcome == "stationary"
    assert found.loss[-1] == pytest.approx(8.7521e-2, rel=1e-4)
    x = np.array([-1.0, 0.3, 1.0])
    np.testing.assert_allclose(found.function(x), np.polyval(np.polyfit(BF3.x, BF3.y, 1), x), atol=5e-3)
    assert found.free_growth == pytest.approx(3.1e-2, abs=1e-3)
    assert found.live_growth < 1e-4


def test_greedy_fits_bf3_by_units_where_none_would_live() -> None:
    found = greedy(BF3)
    consistent(found, BF3)
    assert found.outcome == "interpolated"
    np.testing.assert_allclose(found.function(BF3.x), BF3.y, atol=1e-4)
    assert 2 <= len(found.units.angle) <= 5


def first_drop(limit: Limit) -> float:
    return float(np.interp(-0.99, -limit.loss / limit.loss[0], limit.time))


@pytest.mark.parametrize(("small", "smaller"), [(1e-6, 1e-12), (1e-12, 1e-100)])
def test_escape_takes_the_logarithm_of_sigma_over_the_fastest_growth(small: float, smaller: float) -> None:
    late, early = swarm_limit(BF3, smaller), swarm_limit(BF3, small)
    law = np.log(small / smaller) / fastest_growth(BF3)
    assert first_drop(late) - first_drop(early) == pytest.approx(law, rel=1e-3)
    assert late.loss[-1] == pytest.approx(early.loss[-1], rel=1e-6)


def test_shorter_steps_and_more_units_give_the_same_function() -> None:
    x = np.linspace(-1, 1, 50)
    usual, fine = swarm_limit(WU5, 1e-6), swarm_limit(WU5, 1e-6, c1=0.03, angles=360)
    np.testing.assert_allclose(usual.function(x), fine.function(x), atol=1e-3)


def test_nothing_to_fit_takes_no_step() -> None:
    points = on_line((-1, 0, 1), (0, 0, 0))
    for found in (swarm_limit(points), greedy(points)):
        consistent(found, points)
        assert found.outcome == "interpolated"
        assert found.loss == pytest.approx([0], abs=1e-40)


def test_the_steps_run_out() -> None:
    for found in (swarm_limit(ZIG5, step_limit=50), greedy(ZIG5, step_limit=50), greedy(ZIG5, step_limit=2000)):
        consistent(found, ZIG5)
        assert found.outcome == "step_limit"
        assert len(found.time) - 1 in (50, 2000)
    long = greedy(ZIG5, step_limit=2000)
    np.testing.assert_array_equal(long.loss[:50], greedy(ZIG5, step_limit=50).loss[:50])


def test_it_is_the_same_every_time() -> None:
    first, again = swarm_limit(BF3, 1e-3), swarm_limit(BF3, 1e-3)
    assert first.units.angle.tobytes() == again.units.angle.tobytes()
    assert first.loss.tobytes() == again.loss.tobytes()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"sigma": 0.0}, "sigma: above 0 and below 1; 0.0 came."),
        ({"sigma": 1.0}, "sigma: above 0 and below 1; 1.0 came."),
        ({"angles": 3}, "angles: at least 4; 3 came."),
        ({"step_limit": 0}, "step_limit: at least 1; 0 came."),
        ({"c1": 0.0}, "c1: above 0 and at most 1; 0.0 came."),
        ({"c1": float("nan")}, "c1: above 0 and at most 1; nan came."),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(arguments: dict[str, float], sentence: str) -> None:
    with pytest.raises(ValueError) as refusal:
        swarm_limit(ZIG5, **arguments)  # type: ignore[arg-type]
    assert str(refusal.value) == sentence


@pytest.mark.claim
def test_wu5_fits_at_one_scale_and_stays_on_its_plateau_at_a_smaller() -> None:
    large, small = swarm_limit(WU5, 1e-3), swarm_limit(WU5, 1e-6)
    assert large.outcome == "interpolated"
    assert small.outcome == "stationary"
    assert small.loss[-1] == pytest.approx(1.4e-2, rel=0.02)


@pytest.mark.claim
def test_greedy_puts_one_kink_of_zig5_beside_the_data() -> None:
    found = greedy(ZIG5)
    consistent(found, ZIG5)
    assert found.outcome == "interpolated"
    f = found.function
    inside = np.abs(f.kink) < 1
    np.testing.assert_allclose(f.kink[inside], [-0.504, 0, 0.5], atol=1e-3)
    assert abs(f.kink[inside][0] + 0.5) > 3e-3  # where the swarm puts it within 1e-3
