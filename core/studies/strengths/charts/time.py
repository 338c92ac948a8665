"""The second feature's response over the steps of descent, for every strength of the first."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import between, marks_of
from core.studies.strengths.charts.penalties import PENALTIES, by_run, colour

HEIGHT = 335


def figure(resting: pd.DataFrame, steps: NDArray[np.int64], descents: pd.DataFrame | None) -> Figure:
    """Return the figure; without descents it has the levels of the fixed points alone.

    Args:
        resting: penalty, s_1, z_2 of the fixed points that the descents go to.
        steps: the snapshots, (frame,).
        descents: s_1, penalty, step, z_2 of the recorded steps, in the order of runs.
    """
    runs = [(about, rows["z_2"].to_numpy(np.float64)) for about, rows in by_run(descents)]
    tables: dict[str, Rows] = {
        "levels": [
            {"penalty": PENALTIES[penalty][0], "s": float(s), "value": round(float(z), 4)}
            for penalty, s, z in zip(resting["penalty"], resting["s_1"], resting["z_2"], strict=True)
        ],
        "paths": step_axis.curve_rows(steps, runs),
        "balls": step_axis.dot_rows(steps, runs),
        "now": step_axis.now_rows(steps),
    }
    largest = resting["z_2"].abs().max() if descents is None else max(resting["z_2"].abs().max(), _most(descents))
    params = {"last_step": int(steps[-1]), "most": round(1.1 * max(float(largest), 0.1), 4)}
    return Figure.of(chart(), tables, params)


def _most(descents: pd.DataFrame) -> float:
    values = np.abs(descents["z_2"].to_numpy(np.float64))
    return float(values[np.isfinite(values) & (values < 1e3)].max(initial=0))


@specification(height=HEIGHT, params={**step_axis.PARAMS, "most": 2})
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    x = step_axis.step_axis()
    axis, title = alt.Axis(tickCount=5, grid=False), "z₂, response of the second feature"
    y, hue = alt.Y("value:Q", title=title, scale=between(0, "most"), axis=axis), colour()
    layers = [
        marks_of("levels").mark_rule(strokeDash=[5, 4], strokeWidth=1, opacity=0.7).encode(y=y, color=hue),
        marks_of("paths").mark_line(strokeWidth=1.6, opacity=0.8, clip=True).encode(x=x, y=y, color=hue, detail="s:N"),
        step_axis.marker(x),
        step_axis.dots("balls", x, y, hue, "datum.penalty + ', s₁ = ' + datum.s + ', '"),
    ]
    return alt.layer(*layers)
