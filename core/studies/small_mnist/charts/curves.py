"""Errors and losses over the steps, of training and test images, one pair of curves an initialization scale."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import graded, paired, step_axis
from core.figure.figure import Chart, Figure, specification
from core.figure.graded import EXTENT, range_of, settings_of
from core.figure.marks import between, stacked
from core.figure.rows import short
from core.figure.share_axis import share_axis

HEIGHTS = (190, 150)
PANELS = ("error", "loss")


def figure(path: pd.DataFrame, chosen: float, times: tuple[float, float], steps: NDArray[np.int64]) -> Figure:
    """Return the figure.

    Args:
        path: scale, step, and train_error, test_error, train_loss, test_loss, one network after the other.
        chosen: the scale that is marked.
        times: when its training error is at most 0.01, its test error at most 0.2; NaN: never.
        steps: the snapshots, (frame,).
    """
    tables = paired.tables(path, "scale", chosen, PANELS, steps)
    tables["now"] = step_axis.now_rows(steps)
    tables["times"] = paired.times(
        dict(zip(("training error 1 %", "test error 20 %"), times, strict=True)), float(steps[-1])
    )
    known = path[["train_loss", "test_loss"]].to_numpy(np.float64).ravel()
    known = known[(known > 0) & np.isfinite(known)]
    most = float(known.max()) if len(known) else 1.0
    low = max(float(known.min()), 1e-6 * most) if len(known) else 0.1
    params = {"last_step": float(steps[-1]), **range_of(path["scale"].tolist())}
    params |= {"low": short(0.7 * low, 3), "high": short(1.5 * most, 3)}
    return Figure.of(chart(settings_of(path, "scale")), tables, params)


@specification(padding=72, params={**step_axis.PARAMS, "low": 1e-4, "high": 1, "least": 1, "most": 8})
def chart(scales: tuple[float, ...]) -> Chart:
    """Return the chart, the same for every experiment with these; scales named concat_0_x, concat_1_x."""
    log = alt.Axis(tickCount=4, format="~g", grid=False, **EXTENT)
    axes = (
        share_axis("error", 3, **EXTENT),
        alt.Y("value:Q", title="loss", scale=between("low", "high", type="log"), axis=log),
    )
    panels = []
    for name, y, height in zip(PANELS, axes, HEIGHTS, strict=True):
        last = name == "loss"
        x = step_axis.step_axis("step of AdamW" if last else None)
        hue = graded.colour("scale", "initialization scale", scales, legend=last)
        layers = [
            *paired.rules("times", x, named=not last),
            *paired.curves(name, "scale", "scale", x, y, hue, legend=last),
        ]
        panels.append(alt.layer(*layers).properties(height=height))
    return stacked(*panels, strokeDash="independent")
