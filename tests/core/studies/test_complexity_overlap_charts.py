"""The mosaic of one table, and mu_Y over the joint error: what they draw."""

import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from core.columns import columns
from core.figure.drawing import svg
from core.figure.figure import Figure
from core.studies.complexity import overlap as frames
from core.studies.complexity.charts import mosaic, overlap
from core.studies.complexity.error_overlap import constant_table, overlap_table, xor_table
from core.tables import to_csv

TABLES = {
    "plain": overlap_table(0.95, 0.85, 0.03),
    "nested": overlap_table(0.6, 0.85, 0.15),
    "perfect": overlap_table(1.0, 0.85, 0.0),
    "both perfect": overlap_table(1.0, 1.0, 0.0),
    "not L": overlap_table(0.15, 0.85, 0.0),
    "constant": constant_table(0.85),
    "xor": xor_table(),
}


def of(name: str, points: int = 1_000) -> tuple[Figure, Figure]:
    now = frames.measure(TABLES[name], points)
    family = frames.family(float(now["accuracy"].iloc[0]), float(now["explainer_accuracy"].iloc[0]), points)
    return mosaic.figure(frames.cells(TABLES[name])), overlap.figure(family, now)


def rows(figure: Figure, name: str) -> list[dict[str, Any]]:
    return [dict(row) for row in figure.tables[name].rows]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_can_be_drawn_by_the_same_two_specs(name: str) -> None:
    for figure, first in zip(of(name), of("plain"), strict=True):
        assert figure.spec == first.spec
        declared = {param["name"] for param in figure.spec["params"]}
        assert set(figure.params) <= declared
        assert "null" not in "".join(table.json for table in figure.tables.values())
        assert sum(len(table.json) for table in figure.tables.values()) < 30_000
        assert "NaN" not in svg(figure, 0)


@pytest.mark.parametrize("name", TABLES)
def test_areas_are_shares(name: str) -> None:
    figure, _ = of(name)
    areas = [(row["x2"] - row["x"]) * (row["y2"] - row["y"]) for row in rows(figure, "areas")]
    assert sum(areas) == pytest.approx(1, abs=1e-3)
    assert sorted(areas) == pytest.approx(sorted(share for share in TABLES[name].ravel() if share > 0), abs=1e-4)
    assert sum(row["v"][0] for row in rows(figure, "legend")) == pytest.approx(1, abs=2e-3)


def test_the_xor_table_shows_why_it_is_synergy() -> None:
    figure, curve = of("xor")
    assert [row["said"].rsplit(":")[0] for row in rows(figure, "areas")] == [
        "Y = −1, both right",
        "Y = −1, both wrong",
        "Y = +1, only L right",
        "Y = +1, only F right",
    ]
    (now,) = rows(curve, "now")
    assert (now["x"], now["y"], now["text"]) == (0.25, -1, "μ_Y −1.000")
    assert curve.params["y_low"] < -1


def test_the_curve_has_its_marks_and_its_band() -> None:
    _, figure = of("plain")
    family = rows(figure, "family")
    assert [row["x"] for row in family] == sorted(row["x"] for row in family)
    assert all(row["lower"] <= row["y"] + 1e-4 and row["y"] <= row["upper"] + 1e-4 for row in family)
    assert all(row["low"] < row["y"] < row["high"] for row in family)
    marks = {row["name"]: (row["x"], row["y"]) for row in rows(figure, "marks")}
    assert marks["independent given Y"] == pytest.approx((0.0075, 0.309), abs=5e-4)
    assert marks["noisy copy: the most"] == pytest.approx((0.0444, 0.390), abs=5e-4)
    assert marks["nested errors"] == pytest.approx((0.05, 0.382), abs=5e-4)
    assert figure.params["y_low"] < min(row["low"] for row in family)
    assert figure.params["y_high"] > max(row["high"] for row in family)
    wide, narrow = (rows(of("plain", points)[1], "now")[0] for points in (100, 10_000))
    assert (wide["high"] - wide["low"]) == pytest.approx(10 * (narrow["high"] - narrow["low"]), rel=0.01)


def test_strips_to_click_cover_the_range() -> None:
    _, figure = of("plain")
    strips = rows(figure, "places")
    assert [row["place"] for row in strips] == list(range(101))
    assert (strips[0]["x"], strips[-1]["x2"]) == (0, 0.05)
    assert all(a["x2"] == b["x"] for a, b in pairwise(strips))
    assert rows(of("perfect")[1], "places") == []
    assert [row["name"] for row in rows(of("perfect")[1], "marks")] == ["the only table"]


def test_tables_are_named_and_finite() -> None:
    family = frames.family(0.95, 0.85, 500)
    for table in (family, frames.measure(TABLES["plain"], 500), frames.cells(TABLES["plain"])):
        assert set(table.columns) <= set(columns())
        assert table.notna().all(axis=None)
        assert to_csv(table).count(b"\n") == len(table) + 1
    assert sorted(set(family["relation"])) == ["", "independent", "nested", "noisy_copy"]
    assert frames.cells(TABLES["plain"])["share"].sum() == pytest.approx(1)
    now = frames.measure(TABLES["plain"], 500).iloc[0]
    assert now["joint_error"] == pytest.approx(0.03)
    assert now["noise_floor"] == pytest.approx(4.32 / 500, rel=1e-2)
    assert np.isclose(now["mu_y"], np.interp(0.03, family["joint_error"], family["mu_y"]), atol=1e-4)
    assert json.loads(of("plain")[1].tables["now"].json)[0]["text"] == "μ_Y 0.374"
