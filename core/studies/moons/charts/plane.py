"""Two moons and what a network decides between them, as training plays: one panel a penalty."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure import contours, decisions
from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import equal_axes, marks_of
from core.figure.palette import INK, NEGATIVE, PAPER, POSITIVE
from core.figure.rows import Floats, listed

HEIGHT = 340
SCALE = 3.0
"""The logit at which the colour is two levels short of the strongest; the same in all panels."""
STRAIGHT = 1.2
"""The dashed line is fitted, and drawn, over |x2| below this."""


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
    low, high = _straight(boundary, x2)
    tables: dict[str, Rows] = {
        "cells": [
            {"i": place % size, "j": place // size, "v": level}
            for place, level in enumerate(decisions.levels(cells, SCALE))
        ],
        "boundary": [{"path": [_path(frame) for frame in logit]}],
        "straight": [{"low": low, "high": high}],
        "points": [
            {"x": round(float(x), 3), "y": round(float(y), 3), "label": int(label)}
            for x, y, label in zip(points["x1"], points["x2"], points["label"], strict=True)
        ],
    }
    return Figure.of(chart(), tables, {"reach": reach, "cell": round(2 * reach / size, 6)})


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


@specification(height=HEIGHT, params={"reach": 2, "cell": 0.1})
def chart() -> Chart:
    """Return the chart, the same for every run; a unit of length is as long in x as in y."""
    place = equal_axes("x₁", "x₂")
    points = marks_of("points").transform_calculate(hue=f"datum.label > 0 ? '{POSITIVE}' : '{NEGATIVE}'")
    straight = marks_of("straight").transform_filter("isValid(datum.low[frame])")
    straight = straight.transform_calculate(
        x="datum.low[frame]", x2="datum.high[frame]", y=str(-STRAIGHT), y2=str(STRAIGHT)
    )
    at: dict[str, Any] = {"place": place, "middle": ("0", "0"), "cell": "cell"}
    layers = [
        decisions.cells(place, "datum.i * cell - reach", "datum.j * cell - reach", "cell", "cell"),
        points.mark_circle(size=18, stroke=PAPER, strokeWidth=0.6, opacity=1, clip=True).encode(
            **place, fill=alt.Fill("hue:N", scale=None)
        ),
        decisions.line("boundary", "datum.path[frame]", **at, stroke=PAPER, strokeWidth=4.5, strokeOpacity=0.8),
        decisions.line("boundary", "datum.path[frame]", **at, stroke=INK, strokeWidth=2.2),
        *(
            straight.mark_rule(color=hue, strokeWidth=width, strokeDash=[6, 4], opacity=opacity, clip=True).encode(
                **place, x2="x2:Q", y2="y2:Q"
            )
            for hue, width, opacity in ((PAPER, 3.2, 0.7), (INK, 1.4, 0.9))
        ),
    ]
    return alt.layer(*layers)
