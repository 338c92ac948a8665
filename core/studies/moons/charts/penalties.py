"""What the charts of two moons share: a colour and a name for each penalty, and curves over seeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import over_seeds, step_axis
from core.figure.figure import Rows
from core.figure.marks import between, marks_of
from core.figure.palette import ACCENT, PINK, categories, strokes
from core.figure.rows import Floats, mean_of_known

PENALTIES: Mapping[str, tuple[str, str]] = {
    "none": ("no penalty", "#6B6B6B"),
    "weight_decay": ("weight decay", PINK),
    "spectral_decoupling": ("Spectral Decoupling", ACCENT),
}
"""Penalty: name, colour."""

EXTENT: dict[str, Any] = {"minExtent": 40, "maxExtent": 40}
"""Room for the labels of both y axes, so that the panels stand above each other."""


def by_penalty(table: pd.DataFrame, column: str) -> dict[tuple[float, str], Floats]:
    """Return by margin and penalty a column as (seed, snapshot), from rows by margin, penalty, seed, then epoch.

    Where a seed has no number, none has.
    """
    found: dict[tuple[float, str], Floats] = {}
    for key, rows in table.groupby(["margin", "penalty"], sort=False):
        values = rows[column].to_numpy(np.float64).reshape(rows["seed"].nunique(), -1)
        margin, penalty = key
        found[float(str(margin)), str(penalty)] = np.where(np.isfinite(values).all(axis=0), values, np.nan)
    return found


def tables(
    name: str, steps: NDArray[np.int64], values: Mapping[tuple[float, str], Floats], shown: float
) -> dict[str, Rows]:
    """Return the two tables of `curves`; `shown` is the margin on screen."""
    every = [
        ({"penalty": PENALTIES[penalty][0], "margin": margin, "shown": margin == shown}, of_seeds)
        for (margin, penalty), of_seeds in values.items()
    ]
    means = [({"penalty": about["penalty"]}, mean_of_known(of_seeds)) for about, of_seeds in every if about["shown"]]
    return {name: over_seeds.seed_rows(steps, every), f"{name}_now": step_axis.dot_rows(steps, means)}


def curves(table: str, x: alt.X, y: alt.Y, *, legend: bool) -> list[alt.Chart]:
    """Return the curves of a table with their bands over seeds, the marker of the clock, and the dots on it.

    Solid: the margin on screen; dashed: the others.
    """
    hue = categories("penalty", dict(PENALTIES.values()), strokes(columns=3) if legend else None)
    rows = marks_of(table).transform_filter("isValid(datum.value)")
    dash = alt.StrokeDash("shown:N", scale=alt.Scale(domain=[True, False], range=[[1, 0], [3, 4]]), legend=None)
    lines = rows.mark_line(strokeWidth=2, clip=True)
    return [
        over_seeds.band(rows.transform_filter("datum.shown"), x, y, hue),
        lines.encode(x=x, y=y, color=hue, strokeDash=dash, detail="margin:N"),
        step_axis.marker(x),
        step_axis.dots(f"{table}_now", x, y, hue, "datum.penalty + ', '"),
    ]


def measured(title: str, name: str) -> alt.Y:
    """Return an axis from 0 to the param `most_` and the name."""
    axis = alt.Axis(tickCount=4, grid=False, **EXTENT)
    return alt.Y("value:Q", title=title, scale=between(0, f"most_{name}"), axis=axis)


def most(values: Mapping[tuple[float, str], Floats]) -> float:
    """Return the value of that param: a little above the largest number."""
    known = np.concatenate([of_seeds.ravel() for of_seeds in values.values()])
    return round(1.08 * float(np.nanmax(known, initial=1e-3)), 4)
