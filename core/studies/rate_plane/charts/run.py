"""One run of the plane over its steps: eta S, the loss, and the test error."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import across, between, level, marks_of, stacked
from core.figure.palette import ACCENT, INK, NEGATIVE, POSITIVE
from core.figure.rows import listed, records

HEIGHTS = (170, 110, 70)
PANELS = {"eta_sharpness": POSITIVE, "loss_ratio": NEGATIVE, "test_error": ACCENT}
"""Columns and colours of the panels."""
LARGEST = 1e6
"""Larger values are not drawn: the run has diverged."""
EXTENT: dict[str, Any] = {"minExtent": 40, "maxExtent": 40}


def figure(run: pd.DataFrame, steps: NDArray[np.int64]) -> Figure:
    """Return the figure.

    Args:
        run: step and the columns of `PANELS` of one run; steps: the snapshots, (frame,).
    """
    tables: dict[str, Rows] = {"two": [{"value": 2.0, "text": "ηS = 2"}], "now": step_axis.now_rows(steps)}
    for name in PANELS:
        values = run[name].to_numpy(np.float64)
        values = np.where(np.abs(values) < LARGEST, values, np.nan)
        tables[name] = records({"step": run["step"].tolist(), "value": listed(values)})
        tables[f"{name}_now"] = step_axis.dot_rows(steps, [({"name": name}, values)])
    stable, loss = (run[name].to_numpy(np.float64) for name in ("eta_sharpness", "loss_ratio"))
    known = loss[(loss > 0) & (loss < LARGEST)]
    most = np.max(stable[np.isfinite(stable)], initial=2.4)
    ends = {"low": 0.7 * known.min(initial=0.5), "high": 1.5 * known.max(initial=1), "top": 1.1 * min(most, 20)}
    params = {"last_step": float(steps[-1])} | {name: float(f"{end:.3g}") for name, end in ends.items()}
    return Figure.of(chart(), tables, params)


@specification(padding=72, params={**step_axis.PARAMS, "low": 0.04, "high": 2, "top": 2.6})
def chart() -> Chart:
    """Return the chart, the same for every experiment; scales named concat_0_x and so on."""
    log = alt.Axis(tickCount=4, format="~g", grid=False, **EXTENT)
    plain = alt.Axis(tickCount=5, grid=False, **EXTENT)
    share = alt.Axis(tickCount=3, format=".0%", grid=False, **EXTENT)
    axes = (
        alt.Y("value:Q", title="ηS", scale=between(0, "top"), axis=plain),
        alt.Y("value:Q", title="loss / initial", scale=between("low", "high", type="log"), axis=log),
        alt.Y("value:Q", title="test error", scale=between(0, 0.55), axis=share),
    )
    panels = []
    for (name, colour), y, height in zip(PANELS.items(), axes, HEIGHTS, strict=True):
        last = name == "test_error"
        x = step_axis.step_axis("step of gradient descent" if last else None)
        rule, *words = level(marks_of("two"), y, INK) if name == "eta_sharpness" else [across(1, y)]
        if last:
            rule = across(0.5, y)
        line = marks_of(name).mark_line(clip=True, color=colour, strokeWidth=1.8)
        hue = alt.Color("name:N", scale=alt.Scale(domain=[name], range=[colour]), legend=None)
        layers = [
            rule,
            line.encode(x=x, y=y, order="step:Q"),
            *words,
            step_axis.marker(x),
            step_axis.dots(f"{name}_now", x, y, hue, "''", size=75),
        ]
        panels.append(alt.layer(*layers).properties(height=height))
    return stacked(*panels)
