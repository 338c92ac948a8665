"""Shares by theory and measured: how often a class is learned at a width, how many neurons are reborn at an angle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import ACCENT, INK, MUTED, PAPER, THEME, Figure, as_tables, expr, listed
from core.studies.basin.charts.plane import FAILS, Floats

HEIGHT = 250
WIDEST = 16
"""The success curve's last width."""


def success(curve: Floats, width: int, measured: pd.DataFrame | None) -> Figure:
    """Return the figure of how often a class is learned.

    Args:
        curve: by theory, at widths 1 to `WIDEST`.
        width: the one that the cloud has.
        measured: width, runs, measured; None: untrained.
    """
    line = [{"x": x, "value": value} for x, value in enumerate(listed(curve), start=1)]
    dots = [] if measured is None else _dot_rows(measured["width"], measured["measured"], measured["runs"], "networks")
    beyond = " or more" if width > WIDEST else ""
    now = [{"x": min(width, WIDEST), "text": f"h = {width}" if not beyond else f"h = {width} →"}]
    return Figure(success_spec(), as_tables({"line": line, "dots": dots, "now": now}))


def revival(cosines: Floats, curve: Floats, shown: float, measured: pd.DataFrame | None) -> Figure:
    """Return the figure of how many doomed neurons are reborn.

    Args:
        cosines: ascending, to 0.
        curve: by theory, at each.
        shown: the cosine of the cloud on screen.
        measured: cosine, trained, doomed, measured; None: untrained.
    """
    line = [{"x": x, "value": value} for x, value in zip(listed(cosines), listed(curve), strict=True)]
    dots: list[Any] = []
    if measured is not None:
        for kind, rows in measured.groupby("trained", sort=False):
            known = rows[rows["doomed"] > 0]
            name = "alone" if kind == "alone" else "in the cloud"
            dots += _dot_rows(known["cosine"], known["measured"], known["doomed"], "doomed neurons", name)
    now = [{"x": shown, "text": f"cos {shown:g}"}]
    return Figure(revival_spec(), as_tables({"line": line, "dots": dots, "now": now}))


@cache
def success_spec() -> dict[str, Any]:
    """Return the specification of the chart over widths."""
    x = alt.X(
        "x:Q",
        title="width h",
        scale=alt.Scale(type="log", base=2, domain=[0.9, WIDEST * 1.1], nice=False),
        axis=alt.Axis(values=[1, 2, 3, 4, 6, 8, 12, 16], format="d", grid=False),
    )
    return _chart(x, "class learned", [0, 1.04], {"measured": ACCENT})


@cache
def revival_spec() -> dict[str, Any]:
    """Return the specification of the chart over cosines."""
    x = alt.X(
        "x:Q",
        title="cosine of the two classes",
        scale=alt.Scale(domain=[-1.02, 0.02], nice=False),
        axis=alt.Axis(values=[-1, -0.8, -0.6, -0.4, -0.2, 0], format="~g", grid=False),
    )
    return _chart(x, "doomed neurons reborn", [-0.02, 0.55], {"alone": ACCENT, "in the cloud": FAILS})


def _chart(x: alt.X, title: str, domain: Sequence[float], kinds: Mapping[str, str]) -> dict[str, Any]:
    """Return theory as a line, measurements as dots with a standard error, and where the cloud stands."""
    scale = alt.Scale(domain=list(domain), nice=False)
    y = alt.Y("value:Q", title=title, scale=scale, axis=alt.Axis(format=".0%", tickCount=5, grid=False, minExtent=36))
    now = alt.Chart(alt.NamedData("now"))
    rule = now.mark_rule(color=expr(INK), strokeWidth=1.1, strokeDash=[2, 3], opacity=0.7).encode(x=x)
    said = now.mark_text(fontSize=10.5, color=expr(MUTED), baseline="bottom").encode(
        x=x, y=alt.value(-3), text="text:N"
    )
    line = alt.Chart(alt.NamedData("line")).mark_line(strokeWidth=2, color=expr(INK), clip=True).encode(x=x, y=y)
    dots = alt.Chart(alt.NamedData("dots"))
    shown = alt.Legend(title="measured", orient="bottom", symbolType="circle")
    kept = alt.Scale(domain=list(kinds), range=list(kinds.values()))
    hue = alt.Color("kind:N", scale=kept, legend=shown)
    error = dots.mark_rule(strokeWidth=1.6, clip=True)
    dot = dots.mark_point(filled=True, size=62, opacity=1, stroke=expr(PAPER), strokeWidth=1)
    layers = [
        rule,
        said,
        line,
        error.encode(x=x, y=alt.Y("low:Q", scale=scale, title=title), y2="high:Q", color=hue),
        dot.encode(x=x, y=y, color=hue, tooltip="said:N"),
    ]
    chart = alt.layer(*layers).add_params(*THEME)
    spec: dict[str, Any] = chart.properties(height=HEIGHT, config=alt.Config(aria=False)).to_dict()
    return spec


def _dot_rows(x: pd.Series, share: pd.Series, count: pd.Series, of: str, kind: str = "measured") -> list[Any]:
    """Return dots with a binomial standard error, Wilson's at its middle, so that 0 and 1 have one, too."""
    n, p = count.to_numpy(np.float64), share.to_numpy(np.float64)
    middle, half = (p + 0.5 / n) / (1 + 1 / n), np.sqrt(p * (1 - p) / n + 0.25 / n**2) / (1 + 1 / n)
    rows = zip(x.tolist(), listed(p), listed(middle - half), listed(middle + half), count.tolist(), strict=True)
    return [
        {
            "x": at,
            "value": value,
            "low": low,
            "high": high,
            "kind": kind,
            "said": f"{value:.1%} of {number} {of}, {kind}",
        }
        for at, value, low, high, number in rows
    ]
