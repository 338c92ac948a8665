"""The permutation test over several settings: against brute force, and its errors where nothing has an effect."""

from itertools import permutations

import numpy as np
import pytest

from core.observables.permutations import largest_change


def test_two_seeds_by_brute_force() -> None:
    """All 36 orders of two seeds at three settings."""
    values = np.array([[0.0, 1.0, 5.0], [2.0, 2.5, 4.0]])
    orders = [np.array([a, b]).mean(axis=0) for a in permutations(values[0]) for b in permutations(values[1])]
    reached = np.mean([np.abs(mean[1:] - mean[0]).max() >= 3.5 for mean in orders])
    found = largest_change(values, 0, draws=20_000)
    assert found is not None
    assert (found.place, found.difference) == (2, 3.5)
    assert found.p == pytest.approx(reached, abs=0.02)


def test_a_side_counts_its_own_differences_only() -> None:
    values = np.array([[0.0, -3.0, 1.0]] * 6)
    both, above = largest_change(values, 0), largest_change(values, 0, side=1)
    assert both is not None
    assert above is not None
    assert (both.place, above.place) == (1, 2)
    assert both.p < 0.05 < above.p


def test_what_is_missing_takes_no_part() -> None:
    values = np.array([[1.0, np.nan, 2.0], [np.nan, 7.0, 3.0], [1.0, np.nan, 2.0]])
    found = largest_change(values, 0)
    assert found is not None
    assert found.place == 1
    assert largest_change(np.array([[np.nan, 1.0]]), 0) is None
    assert largest_change(np.array([[1.0, np.nan]]), 0) is None


def test_one_seed_at_two_settings_says_nothing() -> None:
    found = largest_change(np.array([[1.0, 9.0]]), 0)
    assert found is not None
    assert found.p == 1


@pytest.mark.parametrize("side", [0, -1])
def test_without_an_effect_one_in_twenty_is_below_one_in_twenty(side: int) -> None:
    """Five seeds, each with a level of its own, at ten settings, some numbers missing: the family's error."""
    rng = np.random.default_rng(5)
    draws = 400
    low = 0
    for _ in range(draws):
        values = 0.04 + 0.02 * rng.standard_normal((5, 1)) + 0.01 * rng.standard_normal((5, 10))
        values[rng.random((5, 10)) < 0.1] = np.nan
        found = largest_change(values, 0, side=side, draws=399)
        low += found is not None and found.p <= 0.05
    assert low <= draws * 0.05 + 2 * (draws * 0.05 * 0.95) ** 0.5


def test_an_effect_of_two_deviations_is_found() -> None:
    rng = np.random.default_rng(6)
    values = 0.02 * rng.standard_normal((5, 1)) + 0.01 * rng.standard_normal((5, 10))
    values[:, 6] += 0.04
    found = largest_change(values, 0)
    assert found is not None
    assert found.place == 6
    assert found.p < 0.01
