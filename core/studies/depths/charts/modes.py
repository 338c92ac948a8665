"""Modes of a linear network over time, one for every singular value: theory as lines, a network as dots."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from core.figure.figure import ACCENT, FRAME, MUTED, THEME, TWEEN, Figure, Rows, as_tables, expr, listed, moving
from core.studies.depths.charts.marks import EXTENT, RIM, at_clock, dotted, time_axis

HEIGHT = 315


def figure(theory: pd.DataFrame, recorded: pd.DataFrame, last: float, *, measured: bool) -> Figure:
    """Return the figure of one depth and start.

    Args:
        theory: singular_value, time, strength.
        recorded: the same at the recorded times, (singular_value, frame) in that order.
        last: the time that the axis ends at.
        measured: whether `recorded` is measured; else it is theory's too.
    """
    times = recorded["time"].unique()
    seen = times[dotted(times, last)]
    values = sorted(theory["singular_value"].unique().tolist())
    tables: dict[str, Rows] = {
        "theory": _rows(theory),
        "measured": _rows(recorded[recorded["time"].isin(seen)]) if measured else [],
        "targets": [{"s": value, "text": f"s = {value:g}"} for value in values],
        "now": [
            {"s": value, "times": listed(times, 5), "v": listed(rows["strength"])}
            for value, rows in recorded.groupby("singular_value")
        ],
        "clock": [{"times": listed(times, 5)}],
    }
    return Figure.of(chart(), tables, {"last": round(last, 5), "high": round(1.12 * values[-1], 4)})


def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    x = time_axis()
    scale = between(0, "high")
    y = alt.Y("u:Q", title="strength u of the mode", scale=scale, axis=alt.Axis(tickCount=5, grid=False, **EXTENT))
    theory, measured, targets = (named(name) for name in ("theory", "measured", "targets"))
    level = targets.transform_calculate(u="datum.s")
    words: dict[str, Any] = {"fontSize": 10, "color": MUTED, "align": "left", "baseline": "bottom", "dx": 4}
    now = (
        named("now")
        .transform_filter("isValid(datum.v[frame])")
        .transform_calculate(
            time=moving("times"),
            u=moving("v"),
            said="tween ? '' : 's = ' + datum.s + ', t = ' + format(datum.time, '.3~g') + ': u = ' + "
            "format(datum.u, '.3f')",
        )
    )
    layers = [
        level.mark_rule(strokeDash=[5, 4], color=MUTED, opacity=0.6).encode(y=y),
        level.mark_text(**words).encode(x=alt.value(0), y=y, text="text:N"),
        theory.mark_line(strokeWidth=1.9, color=ACCENT, clip=True).encode(x=x, y=y, detail="s:N", order="time:Q"),
        measured.mark_point(filled=False, size=22, color=ACCENT, opacity=0.9, clip=True).encode(x=x, y=y),
        at_clock(x),
        now.mark_point(filled=True, fill=ACCENT, clip=True, **RIM).encode(x=x, y=y, tooltip="said:N"),
    ]
    own = [alt.param(name=name, value=value) for name, value in (("last", 12), ("high", 5))]
    layered = alt.layer(*layers).add_params(FRAME, TWEEN, *THEME, *own)
    return layered.properties(height=HEIGHT, config=alt.Config(aria=False))


def _rows(table: pd.DataFrame) -> Rows:
    columns = table["singular_value"].tolist(), listed(table["time"], 5), listed(table["strength"])
    return [{"s": s, "time": time, "u": u} for s, time, u in zip(*columns, strict=True)]
