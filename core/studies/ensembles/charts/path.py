"""Test error over the steps, a curve for every width: means over the networks of an ensemble."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import between, marks_of
from core.figure.rows import Floats
from core.figure.step_axis import PARAMS, Steps, curve_rows, dot_rows, dots, marker, now_rows, step_axis
from core.studies.ensembles.charts.marks import EXTENT, colour

HEIGHT = 320


def figure(history: pd.DataFrame, steps: Steps) -> Figure:
    """Return the figure of one output scale.

    Args:
        history: width, step, test_error; steps: all that are recorded, (frame,).
    """
    curves = [({"width": f"{width:,}"}, held(own, steps)) for width, own in history.groupby("width", sort=True)]
    tables: dict[str, Rows] = {
        "curves": curve_rows(steps, curves),
        "dots": dot_rows(steps, curves),
        "now": now_rows(steps),
    }
    return Figure.of(chart(), tables, {"last_step": float(steps[-1])})


def held(own: pd.DataFrame, steps: Steps) -> Floats:
    """Return the test error at each step; the last state after the last recorded one."""
    at = np.searchsorted(own["step"].to_numpy(), steps, side="right") - 1
    return own["test_error"].to_numpy(np.float64)[at]


@specification(height=HEIGHT, params=PARAMS)
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    x, hue = step_axis("SGD step"), colour("width", "h")
    y = alt.Y("value:Q", title="test error", scale=between(0, 0.6), axis=alt.Axis(grid=False, tickCount=6, **EXTENT))
    curves = marks_of("curves").transform_filter("isValid(datum.value)")
    layers = [
        curves.mark_line(strokeWidth=1.7, clip=True).encode(x=x, y=y, color=hue, order="step:Q"),
        marker(x),
        dots("dots", x, y, hue, "'h = ' + datum.width + ': '"),
    ]
    return alt.layer(*layers)
