"""A network on a line: its function through the data above, the kinks it is made of below."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import neurons as swarm
from core.figure.figure import Chart, Figure, Rows, expr, moving, specification
from core.figure.marks import between, marks_of
from core.figure.neurons import Neurons, until_finite
from core.figure.palette import ACCENT, INK, MUTED, PAPER
from core.figure.rows import listed, over_frames, records, rounded, short
from core.studies.kinks.charts import gutters
from core.studies.kinks.charts.kink_panel import EXTENT, X, hairlines, jump_axis, kink_panel

FUNCTION_HEIGHT = 200
DASHES: Any = [[2, 3], [7, 3], [9, 3, 2, 3], [5, 2], [4, 2]]
REFERENCES: Any = [MUTED, "#D1495B", INK, "#3B8EC2", "#C99A00"]
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
        "points": records({"x": listed(points["x"]), "y": listed(points["y"])}),
        "function": records({"x": listed(grid), "v": rounded(output, decimals)}),
        **_reference_rows(references),
        "outside": swarm.outside_rows(over_frames(kinks, "position", steps), low, high, " outside"),
    }
    params = {**neurons.params, **gutters.edges(low, high), **heights, **jump_axis(neurons)}
    params["point_size"] = 130 if len(points) <= 12 else 45
    return Figure.of(chart(), {**tables, "neurons": neurons.table}, params)


@specification(padding=78, params=PARAMS)
def chart() -> Chart:
    """Return the chart, the same for every run; its data points are the table `points` in x and y."""
    both: alt.VConcatChart = alt.vconcat(_function_panel(), kink_panel(), spacing=8).resolve_scale(
        color="independent", strokeDash="independent"
    )
    return both


def _function_panel() -> Chart:
    x = alt.X("x:Q", title=None, scale=X, axis=alt.Axis(labels=False, ticks=False, grid=False))
    y = alt.Y("y:Q", title="f(x)", scale=between("f_min", "f_max", zero=False), axis=alt.Axis(**EXTENT))
    slots = list(range(len(REFERENCES)))
    colour = alt.Color("slot:N", scale=alt.Scale(domain=slots, range=REFERENCES), legend=None)
    dash = alt.StrokeDash("slot:N", scale=alt.Scale(domain=slots, range=DASHES), legend=None)
    references = (
        marks_of("references")
        .mark_line(strokeWidth=1.4, clip=True)
        .encode(x=x, y=y, order="x:Q", color=colour, strokeDash=dash)
    )
    # Names above the panel, two a row; a legend of nothing would leave the view without a size.
    names = (
        marks_of("reference_names")
        .mark_text(align="left", fontSize=11)
        .encode(
            x=alt.value(expr("4 + datum.slot % 2 * width / 2")),
            y=alt.value(expr("-8 - 14 * (datum.rows - 1 - floor(datum.slot / 2))")),
            text="name:N",
            color=colour,
        )
    )
    line = marks_of("function").transform_calculate(y=moving("v"))
    line = line.mark_line(strokeWidth=2.6, color=ACCENT, clip=True).encode(x=x, y=y, order="x:Q")
    look: dict[str, Any] = {"fill": PAPER, "stroke": INK, "strokeWidth": 2, "opacity": 1, "size": expr("point_size")}
    data = alt.Chart(alt.NamedData("points"), name="data_points").mark_point(filled=True, **look)
    data = data.encode(x=x, y=y, tooltip=[alt.Tooltip(f"{axis}:Q", format=".3f") for axis in "xy"])
    return alt.layer(hairlines(), references, names, line, data).properties(height=FUNCTION_HEIGHT)


def _reference_rows(references: pd.DataFrame) -> dict[str, Rows]:
    """Return the curves and their names; a name's slot is its colour and dash."""
    names = list(dict.fromkeys(references["name"]))
    slots = [names.index(name) for name in references["name"]]
    rows = (len(names) + 1) // 2
    return {
        "references": records({"slot": slots, "x": listed(references["x"]), "y": listed(references["y"])}),
        "reference_names": [{"slot": slot, "name": name, "rows": rows} for slot, name in enumerate(names)],
    }


def _heights(output: NDArray[np.float64], points: pd.DataFrame) -> dict[str, float]:
    """Return the ends of f: the data, the last f, and all but the wildest hundredth of what f passes through."""
    seen = output[np.isfinite(output)]
    last = output[np.isfinite(output[:, -1]), -1]
    wild = np.quantile(seen, [0.005, 0.995]) if seen.size else np.zeros(0)
    values = np.concatenate([points["y"].to_numpy(np.float64), last, wild])
    low, high = float(values.min()), float(values.max())
    room = 0.12 * (high - low) or 1.0
    return {"f_min": short(low - room), "f_max": short(high + room)}
