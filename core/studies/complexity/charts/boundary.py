"""Two-dimensional data: where the network decides what, and where its errors lie, as training plays.

The plane is coloured by F's output in ten levels, with the boundary of F through it and that of L over it, dashed; a
test point shows whether F and L are right about it (`four_cells`).
"""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import decisions
from core.figure.figure import FRAME, INK, PAPER, THEME, Figure, Rows, as_tables, expr
from core.studies.complexity.charts import four_cells

Floats = NDArray[np.float64]

HEIGHT = 400

OWN = {"centre_x": 0, "centre_y": 0, "reach": 1, "cell_width": 0.05, "cell_height": 0.05, "columns": 40, "rows": 40}
"""Params: the middle of the plane, how far it reaches, and the cells."""

PIXELS = "(min(width, height) / (2 * reach))"
"""Pixels a unit of the inputs, the same in x and y."""
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
    params = {name: float(f"{value:.6g}") for name, value in zip(OWN, values, strict=True)}
    return Figure(spec(), as_tables(tables), params)


@cache
def spec() -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart().to_dict()


def chart() -> alt.LayerChart | alt.FacetChart:
    """Return the chart, the same for every run; a unit of length is as long in x as in y."""
    place: dict[str, Any] = {
        axis: channel(
            f"{axis}:Q",
            title=title,
            scale=alt.Scale(
                domain=[expr(f"centre_{axis} {sign} {length} / 2 / {PIXELS}") for sign in "-+"],
                nice=False,
                zero=False,
                round=True,  # or neighbouring cells would show a seam
            ),
            axis=alt.Axis(grid=False, tickCount=5),
        )
        for axis, channel, title, length in (
            ("x", alt.X, "first input", "width"),
            ("y", alt.Y, "second input", "height"),
        )
    }
    dashed: dict[str, Any] = {"strokeDash": [7, 4]}
    layers = [
        _cells(place),
        _points(place),
        _line("boundary", "datum.path[frame]", place, stroke=expr(PAPER), strokeWidth=4.5, strokeOpacity=0.8),
        _line("boundary", "datum.path[frame]", place, stroke=expr(INK), strokeWidth=2.2),
        _line("explainer", "datum.path", place, stroke=expr(PAPER), strokeWidth=3.5, strokeOpacity=0.7),
        _line("explainer", "datum.path", place, stroke=expr(INK), strokeWidth=1.6, **dashed),
        *four_cells.legend(points=True, narrow=ALWAYS),  # a chart does not make room for a second row later
    ]
    own = [alt.param(name=name, value=value) for name, value in OWN.items()]
    layered = alt.layer(*layers).add_params(FRAME, *THEME, *own)
    return layered.properties(height=HEIGHT, config=alt.Config(aria=False))


def _cells(place: dict[str, Any]) -> alt.Chart:
    edge = {
        "x": "centre_x + (datum.i - columns / 2 {}) * cell_width",
        "y": "centre_y + (datum.j - rows / 2 {}) * cell_height",
    }
    edges = {
        f"{axis}{end}": where.format(more) for axis, where in edge.items() for end, more in (("", ""), ("2", "+ 1"))
    }
    cells: alt.Chart = (
        alt.Chart(alt.NamedData("cells"))
        .transform_calculate(**edges)
        .transform_calculate(level="datum.v[frame]")
        .mark_rect(strokeWidth=0)
        .encode(
            **place,
            x2="x2:Q",
            y2="y2:Q",
            fill=alt.Fill(
                "level:N", scale=alt.Scale(domain=[*"0123456789-"], range=[*decisions.HUES, "#00000000"]), legend=None
            ),
        )
    )
    return cells


def _line(table: str, path: str, place: dict[str, Any], **look: Any) -> alt.Chart:
    """Return a line whose path has the width of a cell as its unit and the middle of the plane as its origin."""
    middle = {"x": "centre_x", "y": "centre_y", "shape": path}
    line: alt.Chart = (
        alt.Chart(alt.NamedData(table))
        .transform_calculate(**middle)
        .mark_point(
            filled=False,
            opacity=1,
            strokeJoin="round",
            clip=True,
            size=expr(f"pow(2 * cell_width * {PIXELS}, 2)"),
            **look,
        )
        .encode(**place, shape=alt.Shape("shape:N", scale=None))
    )
    return line


def _points(place: dict[str, Any]) -> alt.Chart:
    points: alt.Chart = (
        alt.Chart(alt.NamedData("points"))
        .transform_calculate(cell=four_cells.CELL)
        .transform_calculate(
            hue=four_cells.HUE,
            shape=f"{four_cells.RIGHT} ? 'circle' : 'cross'",
            size="datum.cell == 'both_right' ? 20 : 62",
            said="'label ' + datum.label + ', F ' + (datum.r[frame] == '1' ? 'right' : 'wrong')"
            " + ', L ' + (datum.e ? 'right' : 'wrong')",
        )
        .mark_point(filled=True, angle=45, stroke=expr(PAPER), strokeWidth=0.9, opacity=1, clip=True)
        .encode(
            **place,
            fill=alt.Fill("hue:N", scale=None),
            shape=alt.Shape("shape:N", scale=None),
            size=alt.Size("size:Q", scale=None),
            tooltip="said:N",
        )
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
