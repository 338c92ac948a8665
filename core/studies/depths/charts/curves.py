"""The logit or the soft error of one loss over time, a curve for every depth: theory as lines, networks as dots."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import FRAME, INK, THEME, TWEEN, Figure, Rows, as_tables, expr, listed, moving
from core.studies.depths.charts.marks import EXTENT, RIM, at_clock, colour, dotted, fill, time_axis

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
    return Figure.of(chart(measure), tables, params)


def chart(measure: str) -> Chart:
    """Return the chart, the same for every experiment and loss."""
    x = time_axis()
    scale = between("low", "high")
    axis = alt.Axis(tickCount=5, grid=False, **EXTENT)
    y = alt.Y("value:Q", title=TITLES[measure], scale=scale, axis=axis)
    theory, measured, steepest = (named(name) for name in ("theory", "measured", "steepest"))
    now = (
        named("now")
        .transform_filter("isValid(datum.v[frame])")
        .transform_calculate(
            time=moving("times"),
            value=moving("v"),
            said="tween ? '' : 'D = ' + datum.depth + ', t = ' + format(datum.time, '.3~g') + ': ' + "
            "format(datum.value, '.3f')",
        )
    )
    layers = [
        theory.mark_line(strokeWidth=1.8, clip=True).encode(x=x, y=y, color=colour(), order="time:Q"),
        measured.mark_point(filled=False, size=22, opacity=0.8, clip=True).encode(x=x, y=y, color=colour()),
        steepest.mark_point(shape="diamond", filled=False, size=80, strokeWidth=1.4, color=INK, clip=True).encode(
            x=x, y=y
        ),
        at_clock(x),
        now.mark_point(filled=True, clip=True, **RIM).encode(x=x, y=y, fill=fill(), tooltip="said:N"),
    ]
    own = [alt.param(name=name, value=value) for name, value in (("last", 25), ("low", 0), ("high", 0.5))]
    layered = alt.layer(*layers).add_params(FRAME, TWEEN, *THEME, *own)
    return layered.properties(height=HEIGHT, config=alt.Config(aria=False))


def _rows(table: pd.DataFrame, measure: str) -> Rows:
    columns = table["depth"].tolist(), listed(table["time"], 5), listed(table[measure])
    return [{"depth": depth, "time": time, "value": value} for depth, time, value in zip(*columns, strict=True)]
