"""How long the generator takes to be half way to the data, against the discriminator's head start."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import between, dot, marks_of
from core.figure.rows import listed, records, short
from core.figure.step_axis import THOUSANDS
from core.studies.game.charts.games import DECADES, NAMES, colour, head_start

HEIGHT = 330


def figure(ends: pd.DataFrame, last: float) -> Figure:
    """Return the figure.

    Args:
        ends: game, head_start, half_step of every game.
        last: the last step, at which those are marked that were never half way.
    """
    names, never = [NAMES[game] for game in ends["game"]], ends["half_step"].isna()
    columns = {"game": names, "start": listed(ends["head_start"]), "never": never.tolist()}
    tables: dict[str, Rows] = {"games": records(columns | {"value": listed(ends["half_step"].fillna(last))})}
    known = ends["half_step"].to_numpy(np.float64)
    low = float(np.nanmin(known)) if np.isfinite(known).any() else 1.0
    high = last if never.any() else float(np.nanmax(known))
    starts = ends["head_start"].astype(float)
    params = {"low": short(max(low / 2, 0.5)), "high": short(high * 2)}
    return Figure.of(chart(), tables, params | {"least": 0.8, "most": short(max(2.0, starts.max()) * 1.25)})


@specification(height=HEIGHT, params={"low": 10, "high": 10_000, "least": 1, "most": 10_000})
def chart() -> Chart:
    """Return the chart, the same for every experiment; both axes are logarithmic."""
    axis = alt.Axis(values=DECADES, labelExpr=THOUSANDS, grid=False)
    title = "generator's steps to half way"
    y = alt.Y("value:Q", title=title, scale=between("low", "high", type="log"), axis=axis)
    x, hue = head_start(), colour(legend=True)
    text = "(datum.never ? 'not within ' : '') + format(datum.value, ',') + ' steps'"
    rows = marks_of("games").transform_calculate(
        said=f"datum.game + ', head start ' + format(datum.start, ',') + ': ' + {text}"
    )
    shape = alt.when("datum.never").then(alt.value("triangle-up")).otherwise(alt.value("circle"))
    known = marks_of("games").transform_filter("!datum.never")
    layers = [
        known.mark_line(strokeWidth=1.4, opacity=0.7).encode(x=x, y=y, color=hue, order="start:Q"),
        dot(rows, size=60).encode(x=x, y=y, color=hue, shape=shape, tooltip="said:N"),
    ]
    return alt.layer(*layers)
