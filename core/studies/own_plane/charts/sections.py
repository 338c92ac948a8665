"""Cross-sections of a plane of one's own runs, one along each axis: a line for each value of the other one.

Bands are one standard deviation over seeds; the line through the chosen cell stands out, on top of the others.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, expr, specification
from core.figure.marks import between, marks_of, stacked
from core.figure.palette import INK, PAPER
from core.figure.rows import listed, records, short
from core.studies.own_plane.charts.places import Floats, Place, channel, is_log, placed, spelled, titles

HEIGHT = 165
PARAMS: dict[str, float | str] = {"v_min": 0.01, "v_max": 1.0, "v_title": "value"}
PARAMS |= {f"{axis}_{end}": at for axis in "xy" for end, at in (("min", 0.0), ("max", 1.0))}
PARAMS |= {f"{axis}_{what}": "" for axis in "xy" for what in ("title", "held")}


def figure(cells: pd.DataFrame, names: tuple[str, str, str], chosen: Place) -> Figure:
    """Return the figure of both sections.

    Args:
        cells: x, y, mean, deviation; a row a cell.
        names: what the axes and the value are called; chosen: x and y of the chosen cell.
    """
    told = tuple(map(spelled, names))
    mean, spread = (cells[name].to_numpy(np.float64) for name in ("mean", "deviation"))
    log = {name: is_log(cells[name].to_numpy(np.float64)) for name in ("x", "y", "mean")}
    least = float(np.nanmin(np.where(mean > 0, mean, np.nan), initial=np.inf)) / 2 if log["mean"] else -np.inf
    low, high = np.maximum(mean - np.nan_to_num(spread), least), mean + np.nan_to_num(spread)
    low, high = (placed(ends, log=log["mean"]) for ends in (low, high))
    bare = not np.isfinite(mean).any()
    ends = (0.0, 1.0) if bare else (float(np.nanmin(low)), float(np.nanmax(high)))
    room = 0.06 * ((ends[1] - ends[0]) or abs(ends[0]) or 1.0)
    params: dict[str, float | str] = {"v_min": short(ends[0] - room, 5), "v_max": short(ends[1] + room, 5)}
    params |= {"v_title": told[2]}
    tables: dict[str, Rows] = {}
    for axis, other in (("x", "y"), ("y", "x")):
        at = placed(cells[axis].to_numpy(np.float64), log=log[axis])
        shade = _shares(placed(cells[other].to_numpy(np.float64), log=log[other]))
        known = np.isfinite(mean)
        columns = {
            "p": listed(at[known], 6),
            "v": listed(placed(mean, log=log["mean"])[known], 5),
            "low": listed(low[known], 5),
            "high": listed(high[known], 5),
            "s": listed(shade[known]),
            "mine": (cells[other] == chosen[axis == "x"])[known].tolist(),
            "said": [f"{told[axis == 'x']} = {value:,.4g}" for value in cells[other][known]],
        }
        tables[f"along_{axis}"] = records(columns)
        gap = 0.03 * (at.max() - at.min())
        index = "xy".index(axis)
        params |= {f"{axis}_min": short(at.min() - gap, 6), f"{axis}_max": short(at.max() + gap, 6)}
        params |= {f"{axis}_title": told[index], f"{axis}_held": f"at {told[1 - index]} = {chosen[1 - index]:,.4g}"}
    return Figure.of(chart(log["x"], log["y"], log["mean"]), tables, params)


def _shares(places: Floats) -> Floats:
    return np.asarray((places - places.min()) / np.ptp(places))


@specification(padding=74, params=PARAMS)
def chart(x_log: bool, y_log: bool, value_log: bool) -> Chart:
    """Return the chart, one for each kind of axes."""
    panels = (_section(axis, log, value_log) for axis, log in (("x", x_log), ("y", y_log)))
    return stacked(*panels, spacing=40, shape="independent")


def _section(axis: str, log: bool, value_log: bool) -> Chart:
    """Return the lines along one axis."""
    x, y = channel(alt.X, "p", axis, log=log), channel(alt.Y, "v", "v", log=value_log)
    rows, said = marks_of(f"along_{axis}"), [alt.Tooltip("said:N", title="line")]
    mine = rows.transform_filter("datum.mine")
    scale = alt.Scale(scheme=alt.SchemeParams(name="viridis", extent=[0.2, 0.95]), domain=[0, 1], nice=False)
    colour, line = alt.Color("s:Q", scale=scale, legend=None), {"detail": "s:N", "order": "p:Q"}
    up: dict[str, Any] = {"y": alt.Y("low:Q", title=" ", scale=between("v_min", "v_max", zero=False)), "y2": "high:Q"}
    words = alt.Chart(alt.sequence(1)).mark_text(
        align="left", baseline="bottom", fontSize=11, fontWeight="bold", color=INK, text=expr(f"{axis}_held")
    )
    layers = [
        rows.mark_area(opacity=0.16, clip=True).encode(x=x, **up, color=colour, detail="s:N"),
        rows.mark_line(strokeWidth=1.4, opacity=0.75, clip=True).encode(x=x, y=y, color=colour, tooltip=said, **line),
        mine.mark_line(strokeWidth=3, color=INK, clip=True).encode(x=x, y=y, order="p:Q"),
        rows.mark_point(filled=True, size=18, opacity=1, stroke=PAPER, strokeWidth=0.5, clip=True).encode(
            x=x, y=y, color=colour, tooltip=said
        ),
        words.encode(x=alt.value(0), y=alt.value(-5)),
        *titles(f"{axis}_title", "v_title", HEIGHT),
    ]
    return alt.layer(*layers).properties(height=HEIGHT)
