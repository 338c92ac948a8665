"""Where SGD on a linear model ends from three starts, over the ratio of dimensions to samples."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.marks import between, dot, marks_of, moment
from core.figure.palette import INK
from core.figure.rows import listed, mean_of_known, records, side_by_side
from core.figure.share_axis import chance, share_axis
from core.figure.step_axis import THOUSANDS
from core.studies.linear_model.charts.path import EXTENT
from core.studies.linear_model.charts.starts import STARTS, by_start, colour

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
    late = np.log(ratio / low) > 0.6 * np.log(high / low)
    tables: dict[str, Rows] = {
        "ends": _end_rows(ends, np.log(high / low)),
        "curves": _curve_rows(approximation),
        "trained": [{"ratio": ratio, "text": f"trained: d/n = {ratio:g}", "align": "right" if late else "left"}],
        "sgd": [
            {**about, "ratio": ratio, "v": listed(mean_of_known(of_seeds))}
            for about, of_seeds in by_start(path, "population_accuracy")
        ],
    }
    return Figure.of(chart(), tables, {"low": round(low, 4), "high": round(high, 4)})


@specification(height=HEIGHT, params={"low": 1.3, "high": 58})
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    axis = alt.Axis(values=TICKS, labelExpr=THOUSANDS, grid=False)
    scale, title = between("low", "high", type="log"), "d/n, dimensions of noise over training points"
    x, y = alt.X("ratio:Q", title=title, scale=scale, axis=axis), share_axis("accuracy on new points", **EXTENT)
    hue = colour(legend=True)
    dots = marks_of("ends").transform_calculate(
        said="'a = ' + datum.start + ', seed ' + datum.seed + ', d/n ' + format(datum.at, ',~r') + ': '"
        " + format(datum.value, '.3f')"
    )
    now = marks_of("sgd").transform_calculate(
        value=moving("v"), said="tween ? '' : 'SGD now, a = ' + datum.start + ', ' + format(datum.value, '.3f')"
    )
    layers = [
        chance(y),
        marks_of("curves").mark_line(strokeWidth=2, clip=True).encode(x=x, y=y, color=hue, order="ratio:Q"),
        *moment(marks_of("trained"), x, alt.value(-3), INK, strokeWidth=1.2),
        dots.mark_circle(size=26, opacity=0.6, clip=True).encode(x=x, y=y, color=hue, tooltip="said:N"),
        dot(now, size=90, clip=False).encode(x=x, y=y, color=hue, tooltip="said:N"),
    ]
    return alt.layer(*layers)


def _end_rows(ends: pd.DataFrame, span: float) -> Rows:
    seeds = sorted(ends["seed"].unique().tolist())
    shift = dict(zip(seeds, side_by_side(len(seeds), APART * span / max(len(seeds) / 5, 1)).tolist(), strict=True))
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
    ratio, value = (listed(approximation[name], 5) for name in ("d_over_n", "approximate_accuracy"))
    return records({"start": [STARTS[start][0] for start in approximation["start"]], "ratio": ratio, "value": value})
