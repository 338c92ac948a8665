"""The second feature's response over the first's strength, and how it moves with it: theory, and descents."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.marks import across, between, dot, marks_of, moment, stacked
from core.figure.rows import listed, records
from core.studies.strengths.charts.penalties import PENALTIES, by_run, colour, named

RESPONSE_HEIGHT, SLOPE_HEIGHT = 215, 105
EXTENT: dict[str, Any] = {"minExtent": 40, "maxExtent": 40}


def figure(fixed: pd.DataFrame, second: float, descents: pd.DataFrame | None) -> Figure:
    """Return the figure; without descents it has the theory alone.

    Args:
        fixed: penalty, s_1, z_2, dz_2_ds_1.
        second: s_2, which is marked.
        descents: s_1, penalty, step, z_2 of the recorded steps, in the order of runs.
    """
    measured = [about | {"v": rows["z_2"].to_numpy(np.float64)} for about, rows in by_run(descents)]
    tables: dict[str, Rows] = {
        "response": _rows(fixed, "z_2"),
        "response_now": measured,
        "slope": _rows(fixed, "dz_2_ds_1"),
        "slope_now": _differences(measured),
        "second": [{"s": second, "text": "s₁ = s₂", "align": "left"}],
    }
    slopes = fixed["dz_2_ds_1"].to_numpy(np.float64)
    params = {
        "low": round(float(fixed["s_1"].min()) / 1.05, 4),
        "high": round(float(fixed["s_1"].max()) * 1.05, 4),
        "most_response": round(1.15 * max(float(fixed["z_2"].abs().max()), 0.1), 4),
        "least_slope": round(1.2 * min(float(slopes.min()), -0.02), 4),
        "most_slope": round(1.2 * max(float(slopes.max()), 0.02), 4),
    }
    return Figure.of(chart(), tables, params)


def _rows(fixed: pd.DataFrame, column: str) -> Rows:
    return records({"penalty": named(fixed["penalty"]), "s": listed(fixed["s_1"]), "value": listed(fixed[column])})


def _differences(measured: list[dict[str, Any]]) -> Rows:
    """Return the difference quotients of neighbouring s_1, at their middle; list what is measured, rounded."""
    found = []
    for name, _ in PENALTIES.values():
        mine = [row for row in measured if row["penalty"] == name]
        for one, other in pairwise(mine):
            quotient = (other["v"] - one["v"]) / (other["s"] - one["s"])
            found.append({"penalty": name, "s": (one["s"] + other["s"]) / 2, "v": listed(quotient)})
    for row in measured:
        row["v"] = listed(row["v"])
    return found


@specification(padding=72, params={"low": 1, "high": 10, "most_response": 2, "least_slope": -0.2, "most_slope": 0.1})
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    second, panels = marks_of("second"), []
    for name, y, height in (
        ("response", _y("z₂", 0, "most_response"), RESPONSE_HEIGHT),
        ("slope", _y("dz₂ / ds₁", "least_slope", "most_slope"), SLOPE_HEIGHT),
    ):
        x = _x(title=name == "slope")
        where: list[alt.Chart] = [across(0, y, 0.4)] if name == "slope" else []
        rule = moment(second, x, alt.value(14), strokeDash=[2, 3])
        layers = [*where, *(rule[:1] if name == "slope" else rule), *_curves(name, x, y)]
        panels.append(alt.layer(*layers).properties(height=height))
    return stacked(*panels)


def _x(*, title: bool) -> alt.X:
    bare: dict[str, Any] = {} if title else {"labels": False, "ticks": False}
    axis = alt.Axis(values=[0.1, 0.2, 0.5, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20], format="~g", grid=False, **bare)
    shown = "s₁, strength of the first feature" if title else None
    return alt.X("s:Q", title=shown, scale=between("low", "high", type="log"), axis=axis)


def _y(title: str, low: str | float, high: str) -> alt.Y:
    axis = alt.Axis(tickCount=4, grid=False, **EXTENT)
    return alt.Y("value:Q", title=title, scale=between(low, high), axis=axis)


def _curves(table: str, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return the theory's lines, dashed, and the descents at the clock."""
    lines = marks_of(table).mark_line(strokeWidth=1.8, strokeDash=[5, 4], clip=True)
    now = marks_of(f"{table}_now").transform_filter("isValid(datum.v[frame])")
    now = now.transform_calculate(
        value=moving("v"),
        said="tween ? '' : datum.penalty + ', s₁ = ' + datum.s + ', ' + format(datum.value, '.3f')",
    )
    hue = colour(legend=table == "slope")
    return [lines.encode(x=x, y=y, color=hue, order="s:Q"), dot(now).encode(x=x, y=y, color=hue, tooltip="said:N")]
