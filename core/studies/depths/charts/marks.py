"""What the charts of depth and the loss share: a colour for each depth, an axis of time, the marks at the clock."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from core.figure.figure import INK, PAPER, THOUSANDS, expr, moving

DEPTHS = ("#8A8A8A", "#4C9BD6", "#1FA38A", "#7DB33B", "#D9A800", "#EF8A2C", "#E2513A", "#B5489A")
"""Colours of 1 to 8 layers."""

RIM: dict[str, Any] = {"size": 65, "stroke": PAPER, "strokeWidth": 1.1, "opacity": 1}
"""How the dots at the clock look."""

DOTS = 26
"""Measured times that are drawn of a curve: the line beneath is to be seen."""

EXTENT: dict[str, Any] = {"minExtent": 30, "maxExtent": 30}


def colour() -> alt.Color:
    """Return the colour of a depth, by its number, with a legend under the chart."""
    shown = alt.Legend(
        title="layers D", orient="bottom", columns=8, symbolType="stroke", symbolStrokeWidth=2.5, symbolOpacity=1
    )
    return alt.Color("depth:O", scale=_scale(), legend=shown)


def fill() -> alt.Fill:
    """Return the same for dots."""
    return alt.Fill("depth:O", scale=_scale(), legend=None)


def _scale() -> alt.Scale:
    return alt.Scale(domain=list(range(1, len(DEPTHS) + 1)), range=list(DEPTHS))


def time_axis() -> alt.X:
    """Return x from 0 to the param `last`."""
    scale = between(0, "last")
    title = "time t, sum of the learning rates"
    return alt.X("time:Q", title=title, scale=scale, axis=alt.Axis(grid=False, tickCount=5, labelExpr=THOUSANDS))


def at_clock(x: alt.X) -> alt.Chart:
    """Return the rule at the clock, from the table `clock`; none where it is beyond the axis."""
    rule: alt.Chart = (
        named("clock")
        .transform_calculate(time=moving("times"))
        .mark_rule(strokeWidth=1.2, color=INK, clip=True)
        .encode(x=x)
    )
    return rule


def dotted(times: NDArray[np.float64], last: float) -> NDArray[np.int64]:
    """Return which recorded times are drawn as dots: those nearest to `DOTS` even places up to `last`."""
    places = np.linspace(0, last, DOTS + 1)[1:]
    return np.unique(np.abs(times[:, None] - places).argmin(axis=0))
