"""eta S and the loss over the steps, one line a learning rate or batch size."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.graded import EXTENT, marked, range_of
from core.figure.marks import between, dot, level, marks_of, on_screen, stacked
from core.figure.palette import INK
from core.figure.rows import listed, records
from core.studies.edge.charts.rates import SYMBOLS, colour

HEIGHTS = (205, 150)
PANELS = ("eta_sharpness", "loss")
TOP, FLOOR = 4.2, 1e-6
"""Where the axes end; a first overshoot is hardly above the one, and no loss of interest below the other."""


def figure(path: pd.DataFrame, chosen: float, steps: NDArray[np.int64], dial: str = "learning_rate") -> Figure:
    """Return the figure.

    Args:
        path: learning_rate or batch_size, step and the columns of `PANELS`, one network after the other.
        chosen: the learning rate or batch size that is marked.
        steps: the snapshots, (frame,).
        dial: learning_rate or batch_size, by which the networks differ.
    """
    tables: dict[str, Rows] = {"two": [{"value": 2.0, "text": "ηS = 2"}], "now": step_axis.now_rows(steps)}
    same = {"rate": path[dial].tolist(), "step": path["step"].tolist()}
    same["marked"] = (path[dial] == chosen).tolist()
    mine = path[path[dial] == chosen]
    for name in PANELS:
        tables[name] = records(same | {"value": listed(path[name])})
        tables[f"{name}_now"] = step_axis.dot_rows(steps, [({"rate": chosen}, mine[name].to_numpy(np.float64))])
    known = path["loss"].to_numpy(np.float64)
    known = known[(known > 0) & (known < 1e6)]
    ends = {"low": 0.7 * max(float(known.min()), FLOOR), "high": 1.5 * float(known.max())}
    params = {"last_step": float(steps[-1]), **range_of(path[dial].tolist())}
    return Figure.of(chart(dial), tables, params | {name: float(f"{value:.3g}") for name, value in ends.items()})


@specification(padding=72, params={**step_axis.PARAMS, "low": 1e-4, "high": 1, "least": 0.05, "most": 0.5})
def chart(dial: str) -> Chart:
    """Return the chart, one for each dial; scales named concat_0_x and concat_1_x."""
    log, plain = alt.Axis(tickCount=4, format="~g", grid=False, **EXTENT), alt.Axis(tickCount=4, grid=False, **EXTENT)
    stable = alt.Y("value:Q", title="ηS", scale=between(0, TOP), axis=plain)
    loss = alt.Y("value:Q", title="loss", scale=between("low", "high", type="log"), axis=log)
    panels = []
    for name, y, height in zip(PANELS, (stable, loss), HEIGHTS, strict=True):
        x, hue = _x(title=name == "loss"), colour(dial, legend=name == "loss")
        lines = marks_of(name).mark_line(clip=True, opacity=0.9)
        now = marks_of(f"{name}_now").transform_filter("isValid(datum.v[frame])")
        now = now.transform_calculate(step=moving("steps"), value=moving("v"))
        place = f"'{SYMBOLS[dial]} = ' + datum.rate + ': '"
        now = now.transform_calculate(said=f"tween ? '' : {place} + format(datum.value, '.3~g')")
        rule, *names = level(marks_of("two"), y, INK) if name != "loss" else [None]
        layers = [
            *([rule] if rule else []),
            lines.encode(x=x, y=y, color=hue, detail="rate:N", strokeWidth=marked(1, 2.6)),
            *names,
            step_axis.marker(x),
            on_screen(dot(now, size=75).encode(x=x, y=y, color=hue, tooltip="said:N")),
        ]
        panels.append(alt.layer(*layers).properties(height=height))
    return stacked(*panels)


def _x(*, title: bool) -> alt.X:
    """Return a linear axis of steps: what happens at the edge goes on for long."""
    bare: dict[str, Any] = {} if title else {"labels": False, "ticks": False}
    axis = alt.Axis(grid=False, tickCount=5, format="~s", **bare)
    return alt.X(
        "step:Q", title="step of gradient descent" if title else None, scale=between(0, "last_step"), axis=axis
    )
