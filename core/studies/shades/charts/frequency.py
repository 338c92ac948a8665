"""Digits with a shade: how many test images are right, over how often the shade agrees with the class in training."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import (
    ACCENT,
    FRAME,
    NEGATIVE,
    PAPER,
    POSITIVE,
    THEME,
    TWEEN,
    Figure,
    Rows,
    as_tables,
    expr,
    listed,
    moving,
)
from core.figure.share_axis import HALF, half, share_axis

HEIGHT = 300
ACCURACY = "accuracy on test images"
CONDITIONS = {
    "same": ("as in training", ACCENT),
    "neutral": ("no shade", NEGATIVE),
    "reversed": ("the other way", POSITIVE),
}
"""Shade of the test images: name, colour."""
PENALTIES = {"none": "plain", "spectral_decoupling": "spectral decoupling"}
SHAPE = expr("datum.penalty == 'plain' ? 'circle' : 'diamond'")
"""Not a channel: its legend would be merged with that of the dashes."""

Floats = np.ndarray[Any, np.dtype[np.float64]]


def figure(path: pd.DataFrame) -> Figure:
    """Return the figure; `path` has penalty, p, seed, step and the accuracies, in that order of rows."""
    frames = path["step"].nunique()
    found = {
        (penalty, p): {name: rows[f"{name}_accuracy"].to_numpy().reshape(-1, frames) for name in CONDITIONS}
        for (penalty, p), rows in path.groupby(["penalty", "p"], sort=False)
    }
    tables: dict[str, Rows] = {"means": _mean_rows(found), "seeds": _seed_rows(found), "half": HALF}
    return Figure(spec(), as_tables(tables), {})


@cache
def spec() -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart().to_dict()


def chart() -> alt.LayerChart | alt.FacetChart:
    """Return the chart, the same for every experiment."""
    axis = alt.Axis(labelAngle=0, grid=False)
    x = alt.X("p:O", title="p, share of training images with the shade of their class", axis=axis)
    y = share_axis(ACCURACY)
    means = alt.Chart(alt.NamedData("means")).transform_calculate(
        value=moving("v"),
        said="tween ? '' : datum.penalty + ', shade ' + datum.shade + ', p = ' + datum.p + ': '"
        " + format(datum.value, '.3f')",
    )
    seeds = alt.Chart(alt.NamedData("seeds")).transform_calculate(value=moving("v"))
    layers = [
        half(y),
        means.mark_line(strokeWidth=2).encode(x=x, y=y, color=colour(legend=True), strokeDash=dash(legend=True)),
        seeds.mark_point(filled=True, shape=SHAPE, size=16, opacity=0.5).encode(x=x, y=y, fill=colour(legend=False)),
        means.mark_point(filled=True, shape=SHAPE, size=70, stroke=expr(PAPER), strokeWidth=1.2, opacity=1).encode(
            x=x, y=y, fill=colour(legend=False), tooltip="said:N"
        ),
    ]
    layered = alt.layer(*layers).add_params(FRAME, TWEEN, *THEME)
    return layered.properties(height=HEIGHT, config=alt.Config(aria=False))


def colour(*, legend: bool) -> alt.Color:
    """Return the colour of a shade of test images."""
    names, colours = zip(*CONDITIONS.values(), strict=True)
    scale = alt.Scale(domain=list(names), range=list(colours))
    shown = alt.Legend(
        title="shade of test images", orient="bottom", symbolType="stroke", symbolStrokeWidth=2.5, symbolOpacity=1
    )
    return alt.Color("shade:N", scale=scale, legend=shown if legend else None)


def dash(*, legend: bool) -> alt.StrokeDash:
    """Return the dash of a penalty."""
    scale = alt.Scale(domain=list(PENALTIES.values()), range=[[1, 0], [5, 4]])
    shown = alt.Legend(title="training", orient="bottom", symbolType="stroke", symbolStrokeWidth=2, symbolOpacity=1)
    return alt.StrokeDash("penalty:N", scale=scale, legend=shown if legend else None)


def mean(values: Floats) -> Floats:
    """Return the mean over the seeds that are numbers, (frame,); NaN where there is none."""
    known = np.isfinite(values)
    count = known.sum(axis=0)
    return np.where(count > 0, np.where(known, values, 0).sum(axis=0) / np.maximum(count, 1), np.nan)


def _mean_rows(found: dict[Any, dict[str, Floats]]) -> Rows:
    return [
        {"penalty": PENALTIES[penalty], "p": f"{p:g}", "shade": name, "v": listed(mean(values[condition]))}
        for (penalty, p), values in found.items()
        for condition, (name, _) in CONDITIONS.items()
    ]


def _seed_rows(found: dict[Any, dict[str, Floats]]) -> Rows:
    return [
        {"penalty": PENALTIES[penalty], "p": f"{p:g}", "shade": name, "v": listed(one)}
        for (penalty, p), values in found.items()
        for condition, (name, _) in CONDITIONS.items()
        for one in values[condition]
    ]
