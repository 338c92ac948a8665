"""Digits with a spurious brightness cue: accuracies over the steps, at one share p of training images that have it."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import marks_of
from core.figure.rows import mean_of_known
from core.figure.share_axis import chance, share_axis
from core.studies.shades.charts.frequency import ACCURACY, HEIGHT, SHAPE, colour, curves, dash


def figure(path: pd.DataFrame, p: float, steps: NDArray[np.int64]) -> Figure:
    """Return the figure of the networks at one p; `path` as for `frequency.figure`."""
    means = [(about, mean_of_known(values)) for at, about, values in curves(path) if at == p]
    tables: dict[str, Rows] = {
        "curves": step_axis.curve_rows(steps, means),
        "dots": step_axis.dot_rows(steps, means),
        "now": step_axis.now_rows(steps),
    }
    return Figure.of(chart(), tables, {"last_step": int(steps[-1])})


@specification(height=HEIGHT, params=step_axis.PARAMS)
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    x, y, hue = step_axis.step_axis(), share_axis(ACCURACY), colour()
    said = "datum.penalty + ', shade ' + datum.shade + ': '"
    layers = [
        chance(y),
        marks_of("curves").mark_line(strokeWidth=2, clip=True).encode(x=x, y=y, color=hue, strokeDash=dash()),
        step_axis.marker(x),
        step_axis.dots("dots", x, y, hue, said, shape=SHAPE),
    ]
    return alt.layer(*layers)
