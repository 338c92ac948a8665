"""The plane of one's own runs over any two columns: means over seeds, marks of cells without one."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure import heat_map
from core.figure.figure import Chart, Figure, specification
from core.figure.marks import marks_of
from core.figure.measure import Measure
from core.figure.rows import listed, records, short
from core.studies.own_plane.charts.places import Place, borders, channel, is_log, spelled, titles

HEIGHT = 343
DECADES = 1e4
"""Logarithmic colours reach over so much at most."""
MARKS = ("few", "step_limit", "diverged", "unfinished")


def figure(cells: pd.DataFrame, names: tuple[str, str], chosen: Place) -> Figure:
    """Return the figure of a plane.

    Args:
        cells: x, y, runs, fitted, diverged, unfinished, outcome, mean, deviation; a row a cell.
        names: what the axes are called.
        chosen: x and y of the outlined cell.
    """
    across, up = map(spelled, names)
    logs = [is_log(cells[name].to_numpy(np.float64)) for name in ("x", "y", "mean")]
    kept = ("runs", "fitted", "diverged", "unfinished", "outcome")
    columns: dict[str, Any] = {name: cells[name].tolist() for name in kept}
    columns |= {f"at_{name}": cells[name].tolist() for name in ("x", "y")}
    columns |= {"v": listed(cells["mean"]), "spread": listed(cells["deviation"], 3)}
    for name, log in zip(("x", "y"), logs, strict=False):
        sides = borders(cells[name].to_numpy(np.float64), log=log)
        columns |= {name: [short(low, 6) for low, _ in sides], f"{name}2": [short(high, 6) for _, high in sides]}
    places = zip(cells["x"], cells["y"], strict=True)
    columns["said"] = [f"{across} = {x:.5g}, {up} = {y:.5g}" for x, y in places]
    rows = records(columns)
    frame = heat_map.framed(rows, {"at_x": chosen[0], "at_y": chosen[1]})
    ends = measure(logs[2]).ends(cells["mean"].to_numpy(np.float64), DECADES)
    params = heat_map.limits(heat_map.extent([heat_map.box(row) for row in rows]), ends)
    params |= {"x_title": across, "y_title": up}
    return Figure.of(chart(*logs), {"cells": rows, "chosen": frame}, params)


def measure(log: bool) -> Measure:
    """Return how the value is coloured."""
    return Measure("mean over seeds", "viridis", reverse=True, log=log, format="~g")


@specification(height=HEIGHT, params={**heat_map.PARAMS, "x_title": "x", "y_title": "y"})
def chart(x_log: bool, y_log: bool, value_log: bool) -> Chart:
    """Return the chart, one for each kind of axes and colours; the selection `cell` picks a cell."""
    edge = {"x": channel(alt.X, "x", "x", log=x_log), "y": channel(alt.Y, "y", "y", log=y_log)}
    edge |= {"x2": "x2:Q", "y2": "y2:Q"}
    pick = alt.selection_point(name="cell", fields=["at_x", "at_y"], on="click", toggle=False, clear=False)
    cells, said = heat_map.told(marks_of("cells")), _tooltip()
    layers = [
        heat_map.ground("cells", edge, pick),
        heat_map.coloured(cells, edge, heat_map.legend_of(measure(value_log), "v"), said),
        *heat_map.outcomes(cells, edge, said, *MARKS),
        *heat_map.chosen(),
        *titles("x_title", "y_title", HEIGHT),
    ]
    return alt.layer(*layers)


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("said:N", title="cell"),
        alt.Tooltip("v:Q", title="mean", format=",.4~g"),
        alt.Tooltip("spread:Q", title="deviation over seeds", format=",.3~g"),
        heat_map.ENDING,
        alt.Tooltip("fitted:Q", title="seeds fitted"),
        alt.Tooltip("diverged:Q", title="seeds diverged"),
        alt.Tooltip("unfinished:Q", title="seeds not fitted"),
    ]
