"""The test error against the norm of the weights, one curve an initialization scale."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from core.figure import graded
from core.figure.figure import Chart, Figure, moving, specification
from core.figure.graded import marked, range_of, settings_of
from core.figure.marks import between, dot, marks_of, on_screen
from core.figure.rows import listed, records, short
from core.figure.share_axis import share_axis

HEIGHT = 340


def figure(path: pd.DataFrame, chosen: float) -> Figure:
    """Return the figure.

    Args:
        path: scale, step, weight_norm, test_error, one network after the other.
        chosen: the scale that is marked.
    """
    columns = {name: path[name].tolist() for name in ("scale", "step")}
    columns |= {"marked": (path["scale"] == chosen).tolist(), "norm": listed(path["weight_norm"])}
    rows = [row for row in records(columns | {"value": listed(path["test_error"])}) if row["norm"] is not None]
    now = [
        {"scale": scale, "norms": listed(own["weight_norm"]), "v": listed(own["test_error"])}
        for scale, own in path.groupby("scale", sort=True)
    ]
    known = path["weight_norm"].to_numpy(np.float64)
    known = known[np.isfinite(known)]
    params = {"low": short(0.85 * float(known.min()), 3), "high": short(1.2 * float(known.max()), 3)}
    tables = {"norms": rows, "now": now}
    return Figure.of(chart(settings_of(path, "scale")), tables, params | range_of(path["scale"].tolist()))


@specification(height=HEIGHT, params={"low": 10, "high": 100, "least": 1, "most": 8})
def chart(scales: tuple[float, ...]) -> Chart:
    """Return the chart, the same for every experiment with these scales."""
    axis = alt.Axis(values=[5, 10, 15, 20, 30, 50, 70, 100, 200, 400], format="~g", grid=False, labelOverlap="greedy")
    x = alt.X("norm:Q", title="norm of the weights", scale=between("low", "high", type="log"), axis=axis)
    y, hue = share_axis("test error"), graded.colour("scale", "initialization scale", scales, legend=True)
    moves = marks_of("now").transform_filter("isValid(datum.v[frame])")
    moves = moves.transform_calculate(norm=moving("norms"), value=moving("v"))
    moves = moves.transform_calculate(said="tween ? '' : 'scale = ' + datum.scale + ': ' + format(datum.value, '.3f')")
    rows = marks_of("norms").transform_calculate(said="'scale = ' + datum.scale")
    layers = [
        rows.mark_line(clip=True, opacity=0.9).encode(
            x=x, y=y, color=hue, detail="scale:N", order="step:Q", strokeWidth=marked(1.1, 2.8), tooltip="said:N"
        ),
        on_screen(dot(moves, size=75).encode(x=x, y=y, color=hue, tooltip="said:N")),
    ]
    return alt.layer(*layers)
