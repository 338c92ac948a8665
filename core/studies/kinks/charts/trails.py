"""Where kinks were at every step: the paths of some neurons' kinks, which gather at few places or stay."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, expr, specification
from core.figure.marks import between, marks_of
from core.figure.neurons import until_finite
from core.figure.palette import MUTED, NEGATIVE, POSITIVE
from core.figure.rows import listed, over_frames
from core.studies.kinks.charts import gutters

HEAVY, SPREAD = 40, 24
"""Trails of so many neurons that bend f most at the end, and of so many others, evenly spread at the start."""

BOLD = 8
"""So many of the heaviest are drawn thick; the others one pixel wide, which software draws four times as fast."""

STILL = 0.004
"""A trail keeps the snapshots where it departs from a level line by so much of the axis."""

HEIGHT = 330
COLOUR = alt.Scale(domain=[-1, 1, 0], range=[NEGATIVE, POSITIVE, MUTED])


def figure(kinks: pd.DataFrame, points: pd.DataFrame, steps: NDArray[np.int64], span: tuple[float, float]) -> Figure:
    """Return the figure of one run.

    Args:
        kinks: step, neuron, position, slope_jump, sign, active, radius; a row a step and neuron, in that order.
        points: x, the data.
        steps: the snapshots, (frame,).
        span: the range of positions that is drawn to scale.
    """
    kinks = until_finite(kinks, "radius")
    tables: dict[str, Rows] = {
        "trails": _trail_rows(kinks, steps, span),
        "points": [{"x": x} for x in listed(points["x"])],
        "now": step_axis.now_rows(steps),
    }
    params = {**gutters.edges(*span), "last_step": int(steps[-1]), "few": int(len(points) <= 12)}
    return Figure.of(chart(), tables, params)


@specification(height=HEIGHT, params={**gutters.DEFAULTS, **step_axis.PARAMS, "few": 1})
def chart() -> Chart:
    """Return the chart, the same for every run."""
    x = step_axis.step_axis()
    inside = "datum.value < x_low || datum.value > x_high ? '' : datum.label"
    scale = between("x_min", "x_max", zero=False)
    y = alt.Y("y:Q", title="kink −b/w", scale=scale, axis=alt.Axis(grid=False, tickCount=6, labelExpr=inside))
    sides = alt.Chart(alt.InlineData([{"side": 0}, {"side": 1}])).transform_calculate(
        y="datum.side ? x_high : x_min", end="datum.side ? x_max : x_low"
    )
    data = marks_of("points").transform_calculate(y="datum.x")
    look: dict[str, Any] = {
        "color": alt.Color("side:N", scale=COLOUR, legend=None),
        "opacity": alt.Opacity("opacity:Q", scale=None),
        "strokeWidth": alt.StrokeWidth("width:Q", scale=None),
    }
    trails = marks_of("trails").transform_flatten(["step", "y"]).mark_line(clip=True)
    trails = trails.encode(x=x, y=y, detail="neuron:N", order="step:Q", **look)
    return alt.layer(
        sides.mark_rect(color=MUTED, opacity=0.1).encode(y=y, y2="end:Q"),
        data.mark_rule(color=MUTED, strokeDash=[1, 3], opacity=expr("few ? 0.8 : 0.4")).encode(y=y),
        trails,
        step_axis.marker(x),
    )


def _trail_rows(kinks: pd.DataFrame, steps: NDArray[np.int64], span: tuple[float, float]) -> Rows:
    """Return one row a trail: its steps and heights, thinned, with None where it leaves on one side for the other."""
    places = gutters.squeezed(over_frames(kinks, "position", steps), *span)  # (neuron, frame)
    weights = np.abs(over_frames(kinks, "slope_jump", steps)[:, -1])
    signs = over_frames(kinks, "sign", steps)[:, -1] * (over_frames(kinks, "active", steps)[:, -1] > 0)
    heaviest = float(np.nanmax(weights, initial=0)) or 1.0
    rows = []
    taken = _chosen(weights, places[:, 0]).tolist()
    for rank, neuron in enumerate(taken):
        share = float(np.sqrt(np.nan_to_num(weights[neuron]) / heaviest))
        step, y = thinned(steps, places[neuron], span[1] - span[0])
        look = {"side": int(signs[neuron]), "opacity": round(0.3 + 0.55 * share, 2)}
        if look["side"] == 0:
            look["opacity"] = 0.18
        look["width"] = 1.8 if rank >= len(taken) - BOLD else 1
        rows.append({"neuron": neuron, "step": step, "y": y} | look)
    return rows


def thinned(steps: NDArray[np.int64], places: NDArray[np.float64], span: float) -> tuple[list[int], list[float | None]]:
    """Return the snapshots at which a trail (frame,) moved, with both ends, and a None where it leaps across.

    Before it moves after a rest, the last snapshot of the rest is kept too, or the rest would become a slope.
    """
    step: list[int] = []
    y: list[float | None] = []
    kept, last = 0, len(steps) - 1
    for i, place in enumerate(listed(places)):
        moved = abs(places[i] - places[kept]) > STILL * span or not np.isfinite(places[i])
        if i not in (0, last) and not moved:
            continue
        if i - kept > 1 and moved:
            step.append(int(steps[i - 1]))
            y.append(listed(places[i - 1 : i])[0])
        if abs(places[i] - places[max(i - 1, 0)]) > span:
            step.append(int(steps[i]))
            y.append(None)
        step.append(int(steps[i]))
        y.append(place)
        kept = i
    return step, y


def _chosen(weights: NDArray[np.float64], starts: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return which neurons have a trail, the lightest first."""
    order = np.argsort(np.nan_to_num(weights), kind="stable")
    light, heavy = order[:-HEAVY], order[-HEAVY:]
    if len(light) > SPREAD:
        by_place = light[np.argsort(starts[light], kind="stable")]
        light = by_place[np.linspace(0, len(by_place) - 1, SPREAD).astype(int)]
    return np.concatenate([light, heavy])
