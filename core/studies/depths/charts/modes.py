"""Modes of a linear network over time, one for every singular value: theory as lines, a network as dots."""

from __future__ import annotations

import altair as alt
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import between, level, marks_of
from core.figure.palette import ACCENT
from core.figure.rows import listed, records
from core.studies.depths.charts.marks import EXTENT, at_clock, dots_at_clock, dotted, time_axis

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


@specification(height=HEIGHT, params={"last": 12, "high": 5})
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    axis = alt.Axis(tickCount=5, grid=False, **EXTENT)
    x, y = time_axis(), alt.Y("u:Q", title="strength u of the mode", scale=between(0, "high"), axis=axis)
    theory = marks_of("theory").mark_line(strokeWidth=1.9, color=ACCENT, clip=True)
    layers = [
        *level(marks_of("targets").transform_calculate(u="datum.s"), y, opacity=0.6),
        theory.encode(x=x, y=y, detail="s:N", order="time:Q"),
        marks_of("measured").mark_point(filled=False, size=22, color=ACCENT, opacity=0.9, clip=True).encode(x=x, y=y),
        at_clock(x),
        dots_at_clock(x, y, alt.value(ACCENT), "'s = ' + datum.s"),
    ]
    return alt.layer(*layers)


def _rows(table: pd.DataFrame) -> Rows:
    columns = {"s": table["singular_value"].tolist(), "time": listed(table["time"], 5), "u": listed(table["strength"])}
    return records(columns)
