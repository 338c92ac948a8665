"""Errors and losses over the steps, of training and test points: a pair of curves at each of several settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import paired, step_axis
from core.figure.figure import Chart, Rows
from core.figure.graded import EXTENT, range_of
from core.figure.marks import between, stacked
from core.figure.rows import short
from core.figure.share_axis import share_axis

HEIGHTS = (190, 150)
PANELS = ("error", "loss")
PADDING = 72
PARAMS: Mapping[str, float] = {**step_axis.PARAMS, "low": 1e-4, "high": 1, "least": 0.25, "most": 16}
"""What the axes and the colours end at."""


def tables(
    path: pd.DataFrame, of: str, chosen: float, times: Mapping[str, float], steps: NDArray[np.int64], depth: float
) -> tuple[dict[str, Rows], dict[str, float]]:
    """Return the tables of `chart`, and the params.

    Args:
        path: the setting `of`, step, and train_error, test_error, train_loss, test_loss, one network after the other.
        of: the column of the setting.
        chosen: the setting that is marked.
        times: when something happened to it, by what it is called; NaN: never.
        steps: the snapshots, (frame,).
        depth: the share of the largest loss at which the axis of losses ends.
    """
    last = float(steps[-1])
    found = paired.tables(path, of, chosen, PANELS, steps)
    found |= {"now": step_axis.now_rows(steps), "times": paired.times(times, last)}
    known = path[["train_loss", "test_loss"]].to_numpy(np.float64).ravel()
    known = known[(known > 0) & np.isfinite(known)]
    most = float(known.max()) if len(known) else 1.0
    low = max(float(known.min()), depth * most) if len(known) else 0.1
    params = {"last_step": last, **range_of(path[of].tolist())}
    return found, params | {"low": short(0.7 * low, 3), "high": short(1.5 * most, 3)}


def chart(of: str, symbol: str, hue: Callable[[bool], alt.Color], step: str) -> Chart:
    """Return the chart; scales named concat_0_x, concat_1_x.

    Args:
        of: the field of the setting.
        symbol: what a person reads of it.
        hue: its colour, with a legend or without.
        step: the title of the axis of steps.
    """
    log = alt.Axis(tickCount=4, format="~g", grid=False, **EXTENT)
    axes = (
        share_axis("error", 3, **EXTENT),
        alt.Y("value:Q", title="loss", scale=between("low", "high", type="log"), axis=log),
    )
    panels = []
    for name, y, height in zip(PANELS, axes, HEIGHTS, strict=True):
        last = name == "loss"
        x = step_axis.step_axis(step if last else None)
        layers = [
            *paired.rules("times", x, named=not last),
            *paired.curves(name, of, symbol, x, y, hue(last), legend=last),
        ]
        panels.append(alt.layer(*layers).properties(height=height))
    return stacked(*panels, strokeDash="independent")
