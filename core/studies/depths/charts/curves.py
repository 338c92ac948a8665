"""The logit or the soft error of one loss over time, a curve for every depth: theory as lines, networks as dots."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import between, marks_of
from core.figure.palette import INK
from core.figure.rows import listed, records
from core.studies.depths.charts.marks import EXTENT, at_clock, colour, dots_at_clock, dotted, time_axis

HEIGHT = 290
TITLES = {"logit": "logit N", "error": "soft error σ(−N)"}


def figure(
    theory: pd.DataFrame,
    recorded: pd.DataFrame,
    steepest: pd.DataFrame,
    measure: str,
    last: float,
    *,
    measured: bool,
) -> Figure:
    """Return the figure of one loss and start.

    Args:
        theory: depth, time, and the measure.
        recorded: the same at the recorded times, (depth, frame) in that order.
        steepest: the same where the soft error falls fastest.
        measure: `logit` or `error`.
        last: the time that the axis ends at.
        measured: whether `recorded` is measured; else it is theory's too.
    """
    times = recorded["time"].unique()
    seen = times[dotted(times, last)]
    tables: dict[str, Rows] = {
        "theory": _rows(theory, measure),
        "measured": _rows(recorded[recorded["time"].isin(seen)], measure) if measured else [],
        "steepest": _rows(steepest[steepest["time"] <= last], measure),
        "now": [
            {"depth": int(str(depth)), "times": listed(times, 5), "v": listed(rows[measure])}
            for depth, rows in recorded.groupby("depth")
        ],
        "clock": [{"times": listed(times, 5)}],
    }
    inside = theory[measure][np.isfinite(theory[measure])]
    low, high = min(float(inside.min()), 0.0), max(float(inside.max()), 0.1)
    room = 0.05 * (high - low)
    params = {"last": round(last, 5), "low": round(low - room, 4), "high": round(high + room, 4)}
    return Figure.of(chart(measure, tuple(sorted(set(theory["depth"].tolist())))), tables, params)


@specification(height=HEIGHT, params={"last": 25, "low": 0, "high": 0.5})
def chart(measure: str, depths: tuple[int, ...]) -> Chart:
    """Return the chart, the same for every loss and experiment with these depths."""
    axis = alt.Axis(tickCount=5, grid=False, **EXTENT)
    x, hue = time_axis(), colour(depths)
    y = alt.Y("value:Q", title=TITLES[measure], scale=between("low", "high"), axis=axis)
    steepest: dict[str, Any] = {"shape": "diamond", "filled": False, "size": 80, "strokeWidth": 1.4}
    layers = [
        marks_of("theory").mark_line(strokeWidth=1.8, clip=True).encode(x=x, y=y, color=hue, order="time:Q"),
        marks_of("measured").mark_point(filled=False, size=22, opacity=0.8, clip=True).encode(x=x, y=y, color=hue),
        marks_of("steepest").mark_point(**steepest, color=INK, clip=True).encode(x=x, y=y),
        at_clock(x),
        dots_at_clock(x, y, hue, "'D = ' + datum.depth"),
    ]
    return alt.layer(*layers)


def _rows(table: pd.DataFrame, measure: str) -> Rows:
    columns = {"depth": table["depth"].tolist(), "time": listed(table["time"], 5), "value": listed(table[measure])}
    return records(columns)
