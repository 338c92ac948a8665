"""The logit and the soft error of two modes over time: theory as lines, networks as dots, one layer for contrast."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, expr, moving, specification
from core.figure.marks import between, dot, marks_of, on_screen, stacked
from core.figure.palette import INK, MUTED
from core.figure.rows import Floats, listed, records
from core.figure.step_axis import THOUSANDS
from core.studies.modes.charts.marks import MODES, colour, shown_times

LOGIT_HEIGHT, ERROR_HEIGHT = 165, 175
TICKS = [10.0**power for power in range(-4, 8)]
EXTENT: dict[str, Any] = {"minExtent": 34, "maxExtent": 34}


def figure(
    theory: pd.DataFrame,
    measured: pd.DataFrame | None,
    one_layer: pd.DataFrame | None,
    steepest: pd.DataFrame,
    *,
    log: bool,
    clocks: tuple[float, float] | None = None,
) -> Figure:
    """Return the figure of one loss.

    Args:
        theory: mode, time, logit, error: of the network.
        measured: the same at the same times, if it is trained.
        one_layer: the same of one layer, if it is wanted and known.
        steepest: mode, time, error: where theory has the soft error fall fastest.
        log: whether time is logarithmic.
        clocks: what each mode's time is multiplied with, to see whether the curves fall on one another.
    """
    pace = dict(zip(MODES, clocks or (1.0, 1.0), strict=True))
    known = theory if measured is None else measured
    times = known["time"].unique()
    scaled = theory["time"] * theory["mode"].map(pace)
    tables: dict[str, Rows] = {
        "theory": _rows(theory, pace, log=log),
        "measured": [] if measured is None else _rows(measured[shown_times(measured, log=log)], pace, log=log),
        "one_layer": [] if one_layer is None else _rows(one_layer, pace, log=log),
        "steepest": _steepest_rows(steepest, pace, float(scaled.max()), log=log),
        "now": [_now_row(known, mode, times * pace[mode], log=log) for mode in MODES],
    }
    finite = theory["logit"][np.isfinite(theory["logit"])]
    low, high = float(finite.min()), float(finite.max())
    room = 0.06 * max(high - low, 1e-3)
    params = {
        "first": round(float(scaled[theory["time"] > 0].min()), 9),
        "last": round(float(scaled.max()), 6),
        "low": round(min(low, 0.0) - room, 4),
        "high": round(high + room, 4),
        "most": round(max(0.52, float(theory["error"].max()) + 0.02), 4),
    }
    return Figure.of(chart(log=log, together=clocks is not None), tables, params)


@specification(padding=66, params={"first": 0.01, "last": 60, "low": -0.1, "high": 6, "most": 0.52})
def chart(*, log: bool, together: bool) -> Chart:
    """Return the chart, the same for every experiment."""
    title = "t·p, time times the mode's frequency" if together else "time t, sum of the learning rates"
    return stacked(
        _panel("logit", log=log, title=None, height=LOGIT_HEIGHT),
        _panel("error", log=log, title=title, height=ERROR_HEIGHT),
        spacing=10,
    )


def _panel(name: str, *, log: bool, title: str | None, height: int) -> Chart:
    x = time_axis(log=log, title=title)
    low, high, label = ("low", "high", "logit sN") if name == "logit" else (-0.02, "most", "soft error σ(−sN)")
    axis = alt.Axis(tickCount=5, grid=False, **EXTENT)
    y = alt.Y(f"{name}:Q", title=label, scale=between(low, high), axis=axis)
    error = name == "error"
    hue = colour(legend=error)
    line = marks_of("theory").mark_line(strokeWidth=2, clip=True)
    flat = marks_of("one_layer").mark_line(strokeWidth=1.4, strokeDash=[5, 4], opacity=0.75, clip=True)
    dots = marks_of("measured").mark_point(filled=False, size=26, opacity=0.75, clip=True)
    layers = [
        flat.encode(x=x, y=y, color=hue, order="x:Q"),
        line.encode(x=x, y=y, color=hue, order="x:Q"),
        dots.encode(x=x, y=y, color=hue),
        *(_steepest(x, y) if error else []),
        _now(name, x, y, hue),
    ]
    return alt.layer(*layers).properties(height=height)


def time_axis(*, log: bool, title: str | None) -> alt.X:
    """Return x from `first` (logarithmic) or 0 to `last`; no labels without a title."""
    scale = between("first" if log else 0, "last", type="log" if log else "linear")
    look: dict[str, Any] = {} if title else {"labels": False, "ticks": False}
    look |= {"values": TICKS} if log else {"tickCount": 6}
    axis = alt.Axis(grid=False, labelExpr=THOUSANDS, **look)
    return alt.X("x:Q", title=title, scale=scale, axis=axis)


def _steepest(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    rows = marks_of("steepest")
    mark = rows.mark_point(shape="diamond", filled=False, size=110, strokeWidth=1.6, color=INK, clip=True)
    side = expr("datum.side == 'left' ? 'right' : 'left'"), expr("datum.side == 'left' ? -9 : 9")
    said = rows.mark_text(fontSize=10, color=MUTED, dy=-3, align=side[0], dx=side[1])
    return [mark.encode(x=x, y=y), said.encode(x=x, y=y, text="text:N")]


def _now(name: str, x: alt.X, y: alt.Y, hue: alt.Color) -> alt.Chart:
    now = marks_of("now").transform_calculate(
        x=moving("xs"),
        **{name: moving(f"{name}s")},
        said=f"tween ? '' : datum.name + ', t = ' + format(datum.times[frame], '.4~g') + ': ' + "
        f"format(datum.{name}, '.3f')",
    )
    dots: alt.Chart = dot(now, size=75).encode(x=x, y=y, color=hue, tooltip="said:N")
    return on_screen(dots)


def _rows(table: pd.DataFrame, pace: dict[str, float], *, log: bool) -> Rows:
    shown = table[table["time"] > 0] if log else table
    x, logit, error = (
        listed(column, digits)
        for column, digits in ((shown["time"] * shown["mode"].map(pace), 6), (shown["logit"], 4), (shown["error"], 4))
    )
    return records({"mode": [MODES[mode][0] for mode in shown["mode"]], "x": x, "logit": logit, "error": error})


def _steepest_rows(steepest: pd.DataFrame, pace: dict[str, float], last: float, *, log: bool) -> Rows:
    """Return a row a mode; one has a label, on the side where there is room: their errors are nearly the same."""
    rows: list[dict[str, Any]] = [
        {"x": round(row["time"] * pace[row["mode"]], 6), "error": round(row["error"], 5), "text": "", "side": "right"}
        for row in steepest[steepest["time"].notna()].to_dict("records")
    ]
    for row in sorted(rows, key=lambda row: float(row["x"]))[-1:]:
        row["text"] = f"falls fastest at {row['error']:.3f}"
        row["side"] = "left" if row["x"] > last * (0.01 if log else 0.6) else "right"
    return rows


def _now_row(known: pd.DataFrame, mode: str, x: Floats, *, log: bool) -> dict[str, Any]:
    mine = known[known["mode"] == mode]
    at = np.maximum(x, x[x > 0].min()) if log else x
    columns = {f"{name}s": listed(mine[name]) for name in ("logit", "error", "time")}
    return {"mode": MODES[mode][0], "name": MODES[mode][0], "xs": listed(at, 6), **columns}
