"""The marked network over its steps: eta S, the displacement along the sharpest direction, the loss."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.graded import EXTENT
from core.figure.marks import between, level, marks_of, moment, stacked
from core.figure.palette import ACCENT, INK, MUTED, NEGATIVE, POSITIVE
from core.figure.rows import listed, records, short
from core.studies.stabilization.charts.loop import LEAST

HEIGHTS = (140, 120, 95)
PANELS = {"eta_sharpness": POSITIVE, "displacement": ACCENT, "loss": NEGATIVE}
"""Columns and colours of the panels."""


def figure(path: pd.DataFrame, peaks: tuple[float, float], delta: float, steps: NDArray[np.int64]) -> Figure:
    """Return the figure.

    Args:
        path: step and the columns of `PANELS` of the marked network.
        peaks: the steps of the first peak of eta S and of |x|; NaN: there is none.
        delta: |x| at which the sharpness stays; NaN where there is none.
        steps: the snapshots, (frame,).
    """
    tables: dict[str, Rows] = {
        "two": [{"value": 2.0, "text": "ηS = 2"}],
        "delta": [{"value": short(delta), "text": "δ"}] if np.isfinite(delta) else [],
        "now": step_axis.now_rows(steps),
    }
    for name, step in zip(("eta_sharpness", "displacement"), peaks, strict=True):
        tables[f"{name}_peak"] = [{"step": step, "text": f"{step:,.0f}", "align": "left"}] if step == step else []
    params = {"last_step": float(steps[-1])}
    for name in PANELS:
        values = path[name].abs().to_numpy(np.float64)
        if name != "eta_sharpness":
            values = np.where(values >= LEAST, values, np.nan)
        tables[name] = records({"step": path["step"].tolist(), "value": listed(values, 5)})
        tables[f"{name}_now"] = step_axis.dot_rows(steps, [({"name": name}, values)])
        known = values[np.isfinite(values)]
        low, high = (float(known.min()), float(known.max())) if len(known) else (0.1, 1.0)
        wide = (0.6 * low, 1.8 * high) if name != "eta_sharpness" else (min(low, 1.9) - 0.03, max(high, 2.1) + 0.05)
        params |= {f"{name}_low": short(wide[0], 3), f"{name}_high": short(wide[1], 3)}
    return Figure.of(chart(), tables, params)


PARAMS = {f"{name}_{end}": value for name in PANELS for end, value in (("low", 0.1), ("high", 3.0))}


@specification(padding=72, params={"last_step": 600, **PARAMS})
def chart() -> Chart:
    """Return the chart, the same for every experiment; scales named concat_0_x and so on."""
    log, plain = (alt.Axis(tickCount=4, format=how, grid=False, **EXTENT) for how in ("~e", "~g"))
    axes = (
        alt.Y(
            "value:Q",
            title="ηS",
            scale=between("eta_sharpness_low", "eta_sharpness_high", zero=False),
            axis=alt.Axis(tickCount=4, grid=False, **EXTENT),
        ),
        alt.Y("value:Q", title="|x|", scale=between("displacement_low", "displacement_high", type="log"), axis=log),
        alt.Y("value:Q", title="loss", scale=between("loss_low", "loss_high", type="log"), axis=plain),
    )
    panels = []
    for (name, colour), y, height in zip(PANELS.items(), axes, HEIGHTS, strict=True):
        x = _x(title=name == "loss")
        hue = alt.Color("name:N", scale=alt.Scale(domain=[name], range=[colour]), legend=None)
        lines = {"eta_sharpness": ("two", INK), "displacement": ("delta", MUTED)}
        peak = marks_of(f"{name}_peak")
        layers = [
            *(level(marks_of(lines[name][0]), y, lines[name][1]) if name in lines else []),
            marks_of(name).mark_line(clip=True, color=colour, strokeWidth=1.6).encode(x=x, y=y, order="step:Q"),
            *(moment(peak, x, alt.value(height - 8), colour, strokeDash=[2, 3]) if name in lines else []),
            step_axis.marker(x),
            step_axis.dots(f"{name}_now", x, y, hue, "''", size=75),
        ]
        panels.append(alt.layer(*layers).properties(height=height))
    return stacked(*panels)


def _x(*, title: bool) -> alt.X:
    """Return a linear axis of steps past the edge."""
    bare: dict[str, Any] = {} if title else {"labels": False, "ticks": False}
    axis = alt.Axis(grid=False, tickCount=6, format="~s", **bare)
    return alt.X("step:Q", title="steps past the edge" if title else None, scale=between(0, "last_step"), axis=axis)
