"""Kinks of units on two inputs: lines in the plane of the data, each where its unit switches on."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.marks import dot, equal_axes, marks_of
from core.figure.neurons import unwrapped
from core.figure.palette import MUTED, NEGATIVE, POSITIVE
from core.figure.rows import Floats, over_frames, records, rounded

HEIGHT = 400
MARGIN = 1.15
"""How far the plane reaches beyond the farthest point."""

DRAWN = 160
"""So many units are drawn at most: those that are the heaviest at any snapshot."""

FAINT = 0.02
"""A unit is left out if it never has this share of the heaviest one's |a| |v|."""

AWAY = 9.0
"""A line farther than this from the origin is off the picture, wherever it is."""

LONG = 3.0
"""Half the length of a line before it is clipped, in units of the plane's reach."""

TICK = 0.05
"""Length of the mark on a line's active side, likewise."""

HUE = f"datum.sign > 0 ? '{POSITIVE}' : '{NEGATIVE}'"


def figure(directions: pd.DataFrame, extremal: pd.DataFrame, points: pd.DataFrame, steps: NDArray[np.int64]) -> Figure:
    """Return the figure of the first run at `steps`.

    Args:
        directions: step, neuron, radius, sign, w1, w2, b; a row a step and neuron, in that order.
        extremal: sign, w1, w2, b: where units turn to at f = 0.
        points: x1, x2, label.
        steps: the snapshots, (frame,).
    """
    where = points[["x1", "x2"]].to_numpy(np.float64)
    tables: dict[str, Rows] = {
        "points": [
            {"x": round(x, 3), "y": round(y, 3), "label": int(label)}
            for (x, y), label in zip(where.tolist(), points["label"], strict=True)
        ],
        "lines": _line_rows(directions, steps),
        "extremal": _extremal_rows(extremal),
    }
    return Figure.of(chart(), tables, {"reach": round(MARGIN * float(np.abs(where).max()), 2)})


@specification(height=HEIGHT, params={"reach": 1.2})
def chart() -> Chart:
    """Return the chart, the same for every run; a unit of length is as long in x as in y."""
    place = equal_axes("first input", "second input")
    layers = [_extremal(place), *_lines(place), _points(place)]
    return alt.layer(*layers)


def _lines(place: dict[str, Any]) -> list[alt.Chart]:
    """Return the kinks now and, at the point of each nearest to the origin, a mark on its active side."""
    now = (
        marks_of("lines")
        .transform_calculate(angle=moving("t"), offset=moving("c"), share=moving("q"))
        .transform_calculate(nx="cos(datum.angle)", ny="sin(datum.angle)", opacity="0.06 + 0.74 * sqrt(datum.share)")
        .transform_calculate(
            said="tween ? '' : 'unit ' + datum.neuron + ', ' + format(datum.share, '.0%') + ' of the heaviest'"
        )
    )
    look: dict[str, Any] = {
        "color": alt.Color("hue:N", scale=None),
        "strokeOpacity": alt.StrokeOpacity("opacity:Q", scale=None),
        "tooltip": "said:N",
    }
    line = _drawn(now, "datum.offset", "datum.nx", "datum.ny")
    tick = now.transform_calculate(
        x="datum.offset * datum.nx",
        y="datum.offset * datum.ny",
        x2=f"(datum.offset + {TICK} * reach) * datum.nx",
        y2=f"(datum.offset + {TICK} * reach) * datum.ny",
    )
    return [
        part.transform_calculate(hue=HUE)
        .mark_rule(strokeWidth=width, clip=True)
        .encode(**place, x2="x2:Q", y2="y2:Q", **look)
        for part, width in ((line, 1.3), (tick, 2.0))
    ]


def _drawn(rows: alt.Chart, offset: str, nx: str, ny: str) -> alt.Chart:
    """Return rows with the ends of a line, from expressions of its offset and its normal."""
    ends = {
        f"{axis}{end}": f"{offset} * {along} {sign} {LONG} * reach * {across}"
        for end, signs in (("", "-+"), ("2", "+-"))
        for (axis, along, across), sign in zip((("x", nx, ny), ("y", ny, nx)), signs, strict=True)
    }
    return rows.transform_calculate(**ends)


def _extremal(place: dict[str, Any]) -> alt.Chart:
    """Return the lines that kinks turn to while f is near zero, dashed."""
    rows = _drawn(marks_of("extremal"), "datum.c", "cos(datum.t)", "sin(datum.t)")
    rows = rows.transform_calculate(said="'extremal direction at f = 0'")
    dashed = rows.mark_rule(strokeWidth=2, strokeDash=[6, 4], color=MUTED, clip=True)
    lines: alt.Chart = dashed.encode(**place, x2="x2:Q", y2="y2:Q", tooltip="said:N")
    return lines


def _points(place: dict[str, Any]) -> alt.Chart:
    rows = marks_of("points").transform_calculate(hue=f"datum.label > 0 ? '{POSITIVE}' : '{NEGATIVE}'")
    shape = alt.Scale(domain=[-1, 1], range=["circle", "square"])
    dots: alt.Chart = dot(rows, size=48, clip=False).encode(
        **place, fill=alt.Fill("hue:N", scale=None), shape=alt.Shape("label:N", scale=shape, legend=None)
    )
    return dots


def _line_rows(directions: pd.DataFrame, steps: NDArray[np.int64]) -> Rows:
    """Return a row a unit: the angle t of (w1, w2), the line's offset c along it, and the share q of the heaviest."""
    w1, w2, b, radius, sign = (over_frames(directions, name, steps) for name in ("w1", "w2", "b", "radius", "sign"))
    share = np.nan_to_num(radius / np.maximum(np.nanmax(radius, axis=0), 1e-300))
    often = share.max(axis=1)
    taken = np.sort(np.argsort(-often, kind="stable")[:DRAWN])
    taken = taken[often[taken] >= FAINT]
    angle, offset = _line(w1[taken], w2[taken], b[taken])
    columns = {"neuron": taken.tolist(), "sign": [int(one) for one in np.sign(sign[taken, 0])]}
    columns |= {"t": rounded(unwrapped(angle), 3), "c": rounded(offset, 3), "q": rounded(share[taken], 3)}
    return records(columns)


def _extremal_rows(extremal: pd.DataFrame) -> Rows:
    angle, offset = _line(*(extremal[name].to_numpy(np.float64) for name in ("w1", "w2", "b")))
    return records({"t": rounded(angle, 3), "c": rounded(offset, 3)})


def _line(w1: Floats, w2: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Return the angle of the normal (w1, w2), which points to the active side, and the line's place along it."""
    length = np.hypot(w1, w2)
    offset = np.divide(-b, length, out=np.full_like(length, AWAY), where=length > 1e-12 * np.abs(b))
    return np.arctan2(w2, w1), np.clip(offset, -AWAY, AWAY)
