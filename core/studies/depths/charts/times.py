"""How long each depth takes to learn, over the initial logit, and which is the fastest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.marks import between, dot, level, marks_of, on_screen
from core.figure.palette import INK, MUTED
from core.figure.rows import listed, records, short
from core.figure.step_axis import THOUSANDS
from core.studies.depths.charts.marks import EXTENT, colour

HEIGHT = 315
NARROW = 0.09
"""The least share of the axis over which the best depth is written."""


def figure(
    theory: pd.DataFrame,
    measured: pd.DataFrame | None,
    crossings: Sequence[tuple[float, int, int]],
    best: int,
    start: float,
    times: NDArray[np.float64],
) -> Figure:
    """Return the figure of one loss.

    Args:
        theory: depth, start_logit, time_theory.
        measured: depth, start_logit, time_theory, time_measured, of the starts that were trained; None: of none.
        crossings: N0 at which the best depth changes, ascending, the best below and the best above.
        best: the best depth where there is no crossing.
        start: the start that the other charts show.
        times: of the snapshots, (frame,).
    """
    fastest = theory.loc[theory.groupby("start_logit")["time_theory"].idxmin()]
    low, high = float(theory["start_logit"].min()), float(theory["start_logit"].max())
    known = [] if measured is None else measured[measured["time_measured"].notna()].to_dict("records")
    tables: dict[str, Rows] = {
        "theory": _rows(theory),
        "fastest": _rows(fastest),
        "measured": [_dot(row) for row in known],
        "crossings": [{"start": short(place)} for place, _, _ in crossings],
        "names": _names(crossings, best, low, high),
        "shown": [{"start": start}],
        "clock": [{"times": listed(times, 5)}],
    }
    params = {
        "low": low,
        "high": high,
        "least": short(0.8 * theory["time_theory"].min(), 3),
        "most": short(1.9 * theory["time_theory"].max(), 3),
    }
    return Figure.of(chart(tuple(sorted(set(theory["depth"].tolist())))), tables, params)


@specification(height=HEIGHT, params={"low": 1e-5, "high": 0.5, "least": 1, "most": 1e3})
def chart(depths: tuple[int, ...]) -> Chart:
    """Return the chart, the same for every loss and experiment with these depths."""
    scale = between("low", "high", type="log")
    axis = alt.Axis(values=[10.0**-power for power in range(5, -1, -1)], format="~g", grid=False)
    x = alt.X("start:Q", title="N₀, the logit at time 0", scale=scale, axis=axis)
    tall = between("least", "most", type="log")
    ticks = [float(digit) * 10.0**power for power in range(-1, 5) for digit in (1, 2, 5)]
    labels = alt.Axis(values=ticks, labelExpr=THOUSANDS, labelOverlap="greedy", grid=False, **EXTENT)
    y = alt.Y("time:Q", title="time to learn", scale=tall, axis=labels)
    said = (
        "'D = ' + datum.depth + ' from N₀ = ' + format(datum.start, '~g') + ': t = ' + format(datum.time, '.4~g')"
        " + ', in theory ' + format(datum.known, '.4~g')"
    )
    hue = colour(depths)
    now = marks_of("clock").transform_calculate(time=moving("times"), text="'learned by now: below'")
    now = now.transform_filter("datum.time > least && datum.time < most")
    words = marks_of("names").mark_text(fontSize=11, color=INK, align="center", baseline="top")
    fastest = marks_of("fastest").mark_line(strokeWidth=9, opacity=0.22, color=INK, clip=True)
    layers = [
        fastest.encode(x=x, y=y, order="start:Q"),
        marks_of("crossings").mark_rule(strokeDash=[4, 4], color=MUTED).encode(x=x),
        marks_of("shown").mark_rule(color=INK, strokeWidth=1.2).encode(x=x),
        marks_of("theory").mark_line(strokeWidth=1.9, clip=True).encode(x=x, y=y, color=hue, order="start:Q"),
        dot(marks_of("measured").transform_calculate(said=said), size=65).encode(x=x, y=y, color=hue, tooltip="said:N"),
        words.encode(x=x, y=alt.value(5), text="text:N"),
        *map(on_screen, level(now, y, strokeDash=[1, 0], color=INK, opacity=0.7)),
    ]
    return alt.layer(*layers)


def _rows(table: pd.DataFrame) -> Rows:
    start, time = (listed(table[name]) for name in ("start_logit", "time_theory"))
    return records({"depth": table["depth"].tolist(), "start": start, "time": time})


def _dot(row: dict[Any, Any]) -> dict[str, Any]:
    names = {"start": "start_logit", "time": "time_measured", "known": "time_theory"}
    return {"depth": row["depth"], **{name: short(row[column], 5) for name, column in names.items()}}


def _names(crossings: Sequence[tuple[float, int, int]], best: int, low: float, high: float) -> Rows:
    """Return the best depths, each in the middle of where it is the best, but where there is no room."""
    edges = [low, *(place for place, _, _ in crossings), high]
    depths = [crossings[0][1], *(above for _, _, above in crossings)] if crossings else [best]
    wide = NARROW * np.log(high / low)
    return [
        {"start": short(np.sqrt(left * right)), "text": f"D = {depth}"}
        for depth, left, right in zip(depths, edges[:-1], edges[1:], strict=True)
        if np.log(right / left) > wide
    ]
