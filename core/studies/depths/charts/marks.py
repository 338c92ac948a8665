"""What the charts of depth and the loss share: a colour for each depth, an axis of time, the marks at the clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from core.figure.figure import moving
from core.figure.marks import between, dot, marks_of, on_screen
from core.figure.palette import INK, strokes
from core.figure.step_axis import THOUSANDS

DEPTHS = ("#878787", "#0F5A78", "#4B69F0", "#4BC3FF", "#00B478", "#D2A500", "#E14B3C", "#F0B4C3")
"""Colours of 1 to 8 layers."""

DOTS = 26
"""Measured times that are drawn of a curve: the line beneath is to be seen."""

EXTENT: dict[str, Any] = {"minExtent": 30, "maxExtent": 30}


def colour(depths: Sequence[int]) -> alt.Color:
    """Return the colour of a depth, by its number, with a legend of those that are drawn."""
    scale = alt.Scale(domain=list(depths), range=[DEPTHS[depth - 1] for depth in depths])
    return alt.Color("depth:O", scale=scale, legend=strokes("layers D", columns=len(DEPTHS)))


def time_axis() -> alt.X:
    """Return x from 0 to the param `last`."""
    axis = alt.Axis(grid=False, tickCount=5, labelExpr=THOUSANDS)
    return alt.X("time:Q", title="time t, sum of the learning rates", scale=between(0, "last"), axis=axis)


def at_clock(x: alt.X) -> alt.Chart:
    """Return the rule at the clock, from the table `clock`; none where it is beyond the axis."""
    now = marks_of("clock").transform_calculate(time=moving("times"))
    rule: alt.Chart = now.mark_rule(strokeWidth=1.2, color=INK, clip=True).encode(x=x)
    return on_screen(rule)


def dots_at_clock(x: alt.X, y: alt.Y, hue: Any, said: str) -> alt.Chart:
    """Return the dots at the clock, from the table `now`; `said` is what its tooltip begins with."""
    value = str(y["shorthand"]).partition(":")[0]
    now = marks_of("now").transform_filter("isValid(datum.v[frame])")
    now = now.transform_calculate(
        time=moving("times"),
        **{value: moving("v")},
        said=f"tween ? '' : {said} + ', t = ' + format(datum.time, '.3~g') + ': ' + format(datum.{value}, '.3f')",
    )
    dots: alt.Chart = dot(now, size=65).encode(x=x, y=y, color=hue, tooltip="said:N")
    return on_screen(dots)


def dotted(times: NDArray[np.float64], last: float) -> NDArray[np.int64]:
    """Return which recorded times are drawn as dots: those nearest to `DOTS` even places up to `last`."""
    places = np.linspace(0, last, DOTS + 1)[1:]
    return np.unique(np.abs(times[:, None] - places).argmin(axis=0))
