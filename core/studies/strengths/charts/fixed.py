"""The second feature's response over the first's strength, and how it moves with it: theory, and descents."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import FRAME, MUTED, PAPER, THEME, TWEEN, Figure, Rows, as_tables, expr, listed, moving
from core.studies.strengths.charts.penalties import PENALTIES, by_run, colour

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
        "second": [{"s": second, "text": "s₁ = s₂"}],
        "zero": [{"value": 0}],
    }
    slopes = fixed["dz_2_ds_1"].to_numpy(np.float64)
    params = {
        "low": round(float(fixed["s_1"].min()) / 1.05, 4),
        "high": round(float(fixed["s_1"].max()) * 1.05, 4),
        "most_response": round(1.15 * max(float(fixed["z_2"].abs().max()), 0.1), 4),
        "least_slope": round(1.2 * min(float(slopes.min()), -0.02), 4),
        "most_slope": round(1.2 * max(float(slopes.max()), 0.02), 4),
    }
    return Figure(spec(), as_tables(tables), params)


def _rows(fixed: pd.DataFrame, column: str) -> Rows:
    names = [PENALTIES[penalty][0] for penalty in fixed["penalty"]]
    return [
        {"penalty": name, "s": strength, "value": value}
        for name, strength, value in zip(names, listed(fixed["s_1"]), listed(fixed[column]), strict=True)
    ]


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


@cache
def spec() -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart().to_dict()


def chart() -> alt.VConcatChart:
    """Return the chart, the same for every experiment."""
    zero = alt.Chart(alt.NamedData("zero"))
    panels = []
    for name, title, domain, height in (
        ("response", "z₂", [0, expr("most_response")], RESPONSE_HEIGHT),
        ("slope", "dz₂ / ds₁", [expr("least_slope"), expr("most_slope")], SLOPE_HEIGHT),
    ):
        x, y = _x(title=name == "slope"), _y(title, domain)
        layers = [zero.mark_rule(color=expr(MUTED), opacity=0.4).encode(y=y)] if name == "slope" else []
        layers += [*_second(x, words=name == "response"), *_curves(name, x, y)]
        panels.append(alt.layer(*layers).properties(height=height))
    both: alt.VConcatChart = alt.vconcat(*panels, spacing=10).resolve_scale(color="independent")
    values = {"low": 1, "high": 10, "most_response": 2, "least_slope": -0.2, "most_slope": 0.1}
    both = both.add_params(FRAME, TWEEN, *THEME, *(alt.param(name=name, value=value) for name, value in values.items()))
    return both.properties(usermeta={"trainscope": {"padding": 72}}, config=alt.Config(aria=False))


def _x(*, title: bool) -> alt.X:
    scale = alt.Scale(type="log", domain=[expr("low"), expr("high")], nice=False)
    bare: dict[str, Any] = {} if title else {"labels": False, "ticks": False}
    axis = alt.Axis(values=[0.1, 0.2, 0.5, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20], format="~g", grid=False, **bare)
    return alt.X("s:Q", title="s₁, strength of the first feature" if title else None, scale=scale, axis=axis)


def _y(title: str, domain: list[Any]) -> alt.Y:
    scale = alt.Scale(domain=domain, nice=False)
    return alt.Y("value:Q", title=title, scale=scale, axis=alt.Axis(tickCount=4, grid=False, **EXTENT))


def _second(x: alt.X, *, words: bool) -> list[alt.Chart]:
    """Return the rule at s_1 = s_2, with its name."""
    second = alt.Chart(alt.NamedData("second"))
    rule = second.mark_rule(color=expr(MUTED), strokeDash=[2, 3]).encode(x=x)
    said = second.mark_text(fontSize=10, color=expr(MUTED), baseline="top", align="left", dx=4)
    return [rule, said.encode(x=x, y=alt.value(2), text="text:N")] if words else [rule]


def _curves(table: str, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return the theory's lines, dashed, and the descents at the clock."""
    lines = alt.Chart(alt.NamedData(table)).mark_line(strokeWidth=1.8, strokeDash=[5, 4], clip=True)
    now = alt.Chart(alt.NamedData(f"{table}_now")).transform_filter("isValid(datum.v[frame])")
    now = now.transform_calculate(
        value=moving("v"),
        said="tween ? '' : datum.penalty + ', s₁ = ' + datum.s + ', ' + format(datum.value, '.3f')",
    )
    dots = now.mark_point(filled=True, size=55, stroke=expr(PAPER), strokeWidth=1, opacity=1, clip=True)
    return [
        lines.encode(x=x, y=y, color=colour(legend=table == "slope"), order="s:Q"),
        dots.encode(x=x, y=y, fill=colour(legend=False, channel=alt.Fill), tooltip="said:N"),
    ]
