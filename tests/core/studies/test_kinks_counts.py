"""Counts of kinks on sets made by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.studies.kinks.counts import (
    bending_kinks,
    distinct_kinks,
    effective_number,
    places,
    places_by_chance,
    share_on_points,
)

NAN, INF = float("nan"), float("inf")


def kinks(*pairs: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    position, jump = np.array(pairs, np.float64).reshape(-1, 2).T
    return position, jump


def test_one_bin_counts_as_one_and_all_bins_alike_as_201() -> None:
    centres = np.linspace(-1, 1, 201)
    assert effective_number(*kinks((0.301, 1), (0.302, -5), (0.303, 0.1)), -1, 1) == pytest.approx(1)
    assert effective_number(*kinks((0.4999, 1), (0.5, 5), (0.5001, 1)), -1, 1) == pytest.approx(1)
    assert effective_number(centres, np.where(centres > 0, 3.0, -3.0), -1, 1) == pytest.approx(201)
    assert effective_number(centres[:50], np.ones(50), -1, 1) == pytest.approx(50)


@given(st.integers(0, 2**32 - 1), st.sampled_from([1e-200, 1e-24, 7.0, 1e100]))
def test_the_effective_number_does_not_depend_on_scale_or_place(seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    kink, jump = rng.uniform(-1.2, 1.2, 30), rng.normal(size=30)
    number = effective_number(kink, jump, -1, 1)
    assert effective_number(kink, scale * jump, -1, 1) == pytest.approx(number)
    assert effective_number(-kink, -jump, -1, 1) == pytest.approx(number, rel=1e-9)
    inside = np.abs(kink) <= 1
    mass, _ = np.histogram(kink[inside], 201, (-1.005, 1.005), weights=np.abs(jump[inside]))
    assert number == pytest.approx(mass.sum() ** 2 / (mass**2).sum())


def test_leading_axes_go_at_once() -> None:
    rng = np.random.default_rng(0)
    kink, jump = rng.uniform(-2, 2, (2, 3, 12)), rng.normal(size=(2, 3, 12))
    together = effective_number(kink, jump, -1, 1)
    assert together.shape == (2, 3)
    for where in np.ndindex(2, 3):
        assert together[where] == effective_number(kink[where], jump[where], -1, 1)


def test_kinks_outside_and_units_without_one_do_not_count() -> None:
    kink, jump = kinks((-1, 1), (1, 1), (1.001, 9), (-7, 9), (NAN, 9), (INF, 9), (-INF, 9))
    assert effective_number(kink, jump, -1, 1) == pytest.approx(2)  # both ends belong to the range
    found = distinct_kinks(kink, jump, -1, 1)
    assert found.position.tolist() == [-1, 1]
    assert found.mass.tolist() == [1, 1]
    assert share_on_points(kink, jump, np.array([-1.0, 0.9, 1.0])) == 1


def test_no_kink_counts_as_none() -> None:
    for kink, jump in (kinks(), kinks((5, 1), (NAN, 1)), kinks((0, 0), (0.5, 0))):
        assert effective_number(kink, jump, -1, 1) == 0
        assert distinct_kinks(kink, jump, -1, 1).count == len(distinct_kinks(kink, jump, -1, 1).position) == 0
        assert np.isnan(share_on_points(kink, jump, np.array([-1.0, 1.0])))


def test_a_mass_that_is_not_a_number_is_shown() -> None:
    kink, jump = kinks((0, NAN), (0.5, 1))
    assert np.isnan(effective_number(kink, jump, -1, 1))


def test_near_kinks_are_one_at_their_centre_of_mass() -> None:
    found = distinct_kinks(*kinks((0.53, 1), (-0.2, 4), (0.5, 3), (0.56, 1)), -1, 1)  # gaps of .03, split over .04
    np.testing.assert_allclose(found.position, [-0.2, (1.5 + 0.53 + 0.56) / 5])
    np.testing.assert_allclose(found.slope_jump, [4, 5])
    np.testing.assert_allclose(found.mass, [4, 5])
    assert found.count == 2


def test_kinks_apart_by_more_than_the_gap_are_two() -> None:
    assert distinct_kinks(*kinks((0, 1), (0.041, 1)), -1, 1).count == 2
    assert distinct_kinks(*kinks((0, 1), (0.039, 1)), -1, 1).count == 1


def test_a_pair_that_cancels_is_a_cluster_but_no_kink() -> None:
    found = distinct_kinks(*kinks((0.3, 5), (0.301, -5), (-0.4, 2)), -1, 1)
    np.testing.assert_allclose(found.position, [-0.4, 0.3005])
    np.testing.assert_allclose(found.slope_jump, [2, 0], atol=1e-12)
    np.testing.assert_allclose(found.mass, [2, 10])
    assert found.bends.tolist() == [True, False]
    assert found.count == 1


def test_light_kinks_are_left_out() -> None:
    dust = [(place, 5e-5) for place in np.linspace(-0.9, 0.9, 181)]  # .45 % of the mass, a bridge without a gap
    found = distinct_kinks(*kinks((0.3, 1), (-0.3, -1), *dust), -1, 1)
    np.testing.assert_allclose(found.position, [-0.3, 0.3], atol=1e-4)  # nor do they join what lies apart
    light = distinct_kinks(*kinks((0.3, 1), (-0.3, 0.009)), -1, 1)  # over .5 %, below 1 %
    assert light.position.tolist() == [0.3]


@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_clusters_are_few_apart_and_hold_nearly_all(seed: int, units: int) -> None:
    rng = np.random.default_rng(seed)
    kink, jump = rng.choice(rng.uniform(-1, 1, 6), units) + rng.normal(0, 1e-4, units), rng.normal(size=units)
    found = distinct_kinks(kink, jump, -1.1, 1.1)
    order = rng.permutation(units)
    again = distinct_kinks(kink[order], jump[order], -1.1, 1.1)
    np.testing.assert_allclose(again.position, found.position)
    assert (np.diff(found.position) > 0.04).all()
    assert 1 <= len(found.position) <= 6
    assert found.mass.sum() >= (1 - 0.005 - 0.06) * np.abs(jump).sum()
    assert (np.abs(found.slope_jump) <= found.mass * (1 + 1e-12)).all()


def test_positions_that_bend_are_counted_without_a_ceiling() -> None:
    """500 equal kinks on an even grid, each with 0.2 % of all bends; a pair that cancels does not bend f."""
    even, ones = np.linspace(-1, 1, 500), np.ones(500)
    assert bending_kinks(even, ones, -1, 1, merged=0) == 500
    assert bending_kinks(even, ones, -1, 1, merged=1e-3) == 500  # 2 / 499 apart
    assert bending_kinks(even, ones, -1, 1, merged=2.1e-3) == 250
    assert bending_kinks(even, ones, -1, 1, merged=0, share=3e-3) == 0
    assert bending_kinks(*kinks((0.3, 5), (0.301, -5), (-0.4, 2)), -1, 1) == 1
    assert bending_kinks(*kinks((0.3, 1), (-0.3, 0.0011), (0, 0.0009)), -1, 1) == 2
    assert bending_kinks(np.array([np.nan, 2.0]), np.ones(2), -1, 1) == 0


def test_the_share_on_points_is_of_mass() -> None:
    x = np.array([-1.0, 0.0, 1.0])
    kink, jump = kinks((0.019, 1), (-0.019, -1), (0.021, 2), (0.5, -4), (3, 100))
    assert share_on_points(kink, jump, x) == pytest.approx(2 / 8)


def test_an_empty_range_is_refused_in_a_sentence() -> None:
    for measure in (effective_number, distinct_kinks, bending_kinks):
        with pytest.raises(ValueError) as refusal:
            measure(*kinks((0, 1)), 1, 1)
        assert str(refusal.value) == "range: low below high; 1 and 1 came."


def test_places_by_hand() -> None:
    """Half on a point; a position of two units, whatever their signs; one of a unit and a crumb; one alone."""
    pairs = (
        (0.0, 3.0),
        (0.019, -2.0),
        (0.5, 1.0),
        (0.5015, -1.0),
        (-0.5, 2.0),
        (-0.5, 0.01),
        (0.8, 0.99),
        (4, 7),
        (NAN, 1),
    )
    found = places(*kinks(*pairs), np.array([-1.0, 0.0, 1.0]))
    assert found.on_points == pytest.approx(0.5)
    assert found.on_kinks == pytest.approx(0.2)
    assert found.alone == pytest.approx(0.3)
    apart = places(*kinks(*pairs), np.array([-1.0, 0.0, 1.0]), merged=1e-6)
    assert apart.on_kinks == 0


def test_no_kink_is_nowhere() -> None:
    x = np.array([-1.0, 1.0])
    for kink, jump in (kinks(), kinks((5, 1), (NAN, 1)), kinks((0.5, 0))):
        assert np.isnan(places(kink, jump, x).alone)
    assert np.isnan(places_by_chance(np.ones(3), np.full(3, NAN), x).alone)


def test_by_chance_is_the_share_of_the_line_that_is_near_points() -> None:
    """Uniform kinks on [-1, 1], one point within: .04 about it and .02 at either end, of 2; few units never meet."""
    began = np.linspace(-1, 1, 2001)
    found = places_by_chance(np.ones(3), began, np.array([-1.0, 0.0, 1.0]), draws=4000)
    assert found.on_points == pytest.approx(0.04, abs=0.006)
    assert found.on_kinks < 0.01
    gathered = places_by_chance(np.ones(50), np.array([-0.5, 0.5]), np.array([-1.0, 0.0, 1.0]), draws=5)
    assert gathered.on_kinks == 1
