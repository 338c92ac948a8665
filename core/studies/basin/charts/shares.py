"""Shares by theory and measured: how often a class is learned at a width, how many neurons are reactivated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, specification
from core.figure.marks import between, dot, marks_of, moment
from core.figure.palette import ACCENT, INK, categories
from core.figure.rows import Floats, listed, records
from core.studies.basin.charts.plane import FAILS

HEIGHT = 250
WIDEST = 16
"""The success curve's last width."""


def success(curve: Floats, width: int, measured: pd.DataFrame | None) -> Figure:
    """Return the figure of how often a class is learned.

    Args:
        curve: by theory, at widths 1 to `WIDEST`.
        width: the one that the sample has.
        measured: width, runs, measured; None: untrained.
    """
    line = records({"x": range(1, len(curve) + 1), "value": listed(curve)})
    dots = [] if measured is None else _dot_rows(measured["width"], measured["measured"], measured["runs"], "networks")
    now = [{"x": min(width, WIDEST), "text": f"h = {width}" + (" →" if width > WIDEST else ""), "align": "center"}]
    return Figure.of(over_widths(), {"line": line, "dots": dots, "now": now})


def revival(cosines: Floats, curve: Floats, shown: float, measured: pd.DataFrame | None) -> Figure:
    """Return the figure of how many neurons that will die are reactivated.

    Args:
        cosines: ascending, to 0.
        curve: by theory, at each.
        shown: the cosine of the sample on screen.
        measured: cosine, trained, doomed, measured; None: untrained.
    """
    line = records({"x": listed(cosines), "value": listed(curve)})
    dots: list[Any] = []
    if measured is not None:
        for kind, rows in measured.groupby("trained", sort=False):
            known = rows[rows["doomed"] > 0]
            name = "alone" if kind == "alone" else "in a sample"
            dots += _dot_rows(known["cosine"], known["measured"], known["doomed"], "neurons that will die", name)
    now = [{"x": shown, "text": f"cos {shown:g}", "align": "center"}]
    return Figure.of(over_cosines(), {"line": line, "dots": dots, "now": now})


@specification(height=HEIGHT)
def over_widths() -> Chart:
    """Return the chart over widths."""
    axis = alt.Axis(values=[1, 2, 3, 4, 6, 8, 12, 16], format="d", grid=False)
    x = alt.X("x:Q", title="width h", scale=between(0.9, WIDEST * 1.1, type="log", base=2), axis=axis)
    return _chart(x, "class learned", between(0, 1.04), {"measured": ACCENT})


@specification(height=HEIGHT)
def over_cosines() -> Chart:
    """Return the chart over cosines."""
    axis = alt.Axis(values=[-1, -0.8, -0.6, -0.4, -0.2, 0], format="~g", grid=False)
    x = alt.X("x:Q", title="cosine of the two classes", scale=between(-1.02, 0.02), axis=axis)
    return _chart(
        x, "neurons that will die, reactivated", between(-0.02, 0.55), {"alone": ACCENT, "in a sample": FAILS}
    )


def _chart(x: alt.X, title: str, scale: alt.Scale, kinds: Mapping[str, str]) -> Chart:
    """Return theory as a line, measurements as dots with a standard error, and where the sample on screen stands."""
    y = alt.Y("value:Q", title=title, scale=scale, axis=alt.Axis(format=".0%", tickCount=5, grid=False, minExtent=36))
    hue = categories("kind", kinds, alt.Legend(title="measured", orient="bottom", symbolType="circle"))
    dots = marks_of("dots")
    error = dots.mark_rule(strokeWidth=1.6, clip=True)
    layers = [
        *moment(marks_of("now"), x, alt.value(-3), INK, strokeWidth=1.1, strokeDash=[2, 3], opacity=0.7),
        marks_of("line").mark_line(strokeWidth=2, color=INK, clip=True).encode(x=x, y=y),
        error.encode(x=x, y=alt.Y("low:Q", scale=scale, title=title), y2="high:Q", color=hue),
        dot(dots, clip=False).encode(x=x, y=y, color=hue, tooltip="said:N"),
    ]
    return alt.layer(*layers)


def _dot_rows(x: pd.Series, share: pd.Series, count: pd.Series, of: str, kind: str = "measured") -> list[Any]:
    """Return dots with a binomial standard error, Wilson's at its middle, so that 0 and 1 have one, too."""
    n, p = count.to_numpy(np.float64), share.to_numpy(np.float64)
    middle, half = (p + 0.5 / n) / (1 + 1 / n), np.sqrt(p * (1 - p) / n + 0.25 / n**2) / (1 + 1 / n)
    columns = {"x": x.tolist(), "value": listed(p), "low": listed(middle - half), "high": listed(middle + half)}
    said = [f"{value:.1%} of {number} {of}, {kind}" for value, number in zip(columns["value"], count, strict=True)]
    return [{**row, "kind": kind, "said": text} for row, text in zip(records(columns), said, strict=True)]
