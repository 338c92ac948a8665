"""How far each unit is from the direction that the data pull it to, over the steps: first they align, then f grows."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import (
    FRAME,
    MUTED,
    NEGATIVE,
    POSITIVE,
    THEME,
    TWEEN,
    Figure,
    Rows,
    as_tables,
    expr,
    listed,
    moving,
    over_frames,
)

Floats = NDArray[np.float64]

HEIGHT = 330
TRACED = 64
"""So many units have their whole way drawn at most; all move as dots."""

LEAST, MOST = 0.05, 180.0
"""Ends of the axis in degrees; a smaller angle lies on the lower one."""

FALLEN = 0.99
"""The loss has begun to fall below this share of the first."""

HUE = f"datum.sign > 0 ? '{POSITIVE}' : '{NEGATIVE}'"


def figure(directions: pd.DataFrame, loss: pd.DataFrame, steps: NDArray[np.int64]) -> Figure:
    """Return the figure of the first run at `steps`; units that nothing pushes at f = 0 are left out.

    Args:
        directions: step, neuron, angle_to_extremal, radius, sign; a row a step and neuron, in that order.
        loss: step, loss.
        steps: the snapshots, (frame,).
    """
    angle, radius, sign = (over_frames(directions, name, steps) for name in ("angle_to_extremal", "radius", "sign"))
    share = np.nan_to_num(radius / np.maximum(np.nanmax(radius, axis=0), 1e-300))
    pushed = np.flatnonzero(np.isfinite(angle[:, 0]))
    order = pushed[np.argsort(-share[pushed].mean(axis=1), kind="stable")]
    spread = order[np.linspace(0, len(order) - 1, min(TRACED, len(order))).astype(int)] if len(order) else order
    tables: dict[str, Rows] = {
        "ways": _way_rows(spread, steps, angle, sign),
        "units": _unit_rows(order, angle, share, sign),
        "falls": _fall_rows(loss, steps),
        "now": step_axis.now_rows(steps),
    }
    return Figure(spec(), as_tables(tables), {"last_step": int(steps[-1])})


@cache
def spec() -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart().to_dict()


def chart() -> alt.LayerChart | alt.FacetChart:
    """Return the chart, the same for every run."""
    x = step_axis.step_axis()
    y = alt.Y(
        "value:Q",
        title="angle to the extremal direction (degrees)",
        scale=alt.Scale(type="log", domain=[LEAST, MOST], nice=False, clamp=True),
        axis=alt.Axis(values=[0.1, 1, 10, 90, 180], format="~g", grid=False),
    )
    colour, opacity = alt.Color("hue:N", scale=None), alt.Opacity("opacity:Q", scale=None)
    ways = alt.Chart(alt.NamedData("ways")).transform_calculate(hue=HUE, i="sequence(0, length(datum.v))")
    ways = ways.transform_flatten(["i", "v", "s"], ["i", "value", "step"]).mark_line(strokeWidth=1, opacity=0.3)
    dots = (
        alt.Chart(alt.NamedData("units"))
        .transform_calculate(value=moving("v"), share=moving("q"), step=_clock())
        .transform_calculate(
            opacity="0.12 + 0.7 * sqrt(datum.share)",
            hue=HUE,
            said="tween ? '' : 'unit ' + datum.neuron + ': ' + format(datum.value, '.2~f') + '°'",
        )
        .mark_circle(size=34)
        .encode(x=x, y=y, color=colour, opacity=opacity, tooltip="said:N")
    )
    falls = alt.Chart(alt.NamedData("falls"))
    rule = falls.mark_rule(color=expr(MUTED), strokeDash=[4, 3]).encode(x=x)
    words = falls.mark_text(fontSize=10, color=expr(MUTED), align="right", baseline="top", dx=-4).encode(
        x=x, y=alt.value(4), text="text:N"
    )
    lines = ways.encode(x=x, y=y, color=colour, detail="neuron:N", order="i:Q")
    layered = alt.layer(rule, words, lines, step_axis.marker(x), dots)
    layered = layered.add_params(FRAME, TWEEN, *THEME, step_axis.last_step())
    return layered.properties(height=HEIGHT, config=alt.Config(aria=False))


def _clock() -> str:
    """Return the expression of the step now, for tables that have none: that of the table `now`."""
    return moving("steps").replace("datum.", "data('now')[0].")


def _way_rows(units: NDArray[np.int64], steps: NDArray[np.int64], angle: Floats, sign: Floats) -> Rows:
    shown = listed(angle[units], 3)
    return [
        {"neuron": neuron, "sign": int(np.sign(sign[neuron, 0])), "v": v, "s": steps.tolist()}
        for neuron, v in zip(units.tolist(), shown, strict=True)
    ]


def _unit_rows(units: NDArray[np.int64], angle: Floats, share: Floats, sign: Floats) -> Rows:
    columns = zip(units.tolist(), listed(angle[units], 3), listed(share[units], 2), strict=True)
    return [{"neuron": neuron, "sign": int(np.sign(sign[neuron, 0])), "v": v, "q": q} for neuron, v, q in columns]


def _fall_rows(loss: pd.DataFrame, steps: NDArray[np.int64]) -> Rows:
    values = loss["loss"].to_numpy(np.float64)
    fallen = loss["step"][values < FALLEN * values[0]]
    first = int(fallen.iloc[0]) if len(fallen) else None
    return [] if first is None or first > steps[-1] else [{"step": first, "text": "the loss falls"}]
