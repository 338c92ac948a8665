"""Where the generator is, and its gradient, over its steps: one line a head start."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import graded, step_axis
from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.graded import EXTENT, range_of
from core.figure.marks import between, level, marks_of, stacked
from core.figure.palette import INK
from core.figure.rows import short

HEIGHTS = (200, 145)
PANELS = {"place": "generator_place", "gradient": "generator_gradient"}


def figure(path: pd.DataFrame, steps: NDArray[np.int64]) -> Figure:
    """Return the figure.

    Args:
        path: head_start, step, generator_place, generator_gradient of the games of one kind, one after the other.
        steps: the snapshots, (frame,).
    """
    tables: dict[str, Rows] = {
        "now": step_axis.now_rows(steps),
        "data": [{"value": 1.0, "text": "data"}],
        "none": [{"value": 0.0, "text": ""}],
    }
    params = {"last_step": float(steps[-1]), **range_of(path["head_start"].astype(float).tolist())}
    for name, column in PANELS.items():
        runs = [
            ({"start": float(str(start))}, own[column].to_numpy(np.float64))
            for start, own in path.groupby("head_start", sort=True)
        ]
        tables[name] = step_axis.curve_rows(steps, runs)
        tables[f"{name}_now"] = step_axis.dot_rows(steps, runs)
        known = path[column].to_numpy(np.float64)
        known = known[np.isfinite(known)]
        low, high = (float(known.min()), float(known.max())) if len(known) else (-1.0, 1.0)
        low, high = (min(low, -1.0), max(high, 1.2)) if name == "place" else (min(low, 0.0), max(high, 0.1))
        room = 0.05 * (high - low)
        params |= {f"{name}_low": short(low - room), f"{name}_high": short(high + room)}
    return Figure.of(chart(), tables, params)


@specification(
    padding=72,
    params={
        **step_axis.PARAMS,
        **{"place_low": -1.2, "place_high": 1.5, "gradient_low": 0, "gradient_high": 1, "least": 1, "most": 10_000},
    },
)
def chart() -> Chart:
    """Return the chart, the same for every experiment; scales named concat_0_x and concat_1_x."""
    panels = []
    titles = {"place": "generator's place θ", "gradient": "its gradient"}
    for (name, title), height in zip(titles.items(), HEIGHTS, strict=True):
        last = name == "gradient"
        axis = alt.Axis(tickCount=4, grid=False, **EXTENT)
        y = alt.Y("value:Q", title=title, scale=between(f"{name}_low", f"{name}_high", zero=False), axis=axis)
        x = step_axis.step_axis("step of the generator" if last else None)
        hue = graded.colour("start", "head start, steps", (1, 10, 100, 1000, 10_000), legend=last, format="~s")
        lines = marks_of(name).transform_filter("isValid(datum.value)").mark_line(clip=True, strokeWidth=1.6)
        said = "'head start ' + format(datum.start, ',') + ': '"
        layers = [
            *level(marks_of("none" if last else "data"), y, INK),
            lines.encode(x=x, y=y, color=hue, detail="start:N"),
            step_axis.marker(x),
            step_axis.dots(f"{name}_now", x, y, hue, said),
        ]
        panels.append(alt.layer(*layers).properties(height=height))
    return stacked(*panels)
