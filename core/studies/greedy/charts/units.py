"""The loss that so many directions reach, along the training: greedy networks rest at every number of units."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, moving, specification
from core.figure.marks import between, dot, marks_of, on_screen
from core.figure.rows import listed, records, short
from core.studies.greedy.charts.methods import NAMES, colour, dashes

HEIGHT = 340


def figure(path: pd.DataFrame) -> Figure:
    """Return the figure.

    Args:
        path: seed, method, step, relative_loss, directions of networks of one size, one after the other.
    """
    rows: list[dict[str, object]] = []
    now: list[dict[str, object]] = []
    for (seed, method), own in path.groupby(["seed", "method"], sort=False):
        about = {"method": NAMES[str(method)], "seed": int(str(seed))}
        counts, losses = listed(own["directions"]), listed(own["relative_loss"])
        changed = [place for place, count in enumerate(counts) if place == 0 or count != counts[place - 1]]
        kept = sorted({*changed, *(place - 1 for place in changed if place), len(counts) - 1})
        columns = {"count": [counts[place] for place in kept], "value": [losses[place] for place in kept]}
        rows += [{**about, **row} for row in records(columns | {"order": kept}) if row["count"]]
        now.append({**about, "counts": [count or None for count in counts], "v": losses})
    tables: dict[str, Rows] = {"paths": rows, "now": now}
    most = float(np.nanmax(path["directions"].to_numpy(np.float64), initial=1.0))
    lowest = float(np.nanmin(path["relative_loss"].to_numpy(np.float64), initial=1.0))
    return Figure.of(chart(), tables, {"loss_low": short(0.7 * lowest), "count_high": short(1.6 * max(most, 4.0))})


@specification(height=HEIGHT, params={"loss_low": 0.02, "count_high": 100})
def chart() -> Chart:
    """Return the chart, the same for every experiment; both axes are logarithmic."""
    losses = alt.Axis(values=[1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001], format="~g", grid=False)
    counts = alt.Axis(values=[2**power for power in range(11)], grid=False)
    y = alt.Y("value:Q", title="loss / loss at f = 0", scale=between("loss_low", 1.15, type="log"), axis=losses)
    x = alt.X("count:Q", title="directions in use", scale=between(0.9, "count_high", type="log"), axis=counts)
    moves = marks_of("now").transform_filter("isValid(datum.v[frame]) && isValid(datum.counts[frame])")
    moves = moves.transform_calculate(count=moving("counts"), value=moving("v"))
    said = "datum.method + ', seed ' + datum.seed + ': ' + format(datum.value, '.3f')"
    moves = moves.transform_calculate(said=f"tween ? '' : {said} + ' with ' + datum.count")
    lines = marks_of("paths").mark_line(clip=True, strokeWidth=1.7, opacity=0.85)
    layers = [
        lines.encode(
            x=x, y=y, color=colour(legend=True), detail="seed:N", order="order:Q", strokeDash=dashes(legend=True)
        ),
        on_screen(dot(moves, size=70).encode(x=x, y=y, color=colour(legend=True), tooltip="said:N")),
    ]
    return alt.layer(*layers)
