"""The gradient that a head start leaves to the generator: measured, and in closed form."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import between, dot, marks_of
from core.figure.rows import listed, records, short
from core.studies.game.charts.games import DECADES, NAMES, colour, head_start

HEIGHT = 330


def figure(ends: pd.DataFrame, theory: pd.DataFrame) -> Figure:
    """Return the figure.

    Args:
        ends: game, head_start, generator_gradient of every game.
        theory: game, head_start, theory_gradient.
    """
    tables: dict[str, Rows] = {}
    for name, table, column in (
        ("games", ends, "generator_gradient"),
        ("theory", theory, "theory_gradient"),
    ):
        columns = {"start": listed(table["head_start"]), "value": listed(table[column])}
        tables[name] = records({"game": [NAMES[game] for game in table["game"]], **columns})
    known = ends["generator_gradient"].to_numpy(np.float64)
    known = known[np.isfinite(known) & (known > 0)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.01, 1.0)
    starts = theory["head_start"]
    params = {"low": short(low / 2), "high": short(high * 2), "least": 0.8, "most": short(float(starts.max()) * 1.25)}
    return Figure.of(chart(), tables, params)


@specification(height=HEIGHT, params={"low": 0.001, "high": 10, "least": 1, "most": 10_000})
def chart() -> Chart:
    """Return the chart, the same for every experiment; both axes are logarithmic."""
    axis = alt.Axis(values=DECADES, format="~g", grid=False)
    y = alt.Y("value:Q", title="gradient to the generator", scale=between("low", "high", type="log"), axis=axis)
    x, hue = head_start(), colour(legend=True)
    said = marks_of("games").transform_calculate(
        said="datum.game + ', after ' + format(datum.start, ',') + ' steps: ' + format(datum.value, '.3~g')"
    )
    layers = [
        marks_of("theory").mark_line(clip=True, strokeWidth=1.6, opacity=0.8).encode(x=x, y=y, color=hue),
        dot(said, size=60).encode(x=x, y=y, color=hue, tooltip="said:N"),
    ]
    return alt.layer(*layers)
