"""Regimes of runs, and where their names stand on the plane."""

import numpy as np

from core.observables.regimes import LAZY_DISPLACEMENT, REGIMES, places, regimes
from core.trajectory import DIVERGED, FITTED, STEP_LIMIT, UNFINISHED


def test_each_outcome_and_displacement() -> None:
    outcome = np.array(
        [FITTED, FITTED, FITTED, FITTED, DIVERGED, DIVERGED, STEP_LIMIT, STEP_LIMIT, UNFINISHED], np.int8
    )
    moved = np.array([0, LAZY_DISPLACEMENT * 0.99, LAZY_DISPLACEMENT, 3, np.nan, 0, 0, 3, np.nan], np.float32)
    assert regimes(outcome, moved).tolist() == [
        "lazy",
        "lazy",
        "feature learning",
        "feature learning",
        "diverged",
        "diverged",
        "not fitted",
        "not fitted",
        "unfinished",
    ]


def test_an_unknown_displacement_is_not_lazy() -> None:
    assert regimes(np.array([FITTED], np.int8), np.array([np.nan], np.float32)).tolist() == ["feature learning"]


class TestPlaces:
    def test_a_name_stands_on_its_own_ground(self) -> None:
        x, y = (axis.ravel().astype(float) for axis in np.meshgrid(np.arange(12), np.arange(12)))
        # A ring of `lazy` around `feature learning`: the middle of the ring is not the ring's.
        regime = np.where((x - 5.5) ** 2 + (y - 5.5) ** 2 > 20, "lazy", "feature learning")
        regime[[0, 5]] = "not fitted"
        found = {name: (px, py) for name, px, py in places(regime, x, y)}
        assert "lazy" in found
        assert "not fitted" not in found  # two cells of 144 are too few for a name
        for name, (px, py) in found.items():
            assert regime[(x == px) & (y == py)].tolist() == [name]

    def test_the_place_is_the_nearest_to_the_middle(self) -> None:
        x, y = np.arange(5.0), np.zeros(5)
        assert places(np.array(["lazy"] * 5), x, y) == [("lazy", 2.0, 0.0)]

    def test_far_regimes_have_their_names_and_diverged_needs_none(self) -> None:
        regime = np.repeat(["diverged", "unfinished", "not fitted", "feature learning", "lazy"], 3)
        line = np.arange(15.0)
        assert [name for name, _, _ in places(regime, line, line)] == ["lazy", "feature learning", "not fitted"]
        assert set(regime) == set(REGIMES)

    def test_two_names_do_not_cover_each_other(self) -> None:
        x, y = np.arange(12.0), np.tile([0.0, 9.0, 0.4, 0.0], 3)
        regime = np.tile(["lazy", "diverged", "feature learning", "not fitted"], 3)
        assert [name for name, _, _ in places(regime, x, y)] == ["lazy"]

    def test_a_single_cell_gets_no_name(self) -> None:
        assert places(np.array(["lazy"]), np.zeros(1), np.zeros(1)) == []
