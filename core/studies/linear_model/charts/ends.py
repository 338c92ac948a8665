"""Where SGD on a linear model ends from three starts, over the ratio of dimensions to samples."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure.figure import FRAME, INK, MUTED, THEME, THOUSANDS, TWEEN, Figure, Rows, as_tables, expr, listed, moving
from core.figure.share_axis import HALF, half, share_axis
from core.studies.linear_model.charts.path import EXTENT
from core.studies.linear_model.charts.starts import RIM, STARTS, colour, mean, over_seeds

HEIGHT = 335
APART = 0.008
"""Dots of one ratio stand so far apart, as a share of the axis, in the order of their seeds; more than five, closer."""
TICKS = [1, 1.5, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000]


def figure(
    ends: pd.DataFrame, approximation: pd.DataFrame, path: pd.DataFrame, ratio: float, steps: NDArray[np.int64]
) -> Figure:
    """Return the figure of all seeds and ratios.

    Args:
        ends: d_over_n, start, seed, interpolator_accuracy.
        approximation: d_over_n, start, approximate_accuracy.
        path: start, seed, step, population_accuracy: of the model that is trained.
        ratio: its d / n.
        steps: the snapshots, (frame,).
    """
    low, high = (float(ends["d_over_n"].min()) / 1.15, float(ends["d_over_n"].max()) * 1.15)
    tables: dict[str, Rows] = {
        "ends": _end_rows(ends, np.log(high / low)),
        "curves": _curve_rows(approximation),
        "trained": [{"ratio": ratio, "text": f"trained: d/n = {ratio:g}", "align": _side(ratio, low, high)}],
        "sgd": _sgd_rows(path, ratio),
        "half": HALF,
    }
    return Figure(spec(), as_tables(tables), {"low": round(low, 4), "high": round(high, 4)})


@cache
def spec() -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart().to_dict()


def chart() -> alt.LayerChart | alt.FacetChart:
    """Return the chart, the same for every experiment."""
    scale = alt.Scale(type="log", domain=[expr("low"), expr("high")], nice=False)
    axis = alt.Axis(values=TICKS, labelExpr=THOUSANDS, grid=False)
    x = alt.X("ratio:Q", title="d/n, dimensions of noise over training points", scale=scale, axis=axis)
    y = share_axis("accuracy on new points", **EXTENT)
    curves = alt.Chart(alt.NamedData("curves")).mark_line(strokeWidth=2, clip=True)
    dots = alt.Chart(alt.NamedData("ends")).transform_calculate(
        said="'a = ' + datum.start + ', seed ' + datum.seed + ', d/n ' + format(datum.at, ',~r') + ': '"
        " + format(datum.value, '.3f')"
    )
    layers = [
        half(y),
        curves.encode(x=x, y=y, color=colour(legend=True), order="ratio:Q"),
        *_trained(x),
        dots.mark_circle(size=26, opacity=0.6, clip=True).encode(x=x, y=y, fill=colour(legend=False), tooltip="said:N"),
        _sgd(x, y),
    ]
    own = [alt.param(name=name, value=value) for name, value in (("low", 1.3), ("high", 58))]
    layered = alt.layer(*layers).add_params(FRAME, TWEEN, *THEME, *own)
    return layered.properties(height=HEIGHT, config=alt.Config(aria=False))


def _trained(x: alt.X) -> list[alt.Chart]:
    """Return the rule at the d / n that is trained, with its name."""
    trained = alt.Chart(alt.NamedData("trained"))
    words: dict[str, Any] = {"fontSize": 10, "color": expr(MUTED), "baseline": "bottom"}
    said = trained.encode(x=x, y=alt.value(-3), text="text:N")
    return [
        trained.mark_rule(color=expr(INK), strokeWidth=1.2).encode(x=x),
        said.transform_filter("datum.align == 'left'").mark_text(align="left", **words),
        said.transform_filter("datum.align == 'right'").mark_text(align="right", **words),
    ]


def _sgd(x: alt.X, y: alt.Y) -> alt.Chart:
    """Return the models in training at the clock, the mean over seeds."""
    now = alt.Chart(alt.NamedData("sgd")).transform_calculate(
        value=moving("v"), said="tween ? '' : 'SGD now, a = ' + datum.start + ', ' + format(datum.value, '.3f')"
    )
    dots: alt.Chart = now.mark_point(filled=True, **RIM | {"size": 90}).encode(
        x=x, y=y, fill=colour(legend=False), tooltip="said:N"
    )
    return dots


def _end_rows(ends: pd.DataFrame, span: float) -> Rows:
    seeds = sorted(ends["seed"].unique().tolist())
    middle, step = (len(seeds) - 1) / 2, APART * span / max(len(seeds) / 5, 1)
    shift = {seed: float(np.exp(step * (place - middle))) for place, seed in enumerate(seeds)}
    shown = ends[np.isfinite(ends["interpolator_accuracy"])]
    return [
        {
            "start": STARTS[row["start"]][0],
            "seed": int(row["seed"]),
            "at": row["d_over_n"],
            "ratio": round(row["d_over_n"] * shift[row["seed"]], 4),
            "value": round(row["interpolator_accuracy"], 4),
        }
        for row in shown.to_dict("records")
    ]


def _curve_rows(approximation: pd.DataFrame) -> Rows:
    names = [STARTS[start][0] for start in approximation["start"]]
    columns = (listed(approximation[name], 5) for name in ("d_over_n", "approximate_accuracy"))
    return [{"start": name, "ratio": ratio, "value": value} for name, ratio, value in zip(names, *columns, strict=True)]


def _sgd_rows(path: pd.DataFrame, ratio: float) -> Rows:
    values = over_seeds(path, "population_accuracy")
    return [{"start": name, "ratio": ratio, "v": listed(mean(of_seeds))} for name, of_seeds in values.items()]


def _side(ratio: float, low: float, high: float) -> str:
    return "right" if np.log(ratio / low) > 0.6 * np.log(high / low) else "left"
