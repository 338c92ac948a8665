"""The responses of two features in their plane: fixed points for every strength of the first, and descents to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, expr, moving, specification
from core.figure.marks import between, dot, marks_of
from core.figure.palette import INK, MUTED
from core.figure.rows import listed, records
from core.studies.strengths.charts.penalties import PENALTIES, by_run, colour, named

HEIGHT = 360


def figure(fixed: pd.DataFrame, trained: Sequence[float], chosen: float, descents: pd.DataFrame | None) -> Figure:
    """Return the figure; without descents it has the fixed points alone.

    Args:
        fixed: penalty, s_1, z_1, z_2, of a grid of s_1 that has all of `trained`.
        trained: the s_1 that are named.
        chosen: the one of them that is marked.
        descents: s_1, penalty, step, z_1, z_2 of the recorded steps, in the order of runs.
    """
    named = fixed[fixed["s_1"].isin(trained)]
    named = named[(named["penalty"] == "ridge") | (named["s_1"] == min(trained))]
    tables: dict[str, Rows] = {
        "fixed": _rows(fixed[fixed["penalty"] == "ridge"]),
        "rest": [{**row, **_look(row, chosen)} for row in _rows(named)],
        "paths": [] if descents is None else _rows(descents),
        "balls": [
            about | {"x": listed(rows["z_1"].abs(), 5), "y": listed(rows["z_2"].abs(), 5)}
            for about, rows in by_run(descents)
        ],
    }
    largest = fixed if descents is None else pd.concat([fixed, descents])
    most = {f"most_{axis}": _most(largest[column]) for axis, column in (("x", "z_1"), ("y", "z_2"))}
    return Figure.of(chart(), tables, most)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    x, y = (listed(np.abs(table[name].to_numpy(np.float64)), 5) for name in ("z_1", "z_2"))
    columns = {"penalty": named(table["penalty"]), "s": listed(table["s_1"]), "at": range(len(table)), "x": x, "y": y}
    return records(columns)


def _look(row: Any, chosen: float) -> dict[str, Any]:
    ridge = row["penalty"] == PENALTIES["ridge"][0]
    marked = not ridge or row["s"] == chosen
    return {
        "text": f"s₁ = {row['s']:g}" if ridge else "any s₁",
        "size": 170 if marked else 60,
        "align": "left" if ridge else "right",
    }


def _most(values: pd.Series) -> float:
    known = values.to_numpy(np.float64)
    known = known[np.isfinite(known) & (np.abs(known) < 1e3)]
    return round(1.1 * max(float(np.abs(known).max(initial=0)), 0.1), 4)


@specification(height=HEIGHT, params={"most_x": 11, "most_y": 2})
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    x, y = (
        channel(
            f"{axis}:Q",
            title=title,
            scale=between(0, f"most_{axis}"),
            axis=alt.Axis(grid=False, tickCount=5),
        )
        for axis, channel, title in (("x", alt.X, "|z₁|, response of the first feature"), ("y", alt.Y, "|z₂|"))
    )
    hue = colour()
    now = marks_of("balls").transform_filter("isValid(datum.x[frame])")
    now = now.transform_calculate(
        said="tween ? '' : datum.penalty + ', s₁ = ' + datum.s + ': ' + format(datum.x[frame], '.3f') + ', '"
        " + format(datum.y[frame], '.3f')",
        px=moving("x"),
        py=moving("y"),
    )
    side: dict[str, Any] = {"align": expr("datum.align"), "dx": expr("datum.align == 'left' ? 9 : -9"), "dy": -7}
    layers = [
        marks_of("paths")
        .mark_line(strokeWidth=1.3, opacity=0.5, clip=True)
        .encode(x=x, y=y, color=hue, detail="s:N", order="at:Q"),
        marks_of("fixed")
        .mark_line(strokeWidth=1.6, strokeDash=[5, 4], color=MUTED, clip=True)
        .encode(x=x, y=y, order="s:Q"),
        marks_of("rest")
        .mark_point(shape="diamond", strokeWidth=1.8, filled=False, opacity=1, clip=True)
        .encode(x=x, y=y, color=hue, size=alt.Size("size:Q", scale=None)),
        marks_of("rest").mark_text(fontSize=10, color=INK, **side).encode(x=x, y=y, text="text:N"),
        dot(now).encode(x=_as(x, "px"), y=_as(y, "py"), color=hue, tooltip="said:N"),
    ]
    return alt.layer(*layers)


def _as(channel: Any, name: str) -> Any:
    """Return the same axis for another field."""
    other = channel.copy()
    other.shorthand = f"{name}:Q"
    return other
