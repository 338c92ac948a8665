"""What the charts of two moons share: a colour and a name for each penalty, and curves over seeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import ACCENT, PAPER, PINNED, Rows, expr, listed, moving

PENALTIES: Mapping[str, tuple[str, str]] = {
    "none": ("no penalty", "#8A8A8A"),
    "weight_decay": ("weight decay", PINNED),
    "spectral_decoupling": ("Spectral Decoupling", ACCENT),
}
"""Penalty: name, colour."""

EXTENT: dict[str, Any] = {"minExtent": 40, "maxExtent": 40}
"""Room for the labels of both y axes, so that the panels stand above each other."""
RIM: dict[str, Any] = {"size": 60, "stroke": expr(PAPER), "strokeWidth": 1.2, "opacity": 1}
"""How the dots at the clock look."""

Floats = NDArray[np.float64]


def colour(*, legend: bool) -> alt.Color:
    """Return the colour of a penalty, by its name; with a legend under the chart if asked for."""
    shown = alt.Legend(
        title=None, orient="bottom", columns=3, symbolType="stroke", symbolStrokeWidth=2.5, symbolOpacity=1
    )
    names, colours = zip(*PENALTIES.values(), strict=True)
    scale = alt.Scale(domain=list(names), range=list(colours))
    return alt.Color("penalty:N", scale=scale, legend=shown if legend else None)


def over_seeds(table: pd.DataFrame, column: str) -> dict[tuple[float, str], Floats]:
    """Return by margin and penalty a column as (seed, snapshot), from rows by margin, penalty, seed, then epoch."""
    found: dict[tuple[float, str], Floats] = {}
    for margin, penalty in table[["margin", "penalty"]].drop_duplicates().itertuples(index=False):
        rows = table[(table["margin"] == margin) & (table["penalty"] == penalty)]
        found[margin, penalty] = rows[column].to_numpy(np.float64).reshape(rows["seed"].nunique(), -1)
    return found


def curve_rows(steps: NDArray[np.int64], values: Mapping[tuple[float, str], Floats], shown: float) -> Rows:
    """Return a row a margin, penalty and snapshot: the mean over seeds, the least and greatest.

    `shown` says whether it is the margin on screen. Where a seed has no number the curve has a gap.
    """
    return [
        {
            "penalty": PENALTIES[penalty][0],
            "margin": margin,
            "shown": margin == shown,
            "step": step,
            "value": value,
            "low": low,
            "high": high,
        }
        for (margin, penalty), of_seeds in values.items()
        for step, value, low, high in zip(
            steps.tolist(),
            *(listed(found) for found in (of_seeds.mean(axis=0), of_seeds.min(axis=0), of_seeds.max(axis=0))),
            strict=True,
        )
    ]


def moving_rows(steps: NDArray[np.int64], values: Mapping[tuple[float, str], Floats], shown: float) -> Rows:
    """Return a row a penalty at the margin on screen: `steps` and the mean over seeds, `v`, (snapshot,) each."""
    return [
        {"penalty": PENALTIES[penalty][0], "steps": steps.tolist(), "v": listed(of_seeds.mean(axis=0))}
        for (margin, penalty), of_seeds in values.items()
        if margin == shown
    ]


def curves(table: str, x: alt.X, y: alt.Y, *, legend: bool) -> list[alt.Chart]:
    """Return the curves of a table with their bands over seeds, the marker of the clock, and the dots on it.

    Solid: the margin on screen; dashed: the others.
    """
    rows, hue = alt.Chart(alt.NamedData(table)), colour(legend=legend)
    shown = rows.transform_filter("datum.shown && isValid(datum.value)")
    dash = alt.StrokeDash("shown:N", scale=alt.Scale(domain=[True, False], range=[[1, 0], [3, 4]]), legend=None)
    band = shown.transform_calculate(value="datum.low").mark_area(opacity=0.16, clip=True)
    dots = alt.Chart(alt.NamedData(f"{table}_now")).transform_calculate(
        step=moving("steps"),
        value=moving("v"),
        said="tween ? '' : datum.penalty + ', ' + format(datum.value, '.3f')",
    )
    lines = rows.transform_filter("isValid(datum.value)").mark_line(strokeWidth=2, clip=True)
    return [
        band.encode(x=x, y=y, y2="high:Q", color=hue),
        lines.encode(x=x, y=y, color=hue, strokeDash=dash, detail="margin:N"),
        step_axis.marker(x),
        dots.transform_filter("isValid(datum.v[frame])")
        .mark_point(filled=True, clip=True, **RIM)
        .encode(x=x, y=y, fill=colour(legend=False), tooltip="said:N"),
    ]
