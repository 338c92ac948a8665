"""Digits with a shade: accuracies over the steps, of one share p of agreeing shades."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import FRAME, PAPER, THEME, TWEEN, Figure, Rows, as_tables, expr, listed, moving
from core.figure.share_axis import HALF, half, share_axis
from core.studies.shades.charts.frequency import ACCURACY, CONDITIONS, HEIGHT, PENALTIES, SHAPE, colour, dash, mean


def figure(path: pd.DataFrame, p: float, steps: NDArray[np.int64]) -> Figure:
    """Return the figure of the networks at one p; `path` as for `shade_frequency.figure`."""
    curves = {
        (PENALTIES[str(penalty)], name): mean(rows[f"{condition}_accuracy"].to_numpy().reshape(-1, len(steps)))
        for penalty, rows in path[path["p"] == p].groupby("penalty", sort=False)
        for condition, (name, _) in CONDITIONS.items()
    }
    tables: dict[str, Rows] = {
        "curves": [
            {"penalty": penalty, "shade": name, "step": step, "value": value}
            for (penalty, name), values in curves.items()
            for step, value in zip(steps.tolist(), listed(values), strict=True)
        ],
        "dots": [
            {"penalty": penalty, "shade": name, "steps": steps.tolist(), "v": listed(values)}
            for (penalty, name), values in curves.items()
        ],
        "now": step_axis.now_rows(steps),
        "half": HALF,
    }
    return Figure(spec(), as_tables(tables), {"last_step": int(steps[-1])})


@cache
def spec() -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart().to_dict()


def chart() -> alt.LayerChart | alt.FacetChart:
    """Return the chart, the same for every experiment."""
    x, y = step_axis.step_axis(), share_axis(ACCURACY)
    dots = alt.Chart(alt.NamedData("dots")).transform_calculate(
        step=moving("steps"),
        value=moving("v"),
        said="tween ? '' : datum.penalty + ', shade ' + datum.shade + ': ' + format(datum.value, '.3f')",
    )
    layers = [
        half(y),
        alt.Chart(alt.NamedData("curves"))
        .mark_line(strokeWidth=2, clip=True)
        .encode(x=x, y=y, color=colour(legend=True), strokeDash=dash(legend=True)),
        step_axis.marker(x),
        dots.mark_point(
            filled=True, shape=SHAPE, size=60, stroke=expr(PAPER), strokeWidth=1.2, opacity=1, clip=True
        ).encode(x=x, y=y, fill=colour(legend=False), tooltip="said:N"),
    ]
    layered = alt.layer(*layers).add_params(FRAME, TWEEN, *THEME, step_axis.last_step())
    return layered.properties(height=HEIGHT, config=alt.Config(aria=False))
