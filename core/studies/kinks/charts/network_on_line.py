"""A network on a line: its function through the data above, the kinks it is made of below."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import neurons as swarm
from core.figure.figure import (
    ACCENT,
    FRAME,
    INK,
    MUTED,
    PAPER,
    THEME,
    TWEEN,
    Figure,
    Rows,
    as_tables,
    expr,
    listed,
    moving,
    over_frames,
)
from core.figure.neurons import Neurons, rounded, until_finite
from core.studies.kinks.charts import gutters
from core.studies.kinks.charts.kink_panel import EXTENT, X, hairlines, jump_axis, kink_panel, outside_rows

FUNCTION_HEIGHT = 200
DASHES: Any = [[2, 3], [7, 3], [9, 3, 2, 3], [5, 2], [4, 2]]
REFERENCES: Any = [expr(MUTED), "#A05EB5", expr(INK), "#3B8EC2", "#C99A00"]
PARAMS: dict[str, float] = {
    **gutters.DEFAULTS,
    **swarm.DEFAULTS,
    "f_min": -1.0,
    "f_max": 1.0,
    "jump_max": 1.0,
    "jump_unit": 0.01,
    "tick": 0.1,
    "ticks": 3,
    "point_size": 130,
}


def figure(
    neurons: Neurons,
    kinks: pd.DataFrame,
    function: pd.DataFrame,
    points: pd.DataFrame,
    references: pd.DataFrame,
    steps: NDArray[np.int64],
) -> Figure:
    """Return the figure of one run at `steps`.

    Args:
        neurons: of the run; kinks: step, neuron, position, to count those outside of the axis.
        function: step, x, y, on one grid of x, which sets the axis; points: x, y, the data.
        references: name, x, y; may be empty.
    """
    function, kinks = until_finite(function, "y"), until_finite(kinks, "radius")
    output = over_frames(function, "y", steps)  # (x, frame)
    grid = function["x"].to_numpy()[: len(output)]
    low, high = float(grid[0]), float(grid[-1])
    heights = _heights(output, points)
    decimals = int(np.ceil(3 - np.log10(heights["f_max"] - heights["f_min"])))  # a thousandth of the axis
    tables: dict[str, Rows] = {
        "points": [{"x": x, "y": y} for x, y in zip(listed(points["x"]), listed(points["y"]), strict=True)],
        "function": [{"x": x, "v": v} for x, v in zip(listed(grid), rounded(output, decimals), strict=True)],
        **_reference_rows(references),
        "outside": outside_rows(over_frames(kinks, "position", steps), low, high),
    }
    params = {**neurons.params, **gutters.edges(low, high), **heights, **jump_axis(neurons)}
    params["point_size"] = 130 if len(points) <= 12 else 45
    return Figure(spec(), {**as_tables(tables), "neurons": neurons.table}, params)


@cache
def spec() -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart().to_dict()


def chart() -> alt.VConcatChart:
    """Return the chart, the same for every run; its data points are the table `points` in x and y."""
    own = [alt.param(name=name, value=value) for name, value in PARAMS.items()]
    both: alt.VConcatChart = alt.vconcat(_function_panel(), kink_panel(), spacing=8).resolve_scale(
        color="independent", strokeDash="independent"
    )
    both = both.add_params(FRAME, TWEEN, *THEME, *own)
    return both.properties(usermeta={"trainscope": {"padding": 78}}, config=alt.Config(aria=False))


def _function_panel() -> alt.LayerChart | alt.FacetChart:
    x = alt.X("x:Q", title=None, scale=X, axis=alt.Axis(labels=False, ticks=False, grid=False))
    y = alt.Y(
        "y:Q",
        title="f(x)",
        scale=alt.Scale(domain=[expr("f_min"), expr("f_max")], nice=False, zero=False),
        axis=alt.Axis(**EXTENT),
    )
    slots = list(range(len(REFERENCES)))
    colour = alt.Color("slot:N", scale=alt.Scale(domain=slots, range=REFERENCES), legend=None)
    dash = alt.StrokeDash("slot:N", scale=alt.Scale(domain=slots, range=DASHES), legend=None)
    references = (
        alt.Chart(alt.NamedData("references"))
        .mark_line(strokeWidth=1.4, clip=True)
        .encode(x=x, y=y, order="x:Q", color=colour, strokeDash=dash)
    )
    # Names above the panel, two a row; a legend of nothing would leave the view without a size.
    names = (
        alt.Chart(alt.NamedData("reference_names"))
        .mark_text(align="left", fontSize=11)
        .encode(
            x=alt.value(expr("4 + datum.slot % 2 * width / 2")),
            y=alt.value(expr("-8 - 14 * (datum.rows - 1 - floor(datum.slot / 2))")),
            text="name:N",
            color=colour,
        )
    )
    line = (
        alt.Chart(alt.NamedData("function"))
        .transform_calculate(y=moving("v"))
        .mark_line(strokeWidth=2.6, color=ACCENT, clip=True)
        .encode(x=x, y=y, order="x:Q")
    )
    data = (
        alt.Chart(alt.NamedData("points"), name="data_points")
        .mark_point(filled=True, fill=expr(PAPER), stroke=expr(INK), strokeWidth=2, opacity=1, size=expr("point_size"))
        .encode(x=x, y=y, tooltip=[alt.Tooltip("x:Q", format=".3f"), alt.Tooltip("y:Q", format=".3f")])
    )
    return alt.layer(hairlines(), references, names, line, data).properties(height=FUNCTION_HEIGHT)


def _reference_rows(references: pd.DataFrame) -> dict[str, Rows]:
    """Return the curves and their names; a name's slot is its colour and dash."""
    names = list(dict.fromkeys(references["name"]))
    columns = (references["name"], listed(references["x"]), listed(references["y"]))
    return {
        "references": [{"slot": names.index(name), "x": x, "y": y} for name, x, y in zip(*columns, strict=True)],
        "reference_names": [
            {"slot": slot, "name": name, "rows": (len(names) + 1) // 2} for slot, name in enumerate(names)
        ],
    }


def _heights(output: NDArray[np.float64], points: pd.DataFrame) -> dict[str, float]:
    """Return the ends of f: the data, the last f, and all but the wildest hundredth of what f passes through."""
    seen = output[np.isfinite(output)]
    last = output[np.isfinite(output[:, -1]), -1]
    wild = np.quantile(seen, [0.005, 0.995]) if seen.size else np.zeros(0)
    values = np.concatenate([points["y"].to_numpy(np.float64), last, wild])
    low, high = float(values.min()), float(values.max())
    room = 0.12 * (high - low) or 1.0
    return {"f_min": float(f"{low - room:.4g}"), "f_max": float(f"{high + room:.4g}")}
