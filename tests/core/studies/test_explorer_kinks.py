"""Kink displacement against numpy's own NaN-aware statistics."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.studies.explorer.kinks import displacement


@given(st.integers(0, 2**32 - 1), st.integers(2, 40), st.floats(0, 0.6))
def test_it_is_the_median_distance_over_the_initial_interquartile_range(seed: int, units: int, absent: float) -> None:
    rng = np.random.default_rng(seed)
    position = rng.standard_cauchy((4, 3, units)).astype(np.float32)
    never = rng.random((3, units)) < absent
    never[:, :2] = False  # two kinks at least: a spread
    position[:, never] = np.nan
    position[2, 1, 0] = np.nan  # a unit that stops switching for a while is left out then
    found = displacement(position)
    low, high = np.nanpercentile(position[0].astype(float), [25, 75], axis=-1)
    expected = np.nanmedian(np.abs(position.astype(float) - position[:1]), axis=-1) / (high - low)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=2e-3, atol=1e-6)
    assert (found[0] == 0).all()


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        ([[0, 1, 2, 3, 4], [1, 2, 3, 4, 5]], 0.5),
        ([[0, 1, 2, 3, 4], [0, 1, 2, 9, 4]], 0.0),
        ([[0, 4, np.nan], [2, 10, np.nan]], 2.0),
        ([[np.nan, np.nan], [1, 2]], np.nan),
        ([[1, 2, 3], [np.nan, np.nan, np.nan]], np.nan),
        ([[1], [2]], np.nan),  # one unit has no spread to compare with: not infinitely far
        ([[1, np.nan], [2, np.nan]], np.nan),
    ],
)
def test_by_hand(position: list[list[float]], expected: float) -> None:
    found = displacement(np.array(position, np.float32)[:, None, :])
    np.testing.assert_allclose(found[1, 0], expected)


def test_each_run_has_its_own_scale_and_shifts_do_not_count() -> None:
    rng = np.random.default_rng(0)
    one = rng.standard_normal((5, 1, 30)).astype(np.float32)
    found = displacement(np.concatenate([one, 4 * one, one + 8], axis=1))
    np.testing.assert_allclose(found[:, 0], found[:, 1], rtol=1e-5)
    np.testing.assert_allclose(found[:, 0], found[:, 2], rtol=1e-4)
