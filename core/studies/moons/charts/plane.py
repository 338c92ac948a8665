"""Two moons and what a network decides between them, as training plays: one panel a penalty."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import contours, decisions
from core.figure.figure import FRAME, INK, NEGATIVE, PAPER, POSITIVE, THEME, Figure, Rows, as_tables, expr, listed

Floats = NDArray[np.float64]

HEIGHT = 340
SCALE = 3.0
"""The logit at which the colour is two levels short of the strongest; the same in all panels."""
STRAIGHT = 1.2
"""The dashed line is fitted, and drawn, over |x2| below this."""
PIXELS = "(min(width, height) / (2 * reach))"
"""Pixels a unit of the inputs, the same in x and y."""


def figure(logit: Floats, boundary: Floats, x2: Floats, points: pd.DataFrame, reach: float) -> Figure:
    """Return the figure of one run.

    Args:
        logit: at the centres of a square grid over [-reach, reach] in both inputs, (frame, row, column).
        boundary: x1 of the boundary on the grid's rows, (frame, row).
        x2: of the rows, (row,).
        points: x1, x2, label.
        reach: of the plane.
    """
    frames, size = len(logit), logit.shape[1]
    cells = np.moveaxis(logit, 0, -1).reshape(size * size, frames)
    tables: dict[str, Rows] = {
        "cells": [
            {"i": place % size, "j": place // size, "v": level}
            for place, level in enumerate(decisions.levels(cells, SCALE))
        ],
        "boundary": [{"path": [_path(frame) for frame in logit]}],
        "straight": [{"low": low, "high": high} for low, high in [_straight(boundary, x2)]],
        "points": [
            {"x": round(float(x), 3), "y": round(float(y), 3), "label": int(label)}
            for x, y, label in zip(points["x1"], points["x2"], points["label"], strict=True)
        ],
    }
    return Figure(spec(), as_tables(tables), {"reach": reach, "cell": round(2 * reach / size, 6)})


def _path(logit: Floats) -> str:
    """Return the path of the zero of one frame, in widths of a cell from the middle."""
    half = (len(logit) - 1) / 2
    lines = contours.joined(contours.isoline(logit, 0.0))
    return contours.path([[(x - half, y - half) for x, y in line] for line in lines])


def _straight(boundary: Floats, x2: Floats) -> tuple[list[Any], list[Any]]:
    """Return x1 of the boundary's best straight line at the least and the greatest x2, (frame,) each; None: none."""
    inside = np.abs(x2) < STRAIGHT
    ends = np.full((len(boundary), 2), np.nan)
    for frame, row in enumerate(boundary[:, inside]):
        if np.isfinite(row).all():
            ends[frame] = np.polyval(np.polyfit(x2[inside], row, 1), [-STRAIGHT, STRAIGHT])
    return listed(ends[:, 0]), listed(ends[:, 1])


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
                domain=[expr(f"{sign}{length} / 2 / {PIXELS}") for sign in ("-", "")],
                nice=False,
                zero=False,
                round=True,  # or neighbouring cells would show a seam
            ),
            axis=alt.Axis(grid=False, tickCount=5),
        )
        for axis, channel, title, length in (("x", alt.X, "x₁", "width"), ("y", alt.Y, "x₂", "height"))
    }
    layers = [
        _cells(place),
        _points(place),
        _line(place, stroke=expr(PAPER), strokeWidth=4.5, strokeOpacity=0.8),
        _line(place, stroke=expr(INK), strokeWidth=2.2),
        *_straight_line(place),
    ]
    own = [alt.param(name="reach", value=2), alt.param(name="cell", value=0.1)]
    layered = alt.layer(*layers).add_params(FRAME, *THEME, *own)
    return layered.properties(height=HEIGHT, config=alt.Config(aria=False))


def _cells(place: dict[str, Any]) -> alt.Chart:
    edges = {"x": "datum.i * cell - reach", "y": "datum.j * cell - reach"}
    edges |= {f"{axis}2": f"(datum.{index} + 1) * cell - reach" for axis, index in (("x", "i"), ("y", "j"))}
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


def _line(place: dict[str, Any], **look: Any) -> alt.Chart:
    """Return the boundary: its path has the width of a cell as its unit and the middle of the plane as its origin."""
    line: alt.Chart = (
        alt.Chart(alt.NamedData("boundary"))
        .transform_calculate(x="0", y="0", shape="datum.path[frame]")
        .mark_point(
            filled=False,
            opacity=1,
            strokeJoin="round",
            clip=True,
            size=expr(f"pow(2 * cell * {PIXELS}, 2)"),
            **look,
        )
        .encode(**place, shape=alt.Shape("shape:N", scale=None))
    )
    return line


def _straight_line(place: dict[str, Any]) -> list[alt.Chart]:
    rows = alt.Chart(alt.NamedData("straight")).transform_filter("isValid(datum.low[frame])")
    rows = rows.transform_calculate(x="datum.low[frame]", x2="datum.high[frame]", y=str(-STRAIGHT), y2=str(STRAIGHT))
    return [
        rows.mark_rule(color=expr(hue), strokeWidth=width, strokeDash=[6, 4], opacity=opacity, clip=True).encode(
            **place, x2="x2:Q", y2="y2:Q"
        )
        for hue, width, opacity in ((PAPER, 3.2, 0.7), (INK, 1.4, 0.9))
    ]


def _points(place: dict[str, Any]) -> alt.Chart:
    points: alt.Chart = (
        alt.Chart(alt.NamedData("points"))
        .transform_calculate(hue=f"datum.label > 0 ? '{POSITIVE}' : '{NEGATIVE}'")
        .mark_circle(size=18, stroke=expr(PAPER), strokeWidth=0.6, opacity=1, clip=True)
        .encode(**place, fill=alt.Fill("hue:N", scale=None))
    )
    return points
