"""What the charts of the linear model share: a colour and a name for each start, and curves over seeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure.figure import ACCENT, NEGATIVE, PAPER, POSITIVE, Rows, expr, listed

STARTS: Mapping[float, tuple[str, str]] = {
    1.0: ("1: simple", POSITIVE),
    0.0: ("0: nothing", ACCENT),
    -1.0: ("−1: opposite", NEGATIVE),
}
"""Start: name, colour."""

RIM: dict[str, Any] = {"size": 60, "stroke": expr(PAPER), "strokeWidth": 1.2, "opacity": 1}
"""How the dots at the clock look."""

Floats = NDArray[np.float64]


def colour(*, legend: bool) -> alt.Color:
    """Return the colour of a start, by its name; with a legend under the chart if asked for."""
    shown = alt.Legend(
        title="start a of w = (a, 0, …, 0)",
        orient="bottom",
        columns=3,
        symbolType="stroke",
        symbolStrokeWidth=2.5,
        symbolOpacity=1,
    )
    names, colours = zip(*STARTS.values(), strict=True)
    scale = alt.Scale(domain=list(names), range=list(colours))
    return alt.Color("start:N", scale=scale, legend=shown if legend else None)


def over_seeds(path: pd.DataFrame, column: str) -> dict[str, Floats]:
    """Return by the name of each start a column as (seed, snapshot), from rows by start, then seed, then step."""
    found = {}
    for start, (name, _) in STARTS.items():
        mine = path[path["start"] == start]
        found[name] = mine[column].to_numpy(np.float64).reshape(mine["seed"].nunique(), -1)
    return found


def curve_rows(steps: NDArray[np.int64], values: Mapping[str, Floats]) -> Rows:
    """Return a row a start and snapshot: the mean over the seeds that are numbers, the least and the greatest."""
    return [
        {"start": name, "step": step, "value": value, "low": low, "high": high}
        for name, of_seeds in values.items()
        for step, value, low, high in zip(
            steps.tolist(),
            listed(mean(of_seeds)),
            listed(np.min(_known(of_seeds, np.inf), axis=0)),
            listed(np.max(_known(of_seeds, -np.inf), axis=0)),
            strict=True,
        )
    ]


def moving_rows(steps: NDArray[np.int64], values: Mapping[str, Floats]) -> Rows:
    """Return a row a start for the dots at the clock: `steps` and the mean over seeds, `v`, (snapshot,) each."""
    return [{"start": name, "steps": steps.tolist(), "v": listed(mean(of_seeds))} for name, of_seeds in values.items()]


def mean(of_seeds: Floats) -> Floats:
    """Return the mean over the seeds that are numbers, (snapshot,); NaN where none is."""
    known = np.isfinite(of_seeds)
    count = known.sum(axis=0)
    total = np.where(known, of_seeds, 0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _known(of_seeds: Floats, otherwise: float) -> Floats:
    return np.where(np.isfinite(of_seeds), of_seeds, otherwise)
