"""Where networks and the toy end, against c: the curvature, and the share of units that are dead."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.graded import EXTENT
from core.figure.marks import across, between, dot, marks_of, stacked, strip_rows, strips
from core.figure.palette import INK, MUTED
from core.figure.rows import listed, records
from core.figure.share_axis import share_axis
from core.studies.catapult.charts.regimes import MOST, colour, curvature_axis, dots, regime

HEIGHTS = (250, 80)
CROSS = "M-1,-1L1,1M-1,1L1,-1"
MIRROR = np.linspace(2, 2.6, 7)
"""c for which 4 - c is drawn: it is the toy's limit just above 2."""


def figure(networks: pd.DataFrame | None, ends: pd.DataFrame | None, toy: pd.DataFrame, chosen: float) -> Figure:
    """Return the figure; without networks it has the toy alone.

    Args:
        networks: c, step, eta_lambda, dead_share of the recorded steps, one c after the other.
        ends: c, outcome; one row a network.
        toy: c, eta_lambda, eta_lambda_low, eta_lambda_high.
        chosen: the c that is marked.
    """
    groups = (
        [] if networks is None else [(float(rows["c"].iloc[0]), rows) for _, rows in networks.groupby("c", sort=False)]
    )
    outcomes = {} if ends is None else dict(zip(ends["c"], ends["outcome"], strict=True))
    named: dict[str, str] = {"value": "eta_lambda", "low": "eta_lambda_low", "high": "eta_lambda_high"}
    tables: dict[str, Rows] = {
        "toy": records({"c": listed(toy["c"])} | {name: listed(toy[column]) for name, column in named.items()}),
        "mirror": records({"c": listed(MIRROR), "value": listed(4 - MIRROR)}),
        "chosen": [{"c": chosen}],
        **{
            table: [
                {"c": c, "regime": regime(c), "how": outcomes[c].replace("_", " "), "v": listed(rows[column])}
                for c, rows in groups
            ]
            for table, column in (("curvature", "eta_lambda"), ("dead", "dead_share"))
        },
        "lost": [{"c": c, "value": 0.9 * MOST} for c, outcome in outcomes.items() if outcome == "diverged"],
    }
    every = [*outcomes, *toy["c"]]
    low, high = round(0.9 * min(every), 4), round(1.1 * max(every), 4)
    strip = strip_rows("c", list(outcomes), low, high) if outcomes else []
    tables["strips"] = [row | {"said": f"c = {row['c']:g}: {outcomes[row['c']].replace('_', ' ')}"} for row in strip]
    return Figure.of(chart(), tables, {"least": low, "most": high})


@specification(padding=72, params={"least": 0.5, "most": 25})
def chart() -> Chart:
    """Return the chart, the same for every experiment; the selection `cell` picks a c."""
    y, hue = curvature_axis("ηλ, in the end for the toy"), colour()
    x = _x(title=False)
    theory, area = marks_of("toy"), alt.Y("low:Q", scale=y["scale"])
    crosses: dict[str, Any] = {"shape": CROSS, "size": 60, "strokeWidth": 2, "color": INK, "filled": False}
    above = [
        _rule(x),
        theory.mark_area(opacity=0.16, color=INK).encode(x=x, y=area, y2="high:Q"),
        theory.mark_line(color=INK, strokeWidth=1.5).encode(x=x, y=y, order="c:Q"),
        marks_of("mirror").mark_line(color=MUTED, strokeDash=[4, 3], strokeWidth=2).encode(x=x, y=y, order="c:Q"),
        across(2, y),
        marks_of("lost").mark_point(**crosses).encode(x=x, y=y),
        _dots("curvature", x, y, hue),
        strips("strips", _x(title=False, field="x"), "x2:Q", "c").encode(tooltip="said:N"),
    ]
    x, y = _x(title=True), share_axis("dead units", 3, **EXTENT)
    below = [_rule(x), _dots("dead", x, y, colour(dots()))]
    panels = zip((above, below), HEIGHTS, strict=True)
    return stacked(*(alt.layer(*layers).properties(height=height) for layers, height in panels))


def _x(*, title: bool, field: str = "c") -> alt.X:
    bare: dict[str, Any] = {} if title else {"labels": False, "ticks": False}
    axis = alt.Axis(values=[0.5, 1, 2, 3, 4, 6, 10, 16, 24, 40, 64], format="~g", grid=False, **bare)
    shown = "c = η λ₀, learning rate times initial curvature" if title else None
    return alt.X(f"{field}:Q", title=shown, scale=between("least", "most", type="log"), axis=axis)


def _rule(x: alt.X) -> alt.Chart:
    """Return the rule at the marked c."""
    rule: alt.Chart = marks_of("chosen").mark_rule(color=INK, strokeDash=[2, 3], opacity=0.8).encode(x=x)
    return rule


def _dots(table: str, x: alt.X, y: alt.Y, hue: alt.Color) -> alt.Chart:
    rows = marks_of(table).transform_filter("isValid(datum.v[frame])").transform_calculate(value=moving("v"))
    rows = rows.transform_calculate(
        said="tween ? '' : 'network, c = ' + datum.c + ': ' + format(datum.value, '.3f') + ', in the end ' + datum.how"
    )
    return dot(rows, size=80, clip=False).encode(x=x, y=y, color=hue, tooltip="said:N")
