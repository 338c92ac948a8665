"""The three parts of the test loss over the steps at the marked output scale, stacked."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.graded import EXTENT
from core.figure.marks import between, marks_of
from core.figure.palette import ACCENT, INK, NEGATIVE, POSITIVE, categories
from core.figure.rows import listed, records, short

HEIGHT = 330
PARTS: Mapping[str, tuple[str, str]] = {
    "misalignment_part": ("misalignment", POSITIVE),
    "variance_part": ("variance", NEGATIVE),
    "linear_part": ("linear power", ACCENT),
}
"""From the bottom up: column, name, colour."""


def figure(path: pd.DataFrame, steps: NDArray[np.int64]) -> Figure:
    """Return the figure.

    Args:
        path: step, train_loss and the columns of `PARTS`, of one network.
        steps: the snapshots, (frame,).
    """
    low, rows = np.zeros(len(path)), list[dict[str, object]]()
    for column, (name, _) in PARTS.items():
        high = low + path[column].to_numpy(np.float64)
        columns = {"step": path["step"].tolist(), "low": listed(low), "high": listed(high), "part": [name] * len(path)}
        rows += [row for row in records(columns) if row["high"] is not None]
        low = high
    train = records({"step": path["step"].tolist(), "value": listed(path["train_loss"])})
    tables: dict[str, Rows] = {"parts": rows, "train": train, "now": step_axis.now_rows(steps)}
    known = low[np.isfinite(low)]
    params = {"last_step": float(steps[-1]), "high": short(1.08 * float(known.max()), 3) if len(known) else 1.0}
    return Figure.of(chart(), tables, params)


@specification(height=HEIGHT, params={**step_axis.PARAMS, "high": 1})
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    x, scale = step_axis.step_axis(), between(0, "high")
    axis = alt.Axis(tickCount=5, grid=False, **EXTENT)
    legend = alt.Legend(title=None, orient="bottom", symbolType="square", symbolOpacity=0.75)
    areas = marks_of("parts").mark_area(opacity=0.75, clip=True)
    layers = [
        areas.encode(
            x=x,
            y=alt.Y("low:Q", title="test loss / E y²", scale=scale, axis=axis),
            y2="high:Q",
            color=categories("part", dict(PARTS.values()), legend),
            detail="part:N",
        ),
        marks_of("train")
        .mark_line(color=INK, strokeDash=[4, 3], strokeWidth=1.6, clip=True)
        .encode(x=x, y=alt.Y("value:Q", scale=scale)),
        step_axis.marker(x),
    ]
    return alt.layer(*layers)
