"""How far the decision boundary of every variant is from a straight line: all seeds, and their mean with its error."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import between, dot, marks_of, stacked
from core.figure.palette import ACCENT, INK, MUTED
from core.figure.rows import listed
from core.studies.boundaries.experiment import VARIANTS

HEIGHT = 300
EXTENT = 112
"""Pixels for the names of the variants."""


def figure(variants: pd.DataFrame, bending: pd.DataFrame) -> Figure:
    """Return the figure.

    Args:
        variants: variant, seed, step, residual, in that order.
        bending: variant, step, residual, residual_error, in that order.
    """
    seeds: Rows = [
        {"title": VARIANTS[str(variant)], "v": listed(rows["residual"])}
        for (variant, _), rows in variants.groupby(["variant", "seed"], sort=False)
    ]
    means: Rows = [
        {
            "title": VARIANTS[str(variant)],
            "v": listed(rows["residual"]),
            "low": listed(rows["residual"] - rows["residual_error"].fillna(0)),
            "high": listed(rows["residual"] + rows["residual_error"].fillna(0)),
        }
        for variant, rows in bending.groupby("variant", sort=False)
    ]
    ends = (variants["residual"], bending["residual"] + bending["residual_error"].fillna(0))
    most = max(float(np.nanmax(of.to_numpy(np.float64), initial=1e-3)) for of in ends)
    return Figure.of(chart(), {"seeds": seeds, "means": means}, {"most": round(1.05 * most, 4)})


@specification(padding=EXTENT + 22, params={"most": 0.2})
def chart() -> Chart:
    """Return the chart, the same for every experiment."""
    names = alt.Axis(grid=True, labelLimit=EXTENT, minExtent=EXTENT, maxExtent=EXTENT)
    y = alt.Y("title:N", title=None, scale=alt.Scale(domain=list(VARIANTS.values())), axis=names)
    axis, scale = alt.Axis(tickCount=5, grid=False), between(0, "most")
    x = alt.X("value:Q", title="residual from the best straight line", axis=axis, scale=scale)
    seeds, means = (
        marks_of(name).transform_filter("isValid(datum.v[frame])").transform_calculate(value="datum.v[frame]")
        for name in ("seeds", "means")
    )
    spans = means.transform_calculate(value="datum.low[frame]", top="datum.high[frame]")
    told = means.transform_calculate(said="tween ? '' : datum.title + ', ' + format(datum.value, '.3f')")
    panel = alt.layer(
        seeds.mark_point(filled=True, size=18, color=MUTED, opacity=0.8, clip=True).encode(x=x, y=y),
        spans.mark_rule(strokeWidth=2, color=INK, clip=True).encode(x=x, x2="top:Q", y=y),
        dot(told, color=ACCENT).encode(x=x, y=y, tooltip="said:N"),
    )
    return stacked(panel.properties(height=HEIGHT))
