"""The second feature's response over the steps of descent, for every strength of the first."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import FRAME, PAPER, THEME, TWEEN, Figure, Rows, as_tables, expr, listed, moving
from core.studies.strengths.charts.penalties import PENALTIES, by_run, colour

HEIGHT = 335


def figure(resting: pd.DataFrame, steps: NDArray[np.int64], descents: pd.DataFrame | None) -> Figure:
    """Return the figure; without descents it has the levels of the fixed points alone.

    Args:
        resting: penalty, s_1, z_2 of the fixed points that the descents go to.
        steps: the snapshots, (frame,).
        descents: s_1, penalty, step, z_2 of the recorded steps, in the order of runs.
    """
    runs = by_run(descents)
    tables: dict[str, Rows] = {
        "levels": [
            {"penalty": PENALTIES[penalty][0], "s": float(s), "value": round(float(z), 4)}
            for penalty, s, z in zip(resting["penalty"], resting["s_1"], resting["z_2"], strict=True)
        ],
        "paths": [
            about | {"step": step, "value": value}
            for about, rows in runs
            for step, value in zip(rows["step"].tolist(), listed(rows["z_2"]), strict=True)
        ],
        "balls": [about | {"steps": steps.tolist(), "v": listed(rows["z_2"])} for about, rows in runs],
        "now": step_axis.now_rows(steps),
    }
    largest = resting["z_2"].abs().max() if descents is None else max(resting["z_2"].abs().max(), _most(descents))
    params = {"last_step": int(steps[-1]), "most": round(1.1 * max(float(largest), 0.1), 4)}
    return Figure(spec(), as_tables(tables), params)


def _most(descents: pd.DataFrame) -> float:
    values = np.abs(descents["z_2"].to_numpy(np.float64))
    return float(values[np.isfinite(values) & (values < 1e3)].max(initial=0))


@cache
def spec() -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart().to_dict()


def chart() -> alt.LayerChart | alt.FacetChart:
    """Return the chart, the same for every experiment."""
    x = step_axis.step_axis()
    scale = alt.Scale(domain=[0, expr("most")], nice=False)
    y = alt.Y(
        "value:Q", title="z₂, response of the second feature", scale=scale, axis=alt.Axis(tickCount=5, grid=False)
    )
    levels, paths, balls = (alt.Chart(alt.NamedData(name)) for name in ("levels", "paths", "balls"))
    now = balls.transform_filter("isValid(datum.v[frame])").transform_calculate(
        step=moving("steps"),
        value=moving("v"),
        said="tween ? '' : datum.penalty + ', s₁ = ' + datum.s + ', ' + format(datum.value, '.3f')",
    )
    layers = [
        levels.mark_rule(strokeDash=[5, 4], strokeWidth=1, opacity=0.7).encode(y=y, color=colour(legend=True)),
        paths.mark_line(strokeWidth=1.6, opacity=0.8, clip=True).encode(
            x=x, y=y, color=colour(legend=True), detail="s:N"
        ),
        step_axis.marker(x),
        now.mark_point(filled=True, size=50, stroke=expr(PAPER), strokeWidth=1, opacity=1, clip=True).encode(
            x=x, y=y, fill=colour(legend=False, channel=alt.Fill), tooltip="said:N"
        ),
    ]
    layered = alt.layer(*layers).add_params(
        FRAME, TWEEN, *THEME, step_axis.last_step(), alt.param(name="most", value=2)
    )
    return layered.properties(height=HEIGHT, config=alt.Config(aria=False))
