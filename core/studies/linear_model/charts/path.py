"""A linear model on its way from three starts: what it is worth on new points, and how it fits the noisy labels."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import step_axis
from core.figure.figure import FRAME, THEME, TWEEN, Figure, Rows, as_tables, moving
from core.figure.share_axis import HALF, half, share_axis
from core.studies.linear_model.charts.starts import RIM, STARTS, colour, curve_rows, moving_rows, over_seeds

POPULATION_HEIGHT, TRAIN_HEIGHT = 215, 105
EXTENT: dict[str, Any] = {"minExtent": 34, "maxExtent": 34}
"""Room for the labels of both y axes, so that the panels stand above each other."""


def figure(path: pd.DataFrame, ends: pd.DataFrame, steps: NDArray[np.int64]) -> Figure:
    """Return the figure of all seeds.

    Args:
        path: start, seed, step, population_accuracy, train_accuracy.
        ends: start, interpolator_accuracy: of the d / n that is trained.
        steps: the snapshots, (frame,).
    """
    population, train = (over_seeds(path, name) for name in ("population_accuracy", "train_accuracy"))
    tables: dict[str, Rows] = {
        "population": curve_rows(steps, population),
        "population_now": moving_rows(steps, population),
        "train": curve_rows(steps, train),
        "train_now": moving_rows(steps, train),
        "ends": _end_rows(ends),
        "half": HALF,
        "now": step_axis.now_rows(steps),
    }
    return Figure(spec(), as_tables(tables), {"last_step": int(steps[-1])})


@cache
def spec() -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart().to_dict()


def chart() -> alt.VConcatChart:
    """Return the chart, the same for every run; scales named concat_0_x and concat_1_x."""
    both: alt.VConcatChart = alt.vconcat(_population(), _train(), spacing=10).resolve_scale(color="independent")
    both = both.add_params(FRAME, TWEEN, *THEME, step_axis.last_step())
    return both.properties(usermeta={"trainscope": {"padding": 66}}, config=alt.Config(aria=False))


def _population() -> alt.LayerChart | alt.FacetChart:
    x, y = step_axis.step_axis(title=None), share_axis("accuracy on new points", **EXTENT)
    levels = alt.Chart(alt.NamedData("ends")).mark_rule(strokeDash=[5, 4], strokeWidth=1.2, opacity=0.8)
    rules = levels.encode(y=y, color=colour(legend=False))
    return alt.layer(half(y), rules, *curves("population", x, y, legend=False)).properties(height=POPULATION_HEIGHT)


def _train() -> alt.LayerChart | alt.FacetChart:
    x, y = step_axis.step_axis(title="SGD step"), share_axis("on training points", 3, **EXTENT)
    return alt.layer(*curves("train", x, y, legend=True)).properties(height=TRAIN_HEIGHT)


def curves(table: str, x: alt.X, y: alt.Y, *, legend: bool) -> list[alt.Chart]:
    """Return the curves of a table with their bands over seeds, the marker of the clock, and the dots on it."""
    rows, hue = alt.Chart(alt.NamedData(table)), colour(legend=legend)
    band = (
        rows.transform_calculate(value="datum.low")
        .mark_area(opacity=0.16, clip=True)
        .encode(x=x, y=y, y2="high:Q", color=hue)
    )
    dots = alt.Chart(alt.NamedData(f"{table}_now")).transform_calculate(
        step=moving("steps"),
        value=moving("v"),
        said="tween ? '' : 'a = ' + datum.start + ', ' + format(datum.value, '.3f')",
    )
    return [
        band,
        rows.mark_line(strokeWidth=2, clip=True).encode(x=x, y=y, color=hue),
        step_axis.marker(x),
        dots.mark_point(filled=True, clip=True, **RIM).encode(x=x, y=y, fill=colour(legend=False), tooltip="said:N"),
    ]


def _end_rows(ends: pd.DataFrame) -> Rows:
    return [
        {"start": name, "value": round(float(ends["interpolator_accuracy"][ends["start"] == start].mean()), 4)}
        for start, (name, _) in STARTS.items()
    ]
