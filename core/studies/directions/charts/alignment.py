"""How far each unit is from the direction that the data pull it to, over the steps: first they align, then f grows."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.marks import between, marks_of, moment, on_screen
from core.figure.palette import NEGATIVE, POSITIVE
from core.figure.rows import Floats, listed, over_frames, records

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
    return Figure.of(chart(), tables, {"last_step": int(steps[-1])})


@specification(height=HEIGHT, params=step_axis.PARAMS)
def chart() -> Chart:
    """Return the chart, the same for every run."""
    x = step_axis.step_axis()
    axis = alt.Axis(values=[0.1, 1, 10, 90, 180], format="~g", grid=False)
    scale = between(LEAST, MOST, type="log", clamp=True)
    y = alt.Y("value:Q", title="angle to the extremal direction (degrees)", scale=scale, axis=axis)
    colour, opacity = alt.Color("hue:N", scale=None), alt.Opacity("opacity:Q", scale=None)
    ways = marks_of("ways").transform_calculate(hue=HUE, i="sequence(0, length(datum.v))")
    ways = ways.transform_flatten(["i", "v", "s"], ["i", "value", "step"]).mark_line(strokeWidth=1, opacity=0.3)
    dots = (
        marks_of("units")
        .transform_calculate(value=moving("v"), share=moving("q"), step=_clock())
        .transform_calculate(
            opacity="0.12 + 0.7 * sqrt(datum.share)",
            hue=HUE,
            said="tween ? '' : 'unit ' + datum.neuron + ': ' + format(datum.value, '.2~f') + '°'",
        )
        .mark_circle(size=34)
        .encode(x=x, y=y, color=colour, opacity=opacity, tooltip="said:N")
    )
    lines = ways.encode(x=x, y=y, color=colour, detail="neuron:N", order="i:Q")
    falls = moment(marks_of("falls"), x, alt.value(14), strokeDash=[4, 3])
    return alt.layer(*falls, lines, step_axis.marker(x), on_screen(dots))


def _clock() -> str:
    """Return the expression of the step now, for tables that have none: that of the table `now`."""
    return moving("steps").replace("datum.", "data('now')[0].")


def _way_rows(units: NDArray[np.int64], steps: NDArray[np.int64], angle: Floats, sign: Floats) -> Rows:
    columns = {"neuron": units.tolist(), "sign": _signs(units, sign), "v": listed(angle[units], 3)}
    return [{**row, "s": steps.tolist()} for row in records(columns)]


def _unit_rows(units: NDArray[np.int64], angle: Floats, share: Floats, sign: Floats) -> Rows:
    columns = {"neuron": units.tolist(), "sign": _signs(units, sign)}
    return records(columns | {"v": listed(angle[units], 3), "q": listed(share[units], 2)})


def _signs(units: NDArray[np.int64], sign: Floats) -> list[int]:
    return [int(one) for one in np.sign(sign[units, 0])]


def _fall_rows(loss: pd.DataFrame, steps: NDArray[np.int64]) -> Rows:
    values = loss["loss"].to_numpy(np.float64)
    fallen = loss["step"][values < FALLEN * values[0]]
    first = int(fallen.iloc[0]) if len(fallen) else None
    return [] if first is None or first > steps[-1] else [{"step": first, "text": "the loss falls", "align": "right"}]
