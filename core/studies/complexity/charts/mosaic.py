"""One table of F, L and Y as a mosaic: every area is a share of the test points.

The two classes of Y stand side by side; in each, the columns are what L gets right and wrong, cut at what F gets right.
"""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from core.comparison.charts import four_cells
from core.figure.figure import Chart, Figure, Rows, expr, specification
from core.figure.marks import between, marks_of
from core.figure.palette import INK, MUTED, PAPER

HEIGHT = 330
GAP = 0.03
"""Between the classes, as a share of the width."""

ROOM = 0.055
"""A cell lower than this has no room for its share, and a column not twice as wide none for its name."""

LETTERS = 28
"""Pixels that a share takes."""

LIGHT, DARK = "#FFFFFF", "#111111"
"""Of the shares, whichever reads better on the cell."""

CLASSES = ("−1", "+1")

NAMES = {
    (True, True): "both_right",
    (False, True): "only_explainer",
    (True, False): "only_network",
    (False, False): "both_wrong",
}
"""By whether F is right and L is right."""


def figure(cells: pd.DataFrame) -> Figure:
    """Return the figure of one table, `frames.overlap.cells`: label, network_right, explainer_right, share."""
    kinds = [NAMES[right] for right in zip(cells["network_right"], cells["explainer_right"], strict=True)]
    shares = {name: np.array([cells["share"][np.array(kinds) == name].sum()]) for name in four_cells.CELLS}
    tables: dict[str, Rows] = {
        "areas": _area_rows(cells),
        "heads": _head_rows(cells),
        "legend": four_cells.legend_rows(shares),
    }
    return Figure.of(chart(), tables)


@specification(height=HEIGHT)
def chart() -> Chart:
    """Return the chart, the same for every table."""
    x = alt.X("x:Q", scale=between(0, 1 + GAP), axis=None)
    y = alt.Y("y:Q", scale=between(0, 1), axis=None)
    areas = marks_of("areas")
    boxes = areas.mark_rect(opacity=1, stroke=PAPER, strokeWidth=1.5).encode(
        x=x, x2="x2:Q", y=y, y2="y2:Q", color=alt.Color("hue:N", scale=None), tooltip="said:N"
    )
    broad = areas.transform_filter(f"(datum.x2 - datum.x) / {1 + GAP} * width > {LETTERS}")
    middle = broad.transform_calculate(across="(datum.x + datum.x2) / 2", up="(datum.y + datum.y2) / 2")
    words = middle.mark_text(fontSize=11, fontWeight=600)
    lighter = f"contrast(datum.hue, '{LIGHT}') > contrast(datum.hue, '{DARK}')"
    heads = marks_of("heads").mark_text(fontSize=11, baseline="top")
    layers = [
        boxes,
        words.encode(
            x=alt.X("across:Q", axis=None),
            y=alt.Y("up:Q", axis=None),
            text="text:N",
            color=alt.condition(lighter, alt.value(LIGHT), alt.value(DARK)),
        ),
        heads.encode(
            x=x,
            y=alt.value(expr("height + 7 + 15 * datum.row")),
            text="text:N",
            color=alt.condition("datum.row == 0", alt.value(MUTED), alt.value(INK)),
        ),
        *four_cells.legend(points=False, narrow=420),
    ]
    return alt.layer(*layers)


def _area_rows(cells: pd.DataFrame) -> Rows:
    """Return the rectangles of the cells that have points."""
    rows, left = [], 0.0
    for y, columns in zip(CLASSES, _columns(cells), strict=True):
        for explainer_right, column in columns.items():
            width, bottom = sum(column.values()), 0.0
            for network_right, share in column.items():
                name, hue = four_cells.CELLS[NAMES[network_right, explainer_right]]
                height = share / width if width > 0 else 0.0
                place = {"x": left, "x2": left + width, "y": bottom, "y2": bottom + height}
                text = f"{share:.1%}" if height > ROOM else ""
                said = f"Y = {y}, {name}: {share:.2%} of the points"
                if share > 0:
                    rows.append({k: round(v, 5) for k, v in place.items()} | {"hue": hue, "text": text, "said": said})
                bottom += height
            left += width
        left += GAP
    return rows


def _head_rows(cells: pd.DataFrame) -> Rows:
    """Return what stands under the columns: whether L is right there, and the class."""
    rows, left = [], 0.0
    for y, columns in zip(CLASSES, _columns(cells), strict=True):
        start = left
        for explainer_right, column in columns.items():
            width = sum(column.values())
            if width > 2 * ROOM:
                text = "L right" if explainer_right else "L wrong"
                rows.append({"row": 0, "x": round(left + width / 2, 5), "text": text})
            left += width
        rows.append({"row": 1, "x": round((start + left) / 2, 5), "text": f"Y = {y}"})
        left += GAP
    return rows


def _columns(cells: pd.DataFrame) -> list[dict[bool, dict[bool, float]]]:
    """Return the shares of each class of Y, by whether L is right and then by whether F is."""
    keys = zip(*(cells[name].tolist() for name in ("label", "explainer_right", "network_right")), strict=True)
    share = dict(zip(keys, cells["share"].tolist(), strict=True))
    right = (True, False)
    return [{el: {f: float(share[label, el, f]) for f in right} for el in right} for label in (-1, 1)]
