"""Heat maps: where names of regions stand, the ends of colours, and marks that are seen on every cell."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.figure import heat_map
from core.figure.heat_map import DARK, LIGHT, MARKS, Mark
from core.figure.measure import Measure

SIDE = 12
CELLS = [(float(x), x + 1.0, float(y), y + 1.0) for x in range(SIDE) for y in range(SIDE)]
PLANE = (0.0, 12.0, 0.0, 12.0)


def width(text: str) -> float:
    return heat_map.LETTER * 12 * len(text)


def covered(row: dict[str, float | str]) -> heat_map.Box:
    left = {"left": 0.0, "center": 0.5, "right": 1.0}[str(row["align"])] * width(str(row["text"]))
    x, y, half = float(row["x"]) - left, float(row["y"]), heat_map.LINE * 6
    return x, x + width(str(row["text"])), y - half, y + half


def apart(one: heat_map.Box, other: heat_map.Box) -> bool:
    return (
        one[1] <= other[0] + 1e-3 or other[1] <= one[0] + 1e-3 or one[3] <= other[2] + 1e-3 or other[3] <= one[2] + 1e-3
    )


class TestNames:
    @given(
        st.lists(st.sampled_from(["lazy", "feature learning", "diverged"]), min_size=144, max_size=144),
        st.sampled_from(CELLS),
    )
    def test_no_name_covers_another_or_the_chosen_cell_or_leaves_the_plane(
        self, regions: list[str], chosen: heat_map.Box
    ) -> None:
        named = heat_map.region_places(regions, CELLS, ["lazy", "feature learning", "diverged"])
        rows = [dict(row) for row in heat_map.name_rows(named, PLANE, [chosen])]
        boxes = [covered(row) for row in rows]
        for i, box in enumerate(boxes):
            assert apart(box, chosen)
            assert box[0] >= -1e-3
            assert box[1] <= 12 + 1e-3
            assert all(apart(box, other) for other in boxes[:i])

    def test_a_name_stands_on_its_own_ground_nearest_to_the_middle(self) -> None:
        x, y = (np.array([(one[at] + one[at + 1]) / 2 for one in CELLS]) for at in (0, 2))
        ring = np.where((x - 6) ** 2 + (y - 6) ** 2 > 20, "lazy", "feature learning")
        for name, places in heat_map.region_places(ring.tolist(), CELLS, ["lazy", "feature learning"]):
            assert {ring[(x == a) & (y == b)].item() for a, b in places} == {name}
            assert len(places) == (ring == name).sum()
        (inner,) = heat_map.name_rows(heat_map.region_places(ring.tolist(), CELLS, ["feature learning"]), PLANE, [])
        assert (inner["x"], inner["y"]) in {(5.5, 5.5), (5.5, 6.5), (6.5, 5.5), (6.5, 6.5)}

    def test_hardly_a_cell_has_no_name_and_a_name_without_room_is_left_out(self) -> None:
        few = ["lazy"] * 5 + ["diverged"] * 139
        assert heat_map.region_places(few, CELLS, ["lazy"]) == []
        assert heat_map.name_rows([("lazy", [(6.0, 6.0)])], PLANE, [PLANE]) == []

    def test_at_an_edge_a_name_begins_or_ends_at_its_place(self) -> None:
        rows = heat_map.name_rows([("gradient descent", [(0.5, 6.0)]), ("noise-dominated", [(11.5, 6.0)])], PLANE, [])
        assert [row["align"] for row in rows] == ["left", "right"]


class TestColours:
    def test_ends_are_of_known_values(self) -> None:
        values = np.array([np.nan, 0.5, 0.25, np.inf, -1.0])
        assert Measure("", "viridis").ends(values[:3]) == (0.25, 0.5)
        assert Measure("", "viridis", log=True).ends(values) == (0.25, 0.5)
        assert Measure("", "viridis").ends(values[:1]) == (0.01, 1.0)

    def test_a_logarithmic_scale_goes_so_deep_at_most_and_one_value_has_a_scale(self) -> None:
        assert Measure("", "magma", log=True).ends(np.array([1e-9, 2.0]), 1e4) == (2e-4, 2.0)
        low, high = Measure("", "magma").ends(np.array([3.0, 3.0]))
        assert low < 3 < high


def test_edges_are_half_way_between_neighbours() -> None:
    assert heat_map.borders(np.array([0.0, 1.0, 3.0])) == [(-0.5, 0.5), (0.5, 2.0), (2.0, 4.0)]
    assert heat_map.borders(np.array([2.0])) == [(1.5, 2.5)]


def luminance(colour: str) -> float:
    """Relative luminance of WCAG."""
    levels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("cell", ["#ffffff", "#0e1117", "#fde725", "#440154", "#21918c", "#fcfdbf", "#000004", DARK])
def test_a_mark_is_seen_on_every_cell(cell: str) -> None:
    """Its line or its rim contrasts by 3 to 1 with the cell, as WCAG asks of graphics."""
    ground = luminance(cell)
    contrast = [(max(ground, mark) + 0.05) / (min(ground, mark) + 0.05) for mark in (luminance(DARK), luminance(LIGHT))]
    assert max(contrast) >= 3


def test_every_outcome_but_fitted_has_a_mark_of_its_own() -> None:
    assert set(MARKS) == {"few", "step_limit", "diverged", "stationary", "unfinished"}
    assert len({outcome.path for outcome in MARKS.values()}) == len(MARKS)
    assert all(isinstance(outcome, Mark) and outcome.name for outcome in MARKS.values())
