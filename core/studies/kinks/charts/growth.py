"""G(theta) of the current residual: the hill that neurons with a > 0 climb and those with a < 0 descend."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import neurons as swarm
from core.figure.figure import Chart, Figure, Rows, expr, moving, specification
from core.figure.marks import across, between, marks_of
from core.figure.neurons import Neurons, until_finite, visible
from core.figure.palette import INK, MUTED
from core.figure.rows import listed, over_frames, records, rounded
from core.studies.kinks.charts.arcs import boundaries, signed, spaced

HEIGHT = 330
LINEAR = 0.02
"""The axis is linear up to this share of the largest |G| of the run: late, small hills stay visible."""

LETTER = 0.125
"""Radians that a letter of the labels at the top takes."""

PI = "{'-1': '−π/2', '0': '0', '1': 'π/2', '2': 'π', '3': '3π/2'}[toString(round(datum.value * 2 / PI))]"


def figure(neurons: Neurons, landscape: pd.DataFrame, points: pd.DataFrame, steps: NDArray[np.int64]) -> Figure:
    """Return the figure of one run at `steps`.

    Args:
        neurons: of the run.
        landscape: step, angle, growth: G on a grid of angles over (-pi/2, 3 pi/2), the same at every step.
        points: x, the data: where the 2K boundaries of arcs lie.
    """
    landscape = until_finite(landscape, "growth")
    height = over_frames(landscape, "growth", steps)  # (angle, frame)
    grid = rounded(landscape["angle"].to_numpy()[: len(height)], 3)
    tables: dict[str, Rows] = {
        "landscape": records({"angle": grid, "v": listed(visible(height, neurons.params["g_max"]), 3)}),
        "arcs": _arc_rows(np.sort(points["x"].to_numpy(np.float64))),
        "regions": _region_rows(np.sort(points["x"].to_numpy(np.float64))),
    }
    return Figure.of(chart(), {**tables, "neurons": neurons.table}, neurons.params)


@specification(height=HEIGHT, params=swarm.DEFAULTS)
def chart() -> Chart:
    """Return the chart, the same for every run."""
    turn = between(-np.pi / 2, 3 * np.pi / 2, zero=False)
    axis = alt.Axis(values=[i * np.pi / 2 for i in range(-1, 4)], labelExpr=PI, grid=False)
    x = alt.X("angle:Q", title="direction θ = atan2(b, w)", scale=turn, axis=axis)
    reach = between("-2 * g_max", "1.2 * g_max", type="symlog", constant=expr(f"{LINEAR} * g_max"))  # names stand below
    power = "pow(10, floor(log(g_max) / LN10))"
    ticks = ", ".join(f"{share} * {power}" for share in (0.1, -0.1, 1, -1, 4, -4))
    look = alt.Axis(values=expr(f"[0, {ticks}]"), labelExpr="format(datum.value, '~g')", labelOverlap="greedy")
    y = alt.Y("y:Q", title="growth rate G(θ)", scale=reach, axis=look)
    line = marks_of("landscape").transform_calculate(y=moving("v"))
    line = line.mark_line(color=INK, strokeWidth=1.6, opacity=0.75)
    layers = [*_regions(x), *_arcs(x), across(0, y, 0.6), line.encode(x=x, y=y, order="angle:Q"), _dots(x, y)]
    return alt.layer(*layers)


def _dots(x: alt.X, y: alt.Y) -> alt.Chart:
    dots: alt.Chart = (
        swarm.base()
        .transform_calculate(
            turned="datum.angle - 2 * PI * floor((datum.angle + PI / 2) / (2 * PI))",
            y=moving("g"),
            opacity="(indexof('pn', datum.state) < 0 ? 0.5 : 0.25)"
            " + 0.4 * clamp((datum.size - r_low) / (r_high - r_low), 0, 1)",
        )
        .transform_calculate(said=swarm.said("'θ ' + format(datum.turned, '.3f') + ', G ' + format(datum.y, '.3~g')"))
        .mark_circle(size=30)
        .encode(
            x="turned:Q",
            y=y,
            color=alt.Color("state:N", scale=swarm.COLOUR, legend=None),
            opacity=alt.Opacity("opacity:Q", scale=None),
            tooltip="said:N",
        )
    )
    return dots


def _arcs(x: alt.X) -> list[alt.Chart]:
    """Return the boundaries of arcs, with the point's x on which the kink lies there above the plot."""
    arcs = marks_of("arcs")
    rules = arcs.mark_rule(color=MUTED, strokeDash=[1, 3], opacity=0.6).encode(x=x)
    labels = arcs.transform_filter("datum.label != ''").mark_text(fontSize=10, color=MUTED, baseline="bottom")
    return [rules, labels.encode(x=x, y=alt.value(-4), text="label:N")]


def _regions(x: alt.X) -> list[alt.Chart]:
    """Return the two ends of the arc where no point is active, shaded, and what the stretches between are called."""
    regions = marks_of("regions")
    shade = regions.transform_filter("datum.dead").mark_rect(color=MUTED, opacity=0.12)
    words = regions.transform_calculate(
        middle="(datum.angle + datum.end) / 2", down="height - 5 - 13 * datum.line"
    ).mark_text(fontSize=10, color=MUTED, baseline="bottom")
    return [
        shade.encode(x=x, x2="end:Q"),
        words.encode(x="middle:Q", y=alt.Y("down:Q", scale=None), text="label:N"),
    ]


def _arc_rows(x: NDArray[np.float64]) -> Rows:
    labels = [signed(place).replace("0.", ".") for place in x.tolist()]
    shown = spaced(-np.arctan(x), np.array([LETTER * (len(label) + 0.3) for label in labels]))
    return [
        {"angle": round(float(angle), 4), "label": labels[i % len(x)] if i % len(x) in shown else ""}
        for i, angle in enumerate(boundaries(x))
    ]


def _region_rows(x: NDArray[np.float64]) -> Rows:
    first, on = -np.arctan(x[-1]), -np.arctan(x[0])  # points come in from the right, then all are on
    leave, off = np.pi - np.arctan(x[-1]), np.pi - np.arctan(x[0])
    stretches = [
        (-np.pi / 2, first, "inactive", True),
        (first, on, "active right ▸", False),
        (on, leave, "all active", False),
        (leave, off, "◂ active left", False),
        (off, 3 * np.pi / 2, "inactive", True),
    ]
    return [
        {"angle": round(float(a), 4), "end": round(float(b), 4), "label": label, "dead": dead, "line": place % 2}
        for place, (a, b, label, dead) in enumerate(stretches)
    ]
