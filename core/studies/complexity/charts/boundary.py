"""Two-dimensional data: where the network decides what, and where its errors lie, as training plays.

The plane is coloured by F's output in ten levels, with the boundary of F through it and that of L over it, dashed; a
test point shows whether F and L are right about it (`four_cells`).
"""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.comparison.charts import four_cells
from core.figure import decisions
from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import equal_axes, marks_of
from core.figure.palette import INK, PAPER
from core.figure.rows import Floats, short

HEIGHT = 400

OWN = {"centre_x": 0, "centre_y": 0, "reach": 1, "cell_width": 0.05, "cell_height": 0.05, "columns": 40, "rows": 40}
"""Params: the middle of the plane, how far it reaches, and the cells."""

ALWAYS = 100_000
"""The names of the cells stand in two rows at any width."""


def figure(
    grid: pd.DataFrame,
    explainer_edges: pd.DataFrame,
    points: pd.DataFrame,
    steps: NDArray[np.int64],
    outputs: Floats | None = None,
) -> Figure:
    """Return the figure of one run.

    Args:
        grid: x1, x2, level: a row a cell of a full rectangular grid, its centre and a string with a character a frame:
            0 (surely class -1) to 9 (surely +1), or - where F has no finite output (`decisions.levels` makes it).
        explainer_edges: x1, x2, x1_end, x2_end: segments of L's boundary; may be empty.
        points: x1, x2, label, explainer_right, right: a string with a character a frame, 1 if F is right, else 0,
            or - where it has no finite output.
        steps: the snapshots, (frame,).
        outputs: what F puts out, (cell, frame) in the order of `grid`: its zero is drawn as the boundary. Without them
            the boundary runs between the cells, no finer than they are.
    """
    cells, exact = decisions.read(grid, outputs, len(steps))
    edges = explainer_edges[["x1", "x2", "x1_end", "x2_end"]].to_numpy(np.float64)
    tables: dict[str, Rows] = {
        "cells": _cell_rows(cells.level),
        "boundary": [{"path": [cells.boundary(frame, exact) for frame in range(len(steps))]}],
        "explainer": [{"path": cells.segments(edges)}],
        "points": _point_rows(points),
        "legend": four_cells.legend_rows(),
    }
    (rows, columns), (width, height) = cells.shape, cells.size
    values = (*cells.centre, max(columns * width, rows * height) / 2, width, height, columns, rows)
    params = {name: short(value, 6) for name, value in zip(OWN, values, strict=True)}
    return Figure.of(chart(), tables, params)


@specification(height=HEIGHT, params=OWN)
def chart() -> Chart:
    """Return the chart, the same for every run; a unit of length is as long in x as in y."""
    middle = ("centre_x", "centre_y")
    place = equal_axes("first input", "second input", middle)
    at: dict[str, Any] = {"place": place, "middle": middle, "cell": "cell_width"}
    x, y = "centre_x + (datum.i - columns / 2) * cell_width", "centre_y + (datum.j - rows / 2) * cell_height"
    layers = [
        decisions.cells(place, x, y, "cell_width", "cell_height"),
        _points(place),
        decisions.line("boundary", "datum.path[frame]", **at, stroke=PAPER, strokeWidth=4.5, strokeOpacity=0.8),
        decisions.line("boundary", "datum.path[frame]", **at, stroke=INK, strokeWidth=2.2),
        decisions.line("explainer", "datum.path", **at, stroke=PAPER, strokeWidth=3.5, strokeOpacity=0.7),
        decisions.line("explainer", "datum.path", **at, stroke=INK, strokeWidth=1.6, strokeDash=[7, 4]),
        *four_cells.legend(points=True, narrow=ALWAYS),  # a chart does not make room for a second row later
    ]
    return alt.layer(*layers)


def _points(place: dict[str, Any]) -> alt.Chart:
    rows = marks_of("points").transform_calculate(cell=four_cells.CELL)
    rows = rows.transform_calculate(
        hue=four_cells.HUE,
        shape=f"{four_cells.RIGHT} ? 'circle' : 'cross'",
        size="datum.cell == 'both_right' ? 20 : 62",
        said="'label ' + datum.label + ', F ' + (datum.r[frame] == '1' ? 'right' : 'wrong')"
        " + ', L ' + (datum.e ? 'right' : 'wrong')",
    )
    points: alt.Chart = rows.mark_point(
        filled=True, angle=45, stroke=PAPER, strokeWidth=0.9, opacity=1, clip=True
    ).encode(
        **place,
        fill=alt.Fill("hue:N", scale=None),
        shape=alt.Shape("shape:N", scale=None),
        size=alt.Size("size:Q", scale=None),
        tooltip="said:N",
    )
    return points


def _cell_rows(level: Floats) -> Rows:
    return [
        {"i": column, "j": row, "v": "".join(decisions.UNKNOWN if np.isnan(v) else str(int(v)) for v in values)}
        for row, line in enumerate(level)
        for column, values in enumerate(line)
    ]


def _point_rows(points: pd.DataFrame) -> Rows:
    columns = (points[name] for name in ("x1", "x2", "label", "explainer_right", "right"))
    return [
        {"x": round(float(x), 3), "y": round(float(y), 3), "label": int(label), "e": int(known), "r": right}
        for x, y, label, known, right in zip(*columns, strict=True)
    ]
