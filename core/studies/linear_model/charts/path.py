"""A linear model on its way from three starts: what it is worth on new points, and how it fits the noisy labels."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import marks_of, stacked
from core.figure.share_axis import chance, share_axis
from core.studies.linear_model.charts import starts
from core.studies.linear_model.charts.starts import STARTS, colour, curves

POPULATION_HEIGHT, TRAIN_HEIGHT = 215, 105
EXTENT: dict[str, Any] = {"minExtent": 34, "maxExtent": 34}
"""Room for the labels of both y axes, so that the panels stand above each other."""


def figure(path: pd.DataFrame, ends: pd.DataFrame, steps: NDArray[np.int64]) -> Figure:
    """Return the figure of all seeds.

    Args:
        path: start, seed, step, population_accuracy, train_accuracy.
        ends: start, interpolator_accuracy: of the d / n that is trained.
        steps: the snapshots, (frame,).
    """
    tables: dict[str, Rows] = {
        **starts.tables("population", steps, starts.by_start(path, "population_accuracy")),
        **starts.tables("train", steps, starts.by_start(path, "train_accuracy")),
        "ends": _end_rows(ends),
        "now": step_axis.now_rows(steps),
    }
    return Figure.of(chart(), tables, {"last_step": int(steps[-1])})


@specification(padding=66, params=step_axis.PARAMS)
def chart() -> Chart:
    """Return the chart, the same for every run; scales named concat_0_x and concat_1_x."""
    return stacked(_population(), _train())


def _population() -> Chart:
    x, y = step_axis.step_axis(title=None), share_axis("accuracy on new points", **EXTENT)
    levels = marks_of("ends").mark_rule(strokeDash=[5, 4], strokeWidth=1.2, opacity=0.8)
    rules = levels.encode(y=y, color=colour(legend=False))
    return alt.layer(chance(y), rules, *curves("population", x, y, legend=False)).properties(height=POPULATION_HEIGHT)


def _train() -> Chart:
    x, y = step_axis.step_axis(title="SGD step"), share_axis("on training points", 3, **EXTENT)
    return alt.layer(*curves("train", x, y, legend=True)).properties(height=TRAIN_HEIGHT)


def _end_rows(ends: pd.DataFrame) -> Rows:
    return [
        {"start": name, "value": round(float(ends["interpolator_accuracy"][ends["start"] == start].mean()), 4)}
        for start, (name, _) in STARTS.items()
    ]
