"""Curves on the axis of steps, each the mean over seeds with the band from the lowest to the highest seed.

What cannot be told (a masked share, a run after it diverged) leaves a gap; a value alone between gaps is a point.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Rows, expr, moving
from core.figure.marks import between, dot, marks_of, on_screen, rimmed
from core.figure.palette import categories, strokes
from core.figure.rows import Floats, listed, mean_of_known, over_frames, records

APART = 14.0
"""Values beside the clock's rule stand so many pixels apart."""

PARAMS = {**step_axis.PARAMS, "y_low": 0.0, "y_high": 1.0}
"""What the axes end at."""

CROSSES_OVER = 0.6
"""Values stand right of the clock's rule before this share of the axis, left of it after."""


@dataclass(frozen=True)
class Curve:
    """A column of a table over steps, and how it is drawn."""

    column: str
    name: str
    colour: Any
    dash: tuple[int, int] = (1, 0)
    width: float = 2.0
    read: bool = False  # whether its value stands beside the clock's rule
    drawn: bool = True  # a line, or only a name in the legend


def tables(curves: Sequence[Curve], table: pd.DataFrame, steps: NDArray[np.int64], scale: float) -> dict[str, Rows]:
    """Return the tables `curves`, `bands`, `dots` and `now`.

    Args:
        curves: what is drawn.
        table: step and the columns of `curves`, with `<column>_low` and `<column>_high` where there is a band.
        steps: the snapshots, (frame,).
        scale: pixels a unit of y.
    """
    shown = {curve.column: over_frames(table, curve.column, steps)[0] for curve in curves if curve.drawn}
    banded = [curve for curve in curves if curve.drawn and f"{curve.column}_low" in table]
    return {
        "curves": [row for curve in curves if curve.drawn for row in _line(curve, steps, shown[curve.column])],
        "bands": [row for curve in banded for row in _band(curve, steps, table)],
        "dots": _dots([curve for curve in curves if curve.read], shown, steps, scale),
        "now": step_axis.now_rows(steps),
    }


def seed_rows(steps: NDArray[np.int64], curves: Iterable[tuple[Mapping[str, Any], Floats]]) -> Rows:
    """Return a row a curve, (seed, frame), and step: what is said of it, and the mean, least and greatest over seeds.

    Seeds that have no number are left out.
    """
    rows: list[dict[str, Any]] = []
    for about, of_seeds in curves:
        known = np.isfinite(of_seeds)
        low, high = (
            end(np.where(known, of_seeds, beyond), axis=0) for end, beyond in ((np.min, np.inf), (np.max, -np.inf))
        )
        columns = {"step": steps.tolist(), "value": listed(mean_of_known(of_seeds))}
        rows += [{**about, **row} for row in records(columns | {"low": listed(low), "high": listed(high)})]
    return rows


def band(rows: alt.Chart, x: alt.X, y: alt.Y, hue: alt.Color) -> alt.Chart:
    """Return the band from the least to the greatest seed, of rows of `seed_rows`."""
    area = rows.transform_calculate(value="datum.low").mark_area(opacity=0.16, clip=True)
    band: alt.Chart = area.encode(x=x, y=y, y2="high:Q", color=hue)
    return band


def _line(curve: Curve, steps: NDArray[np.int64], values: Floats) -> list[dict[str, Any]]:
    known = np.pad(np.isfinite(values), 1)
    alone = known[1:-1] & ~known[:-2] & ~known[2:]
    rows = records({"step": steps.tolist(), "value": listed(values)})
    return [
        {"name": curve.name, "width": curve.width, **row} | ({"alone": True} if lone else {})
        for row, lone in zip(rows, alone.tolist(), strict=True)
    ]


def _band(curve: Curve, steps: NDArray[np.int64], table: pd.DataFrame) -> list[dict[str, Any]]:
    ends = {end: listed(over_frames(table, f"{curve.column}_{end}", steps)[0]) for end in ("low", "high")}
    return [{"name": curve.name, **row} for row in records({"step": steps.tolist(), **ends})]


def _dots(curves: Sequence[Curve], shown: Mapping[str, Floats], steps: NDArray[np.int64], scale: float) -> Rows:
    values = np.array([shown[curve.column] for curve in curves])  # (curve, frame)
    places = spread(values * scale, APART) / scale
    return [
        {"name": curve.name, "steps": steps.tolist(), "v": listed(values[i]), "at": listed(places[i])}
        for i, curve in enumerate(curves)
    ]


def spread(places: Floats, gap: float) -> Floats:
    """Return (label, frame) places, those of a frame moved as little as brings them `gap` apart, in their order."""
    moved = places.copy()
    for frame in range(places.shape[1]):
        order = [i for i in np.argsort(places[:, frame], kind="stable") if np.isfinite(places[i, frame])]
        blocks: list[list[float]] = []  # labels that touch, without their gaps
        for i, label in enumerate(order):
            block = [places[label, frame] - gap * i]
            while blocks and np.mean(blocks[-1]) > np.mean(block):
                block = blocks.pop() + block
            blocks.append(block)
        middles = [np.mean(block) for block in blocks for _ in block]
        moved[order, frame] = np.array(middles) + gap * np.arange(len(order))
    return moved


def axes(title: str, *, format: str | None = None, **kind: Any) -> tuple[alt.X, alt.Y]:
    """Return the axis of steps, and one between the params `y_low` and `y_high`."""
    look = alt.Axis(tickCount=6) if format is None else alt.Axis(tickCount=5, format=format, minExtent=34)
    scale = between("y_low", "y_high", **kind or {"zero": False})
    return step_axis.step_axis("SGD step"), alt.Y("value:Q", title=title, scale=scale, axis=look)


def colour(curves: Sequence[Curve]) -> alt.Color:
    """Return the channel that colours by the field `name`, with the legend of all curves."""
    return categories("name", {curve.name: curve.colour for curve in curves}, strokes(columns=2))


def bands(curves: Sequence[Curve], x: alt.X, y: alt.Y) -> alt.Chart:
    """Return the bands between seeds."""
    area = marks_of("bands").mark_area(opacity=0.22, clip=True)
    areas: alt.Chart = area.encode(x=x, y=alt.Y("low:Q", scale=y["scale"]), y2="high:Q", color=colour(curves))
    return areas


def lines(curves: Sequence[Curve], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return the curves, and the points of values that stand alone."""
    dash = alt.StrokeDash(
        "name:N",
        scale=alt.Scale(domain=[curve.name for curve in curves], range=[list(curve.dash) for curve in curves]),
    )
    rows = marks_of("curves")
    width = alt.StrokeWidth("width:Q", scale=None)
    return [
        rows.mark_line(clip=True).encode(x=x, y=y, color=colour(curves), strokeDash=dash, strokeWidth=width),
        rows.transform_filter("datum.alone")
        .mark_point(filled=True, size=14, opacity=1, clip=True)
        .encode(x=x, y=y, color=colour(curves)),
    ]


def clock(curves: Sequence[Curve], x: alt.X, y: alt.Y, number: str) -> list[alt.Chart]:
    """Return the clock's rule, a dot on each curve that is read, and its value in the format `number`.

    Values below the param `y_low`, where the axis ends, have neither.
    """
    hue = colour(curves)
    now = marks_of("dots").transform_calculate(step=moving("steps"), value=moving("v"))
    now = now.transform_filter("isValid(datum.value) && datum.value >= y_low")
    words = now.transform_calculate(
        text=f"replace(format(datum.value, '{number}'), /^(−?)0[.]/, '$1.')"
    ).transform_calculate(value=moving("at"), late=f"log(1 + datum.step) > {CROSSES_OVER} * log(1 + last_step)")
    text: dict[str, Any] = {"fontSize": 11, "fontWeight": "bold", "baseline": "middle"}
    side: dict[str, Any] = {"align": expr("datum.late ? 'right' : 'left'"), "dx": expr("datum.late ? -8 : 8")}
    rim, _ = rimmed(words.encode(x=x, y=y, text="text:N"), rim=1, **text, **side)
    return [
        step_axis.marker(x),
        on_screen(dot(now, size=55, clip=False).encode(x=x, y=y, color=hue)),
        on_screen(rim),
        on_screen(words.mark_text(**text, **side).encode(x=x, y=y, text="text:N", color=hue)),
    ]
