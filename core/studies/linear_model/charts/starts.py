"""What the charts of the linear model share: a colour and a name for each start, and curves over seeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import altair as alt
import numpy as np
import pandas as pd

from core.figure import over_seeds, step_axis
from core.figure.figure import Rows
from core.figure.marks import marks_of
from core.figure.palette import ACCENT, NEGATIVE, POSITIVE, categories, strokes
from core.figure.rows import Floats, mean_of_known
from core.figure.step_axis import Steps

STARTS: Mapping[float, tuple[str, str]] = {
    1.0: ("1: simple", POSITIVE),
    0.0: ("0: nothing", ACCENT),
    -1.0: ("−1: opposite", NEGATIVE),
}
"""Start: name, colour."""


def colour(*, legend: bool) -> alt.Color:
    """Return the colour of a start, by its name; with a legend under the chart if asked for."""
    shown = strokes("start a of w = (a, 0, …, 0)", columns=3) if legend else None
    return categories("start", dict(STARTS.values()), shown)


def by_start(path: pd.DataFrame, column: str) -> list[tuple[dict[str, str], Floats]]:
    """Return for each start its name and a column as (seed, snapshot), from rows by start, then seed, then step."""
    found = []
    for start, (name, _) in STARTS.items():
        mine = path[path["start"] == start]
        values = mine[column].to_numpy(np.float64).reshape(mine["seed"].nunique(), -1)
        found.append(({"start": name}, values))
    return found


def tables(name: str, steps: Steps, curves: Iterable[tuple[Mapping[str, str], Floats]]) -> dict[str, Rows]:
    """Return the two tables of `curves`, of the values of every start."""
    found = list(curves)
    means = [(about, mean_of_known(of_seeds)) for about, of_seeds in found]
    return {name: over_seeds.seed_rows(steps, found), f"{name}_now": step_axis.dot_rows(steps, means)}


def curves(table: str, x: alt.X, y: alt.Y, *, legend: bool) -> list[alt.Chart]:
    """Return the curves of a table with their bands over seeds, the marker of the clock, and the dots on it."""
    rows, hue = marks_of(table), colour(legend=legend)
    return [
        over_seeds.band(rows, x, y, hue),
        rows.mark_line(strokeWidth=2, clip=True).encode(x=x, y=y, color=hue),
        step_axis.marker(x),
        step_axis.dots(f"{table}_now", x, y, hue, "'a = ' + datum.start + ', '"),
    ]
