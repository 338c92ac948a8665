"""The charts of the page Complexity: constant specs, gaps where nothing can be told, negative values as they are."""

import re
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.comparison.charts import accuracies, explained, four_cells, learning_order, shares, staircase
from core.figure import contours, decisions, over_seeds
from core.figure.drawing import svg
from core.figure.figure import Figure
from core.figure.palette import POSITIVE
from core.studies.complexity.charts import boundary
from tests.core.studies import complexity_tables as invented

STEPS = invented.STEPS
LAST = len(STEPS) - 1


def figures(curves: pd.DataFrame | None = None, **facts: Any) -> dict[str, Figure]:
    table = invented.curves() if curves is None else curves
    words = invented.facts(**facts)
    heat, rows = invented.staircase()
    return {
        "explained": explained.figure(table, words, STEPS),
        "shares": shares.figure(table, words, STEPS),
        "accuracies": accuracies.figure(table, words, STEPS),
        "boundary": boundary.figure(*invented.plane(cells=12, frames=len(STEPS), count=40), STEPS),
        "staircase": staircase.figure(heat, rows, STEPS, "retained_share"),
        "wall": learning_order.figure(invented.examples(count=24), STEPS),
        "squares": learning_order.figure(invented.examples(count=24, pictures=False), STEPS),
        "four_cells": four_cells.figure(invented.cells(), STEPS, words["matched_step"]),
    }


def rows_of(figure: Figure, table: str) -> list[dict[str, Any]]:
    return [dict(row) for row in figure.tables[table].rows]


def pictures(name: str, **facts: Any) -> list[str]:
    return [svg(figures(**facts)[name], frame) for frame in (0, LAST)]


# ---- areas, curves and bands


def test_two_areas_stand_on_each_other_up_to_the_information() -> None:
    table = invented.curves()
    table.loc[5, ["mu_y", "conditional_information", "mutual_information_test"]] = (-0.2, 0.5, 0.3)
    figure = explained.figure(table, invented.facts(), STEPS)
    areas = rows_of(figure, "areas")
    for row, information in zip(areas, table["mutual_information_test"], strict=True):
        negative = min(row["mu"], 0)
        assert row["top"] + negative == pytest.approx(information, abs=2e-3)
        assert row["base"] == max(row["mu"], 0)
    assert areas[5] == {"step": int(STEPS[5]), "zero": 0, "mu": -0.2, "base": 0, "top": 0.5}
    assert float(figure.params["y_low"]) < -0.2


def test_the_axis_of_bits_holds_everything() -> None:
    low, high = (float(figures()["explained"].params[name]) for name in ("y_low", "y_high"))
    assert high > 1
    assert low < 0
    more = invented.curves().assign(mutual_information_train_high=1.4)
    assert float(explained.figure(more, invented.facts(), STEPS).params["y_high"]) > 1.4


@pytest.mark.parametrize("name", ["explained", "shares", "accuracies"])
def test_a_run_that_diverged_leaves_a_gap(name: str) -> None:
    table = invented.curves()
    whole = table.columns.difference(["step"])
    table.loc[30:, whole] = np.nan
    figure = figures(table)[name]
    curves = rows_of(figure, "curves")
    assert all((row["value"] is None) for row in curves if row["step"] >= STEPS[30])
    assert any(row["value"] is not None for row in curves)
    assert all(row["low"] is None for row in rows_of(figure, "bands") if row["step"] >= STEPS[30])
    assert "NaN" not in svg(figure, LAST)


def test_no_finite_value_at_all_is_drawn() -> None:
    table = invented.curves()
    table[table.columns.difference(["step"])] = np.nan
    lost = figures(table, explainer_information=np.nan, matched_step=np.nan)
    for name in ("explained", "shares", "accuracies"):
        assert "NaN" not in svg(lost[name], LAST)
    assert rows_of(lost["explained"], "ceiling") == []


def test_masked_shares_are_gaps_and_a_lone_value_is_a_point() -> None:
    table = invented.curves()
    table["explained_share"] = np.nan
    table.loc[20, "explained_share"] = 0.9
    curves = [row for row in rows_of(figures(table)["shares"], "curves") if row["name"].startswith("explained, ")]
    assert [row["step"] for row in curves if row["value"] is not None] == [STEPS[20]]
    assert [row["step"] for row in curves if row.get("alone")] == [STEPS[20]]


def test_shares_below_the_axis_end_it_at_minus_one() -> None:
    table = invented.curves()
    table.loc[3, "retained_share"] = -7.0
    assert float(figures(table)["shares"].params["y_low"]) == pytest.approx(-1.03)


def test_bands_are_the_lowest_and_the_highest_seed() -> None:
    table = invented.curves()
    figure = figures(table)["accuracies"]
    first = next(row for row in rows_of(figure, "bands") if row["step"] == STEPS[30] and row["name"] == "F, test")
    assert (first["low"], first["high"]) == pytest.approx(
        (table["accuracy_test_low"][30], table["accuracy_test_high"][30]), abs=1e-3
    )
    assert {row["name"] for row in rows_of(figures()["shares"], "bands")} == {
        "explained, μ_Y / I(F;Y)",
        "retained, μ_Y / I(L;Y)",
    }


def test_values_beside_the_clock_keep_apart() -> None:
    places = np.array([[10.0, 10.0, np.nan, 0.0], [12.0, 40.0, 3.0, 1.0], [11.0, 70.0, 5.0, 50.0]])
    moved = over_seeds.spread(places, 14)
    for before, after in zip(places.T, moved.T, strict=True):
        known = np.isfinite(before)
        assert (np.isfinite(after) == known).all()
        assert (np.diff(np.sort(after[known])) >= 14 - 1e-9).all()
        assert np.argsort(before[known]).tolist() == np.argsort(after[known]).tolist()
    assert moved[:, 0].mean() == pytest.approx(11)
    np.testing.assert_array_equal(moved[:, 1], places[:, 1])


@pytest.mark.parametrize("name", ["explained", "shares", "accuracies", "four_cells"])
def test_t0_has_a_rule_only_if_it_was_reached(name: str) -> None:
    assert "T_0: as good as L" in pictures(name)[0]
    assert "T_0" not in pictures(name, matched_step=np.nan)[0]


@pytest.mark.parametrize(("own", "chance"), [(0.51, 0.5), (0.49, 0.5), (0.5, 0.5)])
def test_the_names_of_near_levels_keep_apart(own: float, chance: float) -> None:
    figure = figures(explainer_accuracy=own, chance=chance)["accuracies"]
    (one,), (other,) = rows_of(figure, "explainer"), rows_of(figure, "chance")
    scale = accuracies.HEIGHT / (float(figure.params["y_high"]) - float(figure.params["y_low"]))
    assert abs(one["at"] - other["at"]) * scale >= 14
    assert (one["at"] > other["at"]) == (own >= chance)


# ---- the plane


def test_a_boundary_is_where_the_output_is_zero() -> None:
    side = np.linspace(-1, 1, 9)
    values = side[:, None] - 0.3 * side[None]  # (row, column): zero where y = 0.3 x
    (line,) = contours.joined(contours.isoline(values, 0.0))
    for column, row in line:
        x, y = column / 4 - 1, row / 4 - 1
        assert y == pytest.approx(0.3 * x, abs=1e-9)
    assert {line[0][0], line[-1][0]} == {0, 8}


def test_an_island_is_closed_and_a_saddle_has_two_lines() -> None:
    island = np.zeros((5, 5))
    island[2, 2] = 1
    (ring,) = contours.joined(contours.isoline(island, 0.5))
    assert ring[0] == ring[-1]
    assert len(ring) == 5
    assert len(contours.rounded(ring)) == 5
    assert len(contours.joined(contours.isoline(np.array([[1.0, 0.0], [0.0, 1.0]]), 0.5))) == 2
    assert contours.isoline(np.array([[1.0, np.nan], [0.0, 1.0]]), 0.5) == []
    assert contours.path([]) == contours.NOTHING


def test_a_rounded_line_stays_within_a_cell() -> None:
    stairs = [(float((i + 1) // 2), float(i // 2)) for i in range(40)]
    rounded = np.array(contours.rounded(stairs))
    assert np.abs(rounded[:, 0] - rounded[:, 1] - 0.5).max() <= 0.5
    assert rounded[0].tolist() == list(stairs[0])
    assert rounded[-1].tolist() == list(stairs[-1])


def test_levels_tell_classes_and_what_is_lost() -> None:
    text = decisions.levels(np.array([[-9.0, -1e-9, 0.0, 1e-9, 9.0, np.nan, np.inf]]), 1.0)
    assert text == ["04559--"]


def test_the_exact_boundary_does_not_follow_the_cells() -> None:
    grid, edges, points = invented.plane(cells=20, frames=2)
    outputs = np.tile(grid["x2"].to_numpy()[:, None] - 0.3 * grid["x1"].to_numpy()[:, None], (1, 2))
    figure = boundary.figure(grid, edges, points, STEPS[:2], outputs)
    (row,) = rows_of(figure, "boundary")
    places = [tuple(map(float, pair.split(","))) for pair in re.split("[ML]", row["path"][0])[1:]]
    np.testing.assert_allclose([-y for _, y in places], [0.3 * x for x, _ in places], atol=0.08)  # y points down


def test_the_order_of_the_cells_does_not_matter() -> None:
    grid, edges, points = invented.plane(cells=10, frames=3)
    one = boundary.figure(grid, edges, points, STEPS[:3])
    other = boundary.figure(grid.sample(frac=1, random_state=0), edges, points, STEPS[:3])
    assert {name: table.json for name, table in one.tables.items()} == {
        name: table.json for name, table in other.tables.items()
    }


def test_a_grid_that_is_not_full_is_refused() -> None:
    grid, edges, points = invented.plane(cells=6, frames=3)
    with pytest.raises(ValueError, match="a row for every cell"):
        boundary.figure(grid.iloc[1:], edges, points, STEPS[:3])
    with pytest.raises(ValueError, match="each of 4 frames"):
        boundary.figure(grid, edges, points, STEPS[:4])


def test_a_network_without_finite_output_has_no_ground_and_no_boundary() -> None:
    grid, edges, points = invented.plane(cells=6, frames=3)
    lost = grid.assign(level=[text[:1] + "--" for text in grid["level"]])
    figure = boundary.figure(
        lost, edges.iloc[:0], points.assign(right=[t[:1] + "--" for t in points["right"]]), STEPS[:3]
    )
    (row,) = rows_of(figure, "boundary")
    assert row["path"][0] != contours.NOTHING
    assert row["path"][1:] == [contours.NOTHING] * 2
    first, last = svg(figure, 0), svg(figure, 2)
    assert first.count(f'fill="{POSITIVE}') > 0
    assert last.count(f'fill="{POSITIVE}') == 0
    grey = four_cells.CELLS["both_right"][1]
    assert first.count(grey) > 1
    assert last.count(grey) == 1, "only the legend's: no point counts as right or wrong"


@pytest.mark.parametrize(("side", "most"), [(40, 220_000), (48, 280_000), (64, 450_000)])
def test_the_plane_stays_small(side: int, most: int) -> None:
    figure = boundary.figure(*invented.plane(cells=side, frames=50), STEPS)
    assert sum(len(table.json) for table in figure.tables.values()) < most


# ---- the staircase


def test_cells_of_the_staircase_fill_the_axis() -> None:
    heat, rows = invented.staircase(count=3)
    cells = rows_of(staircase.figure(heat, rows, STEPS, "retained_share"), "cells")
    first = [cell for cell in cells if cell["slot"] == 0]
    assert first[0]["step"] == 0
    assert first[-1]["x2"] == pytest.approx(STEPS[-1])
    assert all(one["x2"] == other["step"] for one, other in pairwise(first))
    assert all(cell["step"] <= step <= cell["x2"] for cell, step in zip(first, STEPS, strict=True))


def test_masked_diverged_and_negative_cells_are_told_apart() -> None:
    heat, rows = invented.staircase(count=2)
    heat.loc[len(STEPS) - 1, "value"] = np.nan
    heat.loc[20, "value"] = -0.314
    figure = staircase.figure(heat, rows, STEPS, "explained_share")
    said = [cell["said"] for cell in rows_of(figure, "cells")]
    assert said[LAST].endswith("diverged")
    assert said[0].endswith("too little information to tell")
    assert said[20].endswith("-0.31")
    assert figure.params["c_min"] == pytest.approx(-0.32)
    assert staircase.DIVERGED in svg(figure, 0)


def test_rows_are_ordered_and_a_click_anywhere_names_the_explainer() -> None:
    heat, rows = invented.staircase(count=4)
    figure = staircase.figure(heat, rows.iloc[::-1], STEPS, "mu_y")
    (pick,) = [param for param in figure.spec["params"] if param["name"] == "row"]
    assert pick["select"]["fields"] == ["explainer"]
    shown = rows_of(figure, "rows")
    assert [row["explainer"] for row in shown] == rows["explainer"].tolist()
    assert all("explainer" in cell for cell in rows_of(figure, "cells"))
    assert [row["selected"] for row in shown] == [False, True, False, False]


def test_a_row_says_when_it_was_reached() -> None:
    heat, rows = invented.staircase(count=3)
    rows = rows.assign(reached_step=[120.0, np.nan, 400.0], baseline_share=[0.8, np.nan, 0.9])
    shown = rows_of(staircase.figure(heat, rows, STEPS, "retained_share"), "rows")
    assert [row["said"].partition(": ")[2] for row in shown] == [
        "T 120 (if independent 0.80) · I(L;Y) 0.30 bit",
        "T not reached · I(L;Y) 0.55 bit",
        "T 400 (if independent 0.90) · I(L;Y) 0.80 bit",
    ]
    assert [row["bits"] for row in shown] == ["0.30", "0.55", "0.80"]
    assert [row["step"] for row in shown] == [120, None, 400]


# ---- four cells


def test_areas_of_the_cells_fill_the_whole_and_l_has_the_lower_two() -> None:
    table = invented.cells()
    figure = four_cells.figure(table, STEPS)
    areas = rows_of(figure, "areas")
    assert all(row["high"] == pytest.approx(1, abs=1e-3) for row in areas if row["cell"] == "both_wrong")
    (level,) = rows_of(figure, "explainer")
    assert level["value"] == pytest.approx(0.87)
    assert {row["high"] for row in areas if row["cell"] == "only_explainer"} == {0.87}
    table.loc[40:, ["both_right", "only_network", "only_explainer", "both_wrong"]] = np.nan
    lost = rows_of(four_cells.figure(table, STEPS), "areas")
    assert all(row["low"] is None and row["high"] is None for row in lost if row["step"] >= STEPS[40])


@pytest.mark.parametrize(
    ("explainer", "right", "cell"),
    [(1, "1", "both_right"), (1, "0", "only_explainer"), (0, "1", "only_network"), (0, "0", "both_wrong")],
)
def test_every_chart_gives_a_cell_its_colour(explainer: int, right: str, cell: str) -> None:
    hue = four_cells.CELLS[cell][1]
    table = pd.DataFrame({"example": [3], "label": ["digit 3"], "explainer_right": [bool(explainer)]})
    wall = learning_order.figure(table.assign(learned_step=np.nan, right="-" + right, url=None), STEPS[:2])
    grid, edges, points = invented.plane(cells=6, frames=2, count=1)
    point = points.assign(explainer_right=bool(explainer), right="-" + right)
    for figure in (wall, boundary.figure(grid, edges, point, STEPS[:2])):
        before, after = (svg(figure, frame).count(hue) for frame in (0, 1))
        assert after == before + 1


def test_the_wall_keeps_its_order_and_its_bounds() -> None:
    table = invented.examples(count=120)
    figure = learning_order.figure(table, STEPS)
    rows = rows_of(figure, "examples")
    assert [row["example"] for row in rows] == [str(one) for one in table["example"][: learning_order.SHOWN]]
    assert sum(len(table.json) for table in figure.tables.values()) < 150_000
    assert all(row["url"].startswith("data:image/png") for row in rows)
    assert "<image" in svg(figure, 0)
    plain = learning_order.figure(invented.examples(count=5, pictures=False), STEPS)
    assert all("url" not in row for row in rows_of(plain, "examples"))
    assert "<image" not in svg(plain, 0)
    assert "NaN" not in svg(learning_order.figure(table.iloc[:0], STEPS), 0)
