"""Training and test loss over the steps, one pair of curves an output scale, and neurons on the marked one."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import paired, step_axis
from core.figure.figure import Chart, Figure, specification
from core.figure.graded import EXTENT, alpha_colour, range_of, settings_of
from core.figure.marks import between, marks_of
from core.figure.palette import INK
from core.figure.rows import listed, records, short

HEIGHT = 330
EVERY = 4
"""Neurons are drawn at every such snapshot."""


def figure(path: pd.DataFrame, chosen: float, times: tuple[float, float], steps: NDArray[np.int64]) -> Figure:
    """Return the figure.

    Args:
        path: alpha, step, train_loss, test_loss, neurons_loss, one network after the other.
        chosen: the alpha that is marked.
        times: when its training loss is below 0.1, and when its test loss is below 0.2; NaN: never.
        steps: the snapshots, (frame,).
    """
    tables = paired.tables(path, "alpha", chosen, ("loss",), steps)
    tables["now"] = step_axis.now_rows(steps)
    tables["times"] = paired.times(
        dict(zip(("training loss 0.1", "test loss 0.2"), times, strict=True)), float(steps[-1])
    )
    neurons = path[(path["alpha"] == chosen) & np.isfinite(path["neurons_loss"])].iloc[::EVERY]
    tables["neurons"] = records({"step": neurons["step"].tolist(), "value": listed(neurons["neurons_loss"])})
    known = path[["train_loss", "test_loss"]].to_numpy(np.float64).ravel()
    known = known[(known > 0) & np.isfinite(known)]
    most = min(float(known.max()), 1e3) if len(known) else 1.0
    low = max(float(known.min()), 1e-4) if len(known) else 0.1
    params = {"last_step": float(steps[-1]), **range_of(path["alpha"].tolist())}
    params |= {"low": short(0.7 * low, 3), "high": short(1.5 * most, 3)}
    return Figure.of(chart(settings_of(path, "alpha")), tables, params)


@specification(height=HEIGHT, params={**step_axis.PARAMS, "low": 1e-4, "high": 1, "least": 0.01, "most": 4})
def chart(alphas: tuple[float, ...]) -> Chart:
    """Return the chart, the same for every experiment with these output scales."""
    axis = alt.Axis(tickCount=5, format="~g", grid=False, **EXTENT)
    y = alt.Y("value:Q", title="loss / E y²", scale=between("low", "high", type="log"), axis=axis)
    x, hue = step_axis.step_axis(), alpha_colour(alphas, legend=True)
    neurons = marks_of("neurons").transform_calculate(said="'neurons: ' + format(datum.value, '.3~g')")
    circles = neurons.mark_point(size=34, filled=False, color=INK, strokeWidth=1.2, clip=True)
    layers = [
        *paired.rules("times", x, named=True),
        *paired.curves("loss", "alpha", "α", x, y, hue, legend=True),
        circles.encode(x=x, y=y, tooltip="said:N"),
    ]
    return alt.layer(*layers)
