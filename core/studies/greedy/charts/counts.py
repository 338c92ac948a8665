"""How many directions either way ends with, against the number of training points."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import between, dot, marks_of
from core.figure.palette import MUTED
from core.figure.rows import listed, records, short, side_by_side
from core.figure.step_axis import THOUSANDS
from core.studies.greedy.charts.methods import NAMES, colour, dashes

HEIGHT = 340
APART = 0.05
"""Dots of one size stand so far apart, as a share of ln n, in the order of their seeds."""


def figure(ends: pd.DataFrame, chosen: float) -> Figure:
    """Return the figure.

    Args:
        ends: n_train, seed, method, outcome, directions of every network.
        chosen: the size that is played.
    """
    known = ends[np.isfinite(ends["directions"].astype(float)) & (ends["directions"] > 0)]
    dots: list[dict[str, object]] = []
    means: list[dict[str, object]] = []
    for size, alike in known.groupby("n_train", sort=True):
        n, ordered = float(str(size)), alike.sort_values("method", ascending=False, kind="stable")
        columns = {"n": listed(n * side_by_side(len(ordered), APART)), "count": listed(ordered["directions"])}
        columns |= {name: ordered[name].tolist() for name in ("seed", "outcome")}
        columns["method"] = [NAMES[str(method)] for method in ordered["method"]]
        dots += [{"size": int(n), **row} for row in records(columns)]
        for method, own in ordered.groupby("method", sort=False):
            mean = short(float(np.exp(np.log(own["directions"]).mean())))
            means.append({"method": NAMES[str(method)], "n": n, "count": mean})
    most = max([4.0, *known["directions"].astype(float)])
    sizes = ends["n_train"].astype(float)
    params = {"n_low": short(sizes.min() / 1.35), "n_high": short(sizes.max() * 1.35), "count_high": short(1.6 * most)}
    tables: dict[str, Rows] = {"runs": dots, "means": means, "chosen": [{"n": chosen}]}
    return Figure.of(chart(), tables, params)


@specification(height=HEIGHT, params={"n_low": 10, "n_high": 1000, "count_high": 100})
def chart() -> Chart:
    """Return the chart, the same for every experiment; both axes are logarithmic."""
    sizes = alt.Axis(values=[10, 20, 50, 100, 200, 500, 1000, 2000], labelExpr=THOUSANDS, grid=False)
    x = alt.X("n:Q", title="training points P", scale=between("n_low", "n_high", type="log"), axis=sizes)
    counts = alt.Axis(values=[2**power for power in range(11)], grid=False, minExtent=24)
    y = alt.Y("count:Q", title="directions at the end", scale=between(0.9, "count_high", type="log"), axis=counts)
    said = "datum.method + ', ' + format(datum.size, ',') + ' points, seed ' + datum.seed + ': ' + datum.count"
    rows = marks_of("runs").transform_calculate(
        said=f"{said} + (datum.outcome == 'interpolated' ? '' : ', target loss not reached')"
    )
    shape = alt.when("datum.outcome == 'interpolated'").then(alt.value("circle")).otherwise(alt.value("cross"))
    layers = [
        marks_of("chosen").mark_rule(color=MUTED, strokeDash=[2, 3]).encode(x=x),
        marks_of("means")
        .mark_line(strokeWidth=1.6)
        .encode(x=x, y=y, color=colour(legend=True), order="n:Q", strokeDash=dashes(legend=True)),
        dot(rows).encode(x=x, y=y, color=colour(legend=True), shape=shape, tooltip="said:N"),
    ]
    return alt.layer(*layers)
