"""Kinks as triangles that point to the side where their neuron is active, at the height of the slope jump."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np

from core.figure import neurons as swarm
from core.figure.figure import Chart, expr
from core.figure.marks import across, between, marks_of
from core.figure.neurons import Neurons
from core.figure.palette import MUTED
from core.figure.rows import short
from core.studies.kinks.charts import gutters

X = between("x_min", "x_max", zero=False)
HEIGHT = 190
MOST_TICKS = 4
"""Labelled decades of slope jumps, on either side."""

EXTENT: dict[str, Any] = {"minExtent": 44, "maxExtent": 44}
"""Room for the labels of both y axes: the panels stay where they are from run to run."""

INSIDE = "datum.value < x_low || datum.value > x_high ? '' : datum.label"


def kink_panel() -> Chart:
    """Return the panel, of the tables `neurons`, `points` and `outside`."""
    x = alt.X("x:Q", title="x", scale=X, axis=alt.Axis(grid=False, tickCount=6, labelExpr=INSIDE))
    scale = between("-jump_max", "jump_max", type="symlog", constant=expr("jump_unit"))
    powers = ", ".join(f"{sign}tick * 1e-{n}" for n in range(MOST_TICKS) for sign in ("", "-"))
    axis = alt.Axis(
        values=expr(f"slice([0, {powers}], 0, 1 + 2 * ticks)"), labelExpr="format(datum.value, '~g')", **EXTENT
    )
    y = alt.Y("y:Q", title="slope jump  a|w|", scale=scale, axis=axis)
    top: dict[str, Any] = {"align": "center", "baseline": "top"}
    share = swarm.share_drawn(alt.value(expr("width / 2")), alt.value(3), " neurons", **top)
    layers = [*_ground(x, y), hairlines(), _triangles(x, y), swarm.outside(), share]
    return alt.layer(*layers).properties(height=HEIGHT)


def _triangles(x: alt.X, y: alt.Y) -> alt.Chart:
    marks: alt.Chart = (
        swarm.base()
        .transform_calculate(where="isValid(datum.angle) ? -tan(datum.angle) : null", along="cos(datum.angle)")
        .transform_calculate(
            x=f"isValid(datum.where) ? ({gutters.squeeze('datum.where')}) : null",
            y="(indexof('+p', datum.state) < 0 ? -1 : 1) * pow(10, datum.size) * abs(datum.along)",
            side="datum.along > 0 ? 'right' : 'left'",
            opacity="(indexof('pn', datum.state) < 0 ? 0.4 : 0.2)"
            " + 0.5 * clamp((datum.size - r_low) / (r_high - r_low), 0, 1)",
        )
        .transform_calculate(
            said=swarm.said("'kink ' + format(datum.where, '.3f') + ', jump ' + format(datum.y, '.3~g')")
        )
        .mark_point(filled=True, size=44, clip=True)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape(
                "side:N",
                scale=alt.Scale(domain=["left", "right"], range=["triangle-left", "triangle-right"]),
                legend=None,
            ),
            color=alt.Color("state:N", scale=swarm.COLOUR, legend=None),
            opacity=alt.Opacity("opacity:Q", scale=None),
            tooltip="said:N",
        )
    )
    return marks


def hairlines() -> alt.Chart:
    """Return a dotted line at the x of every data point."""
    rules: alt.Chart = (
        marks_of("points")
        .mark_rule(color=MUTED, strokeDash=[1, 3], opacity=expr("point_size > 100 ? 0.8 : 0.4"))
        .encode(x=alt.X("x:Q", scale=X))
    )
    return rules


def _ground(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return the gutters, shaded, and the line of no jump."""
    sides = alt.Chart(alt.InlineData([{"side": 0}, {"side": 1}])).transform_calculate(
        x="datum.side ? x_high : x_min", end="datum.side ? x_max : x_low"
    )
    return [sides.mark_rect(color=MUTED, opacity=0.1).encode(x=x, x2="end:Q"), across(0, y, 0.6)]


def jump_axis(neurons: Neurons) -> dict[str, float]:
    """Return the axis of slope jumps: half-way to the first ones in decades, but no more than four, it is linear."""
    highest = neurons.jump_last if neurons.jump_last > 0 else 1.0
    unit = max(np.sqrt(max(neurons.jump_first, 0) * highest), 1e-4 * highest)
    tick = 10.0 ** np.floor(np.log10(highest))
    ticks = int(np.clip(np.floor(np.log10(tick / (3 * unit))) + 1, 1, MOST_TICKS))  # none crowds the 0
    numbers = {"jump_max": 1.25 * highest, "jump_unit": unit, "tick": tick, "ticks": ticks}
    return {name: short(number) for name, number in numbers.items()}
