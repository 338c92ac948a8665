"""The (alpha, learning rate) plane: every run as a cell, and where theory puts its borders."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure import heat_map
from core.figure.figure import Chart, Figure, Rows, expr, specification
from core.figure.marks import marks_of, rimmed
from core.figure.palette import INK, PAPER
from core.figure.powers import power, powers
from core.figure.rows import listed, records
from core.studies.rate_plane.experiment import STABLE
from core.studies.rate_plane.measures import MEASURES
from core.studies.rate_plane.tables import REGIMES

HEIGHT = 380
DECADES = 1e4
"""Logarithmic colours reach over so much at most."""
NAMED = {regime: regime.replace("edge of stability", "edge") for regime in REGIMES}
AROUND_2 = (0.0, 4.0)
"""The ends of the colours of eta S: the middle is the edge of stability."""
SAID = ("learning_rate", "steps", "late_eta_sharpness", "sharpness_ratio", "spike_ratio", "test_error")


def figure(cells: pd.DataFrame, sharpening: pd.DataFrame, measure: str, chosen: tuple[float, float]) -> Figure:
    """Return the figure.

    Args:
        cells: the table `rate_plane`; sharpening: alpha, onset_c, predicted_onset_c.
        measure: a key of MEASURES; chosen: alpha and c of the run that plays.
    """
    values = cells[measure].to_numpy(np.float64)
    if measure == "steps":
        values = np.where(cells["outcome"] == "fitted", values, np.nan)
    columns: dict[str, Any] = {name: cells[name].tolist() for name in ("alpha", "c", "outcome", "regime")}
    columns |= {name: listed(cells[name]) for name in SAID} | {"v": listed(values, 3)}
    rows = records(columns | heat_map.edges(cells, "alpha", "c"))
    frame = heat_map.framed(rows, {"alpha": chosen[0], "c": chosen[1]})
    boxes = [heat_map.box(row) for row in rows]
    edges = heat_map.extent(boxes)
    lines = _lines(sharpening, edges)
    taken = [heat_map.box(row) for row in frame]
    words = heat_map.name_rows(_line_names(lines, edges), edges, taken)
    taken += [_box(row, edges) for row in words]
    places = [(NAMED[name], found) for name, found in heat_map.region_places(list(cells["regime"]), boxes, REGIMES)]
    tables: dict[str, Rows] = {
        "cells": rows,
        "chosen": frame,
        "lines": lines,
        "words": words,
        "names": heat_map.name_rows(places, edges, taken),
    }
    ends = AROUND_2 if measure == "late_eta_sharpness" else MEASURES[measure].ends(values, DECADES)
    return Figure.of(chart(measure), tables, heat_map.limits(edges, ends))


@specification(height=HEIGHT, params=heat_map.PARAMS)
def chart(measure: str) -> Chart:
    """Return the chart, one for each measure; the selection `cell` picks a run."""
    edge = heat_map.axes("α  (output scale; the targets are ±1/α)", "c = η λ₀  (learning rate · curvature)", powers())
    pick = alt.selection_point(name="cell", fields=["alpha", "c"], on="click", toggle=False, clear=False)
    said = {f"{name}_said": power(f"log(datum.{name}) / LN2") for name in ("alpha", "c")}
    cells, tooltip = heat_map.told(marks_of("cells")).transform_calculate(**said), _tooltip()
    ended = ("step_limit", "stationary", "diverged", "unfinished")
    by: dict[str, Any] = {"x": edge["x"], "y": edge["y"], "detail": "name:N", "order": "x:Q"}
    lines = marks_of("lines")
    dash = alt.StrokeDash("theory:N", scale=alt.Scale(domain=[False, True], range=[[1, 0], [5, 4]]), legend=None)
    look: dict[str, Any] = {"fontSize": 11, "fontWeight": "bold", "align": expr("datum.align")}
    layers = [
        heat_map.ground("cells", edge, pick),
        heat_map.coloured(cells, edge, heat_map.legend_of(MEASURES[measure], "v"), tooltip),
        *heat_map.outcomes(cells, edge, tooltip, *ended),
        lines.mark_line(strokeWidth=4.5, color=PAPER, opacity=0.8, clip=True).encode(**by),
        lines.mark_line(strokeWidth=1.8, color=INK, clip=True).encode(**by, strokeDash=dash),
        *(one.encode(x=edge["x"], y=edge["y"], text="text:N") for one in rimmed(marks_of("words"), rim=1, **look)),
        *heat_map.names(edge),
        *heat_map.chosen(),
    ]
    return alt.layer(*layers)


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("alpha_said:N", title="α"),
        alt.Tooltip("c_said:N", title="c"),
        alt.Tooltip("learning_rate:Q", title="learning rate η", format=".4~g"),
        heat_map.ENDING,
        alt.Tooltip("regime:N", title="regime"),
        alt.Tooltip("steps:Q", title="last step", format=","),
        alt.Tooltip("late_eta_sharpness:Q", title="ηS, second half", format=".3f"),
        alt.Tooltip("sharpness_ratio:Q", title="S / λ₀, end", format=".3~g"),
        alt.Tooltip("spike_ratio:Q", title="largest loss / initial", format=".3~g"),
        alt.Tooltip("test_error:Q", title="test error", format=".3f"),
    ]


def _lines(sharpening: pd.DataFrame, edges: heat_map.Box) -> Rows:
    """Return the points of the lines in log2: c = 2, where gradient flow passes 2 / eta, and what the law says."""
    x = np.log2(sharpening["alpha"].to_numpy(np.float64))
    rows: list[dict[str, Any]] = [
        {"name": "c = 2", "theory": True, "x": end, "y": float(np.log2(STABLE))} for end in edges[:2]
    ]
    for column, name in (("onset_c", "gradient flow"), ("predicted_onset_c", "law")):
        y = sharpening[column].to_numpy(np.float64)
        known = np.isfinite(y) & (y > 0)
        points = zip(x[known].round(3).tolist(), np.log2(y[known]).round(3).tolist(), strict=True)
        rows += [{"name": name, "theory": name == "law", "x": at, "y": up} for at, up in points]
    return rows


WORDS = {"c = 2": "c = 2", "S = 2/η": "gradient flow"}


def _line_names(lines: Rows, edges: heat_map.Box) -> list[tuple[str, list[tuple[float, float]]]]:
    """Return the name of each line with its places: just above it."""
    lift = 0.035 * (edges[3] - edges[2])
    wide = edges[1] - edges[0]
    found = []
    for text, name in WORDS.items():
        points = [(row["x"], row["y"]) for row in lines if row["name"] == name]
        if name == "c = 2":
            points = [(edges[0] + share * wide, points[0][1]) for share in (0.95, 0.8, 0.65)]
        found.append((text, [(x, y + lift) for x, y in points if edges[2] < y < edges[3] - lift]))
    return found


def _box(row: Any, edges: heat_map.Box) -> heat_map.Box:
    """Return about what a name covers."""
    width = heat_map.LETTER * (edges[1] - edges[0]) * len(row["text"])
    half = heat_map.LINE / 2 * (edges[3] - edges[2])
    left = heat_map.SIDES[row["align"]] * width
    return row["x"] - left, row["x"] - left + width, row["y"] - half, row["y"] + half
