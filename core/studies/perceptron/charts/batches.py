"""The perceptron's (batch size, learning rate) plane: three phases, and the three lines at which they meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure import heat_map
from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.heat_map import Box
from core.figure.marks import marks_of
from core.figure.measure import Measure, Place
from core.figure.palette import INK, PAPER
from core.figure.powers import powers
from core.figure.rows import listed, records, rounded
from core.observables.batch_phases import PHASES, phases

HEIGHT = 372
MEASURES = {
    "weight_norm": Measure("|w|", "magma", log=True, format="~g"),
    "test_error": Measure("test error", "viridis", reverse=True, log=True, format="~g"),
    "lambda": Measure("λ = w₁ / |w⊥|", "cividis", format="~g"),
    "steps": Measure("steps to fit", "cividis", reverse=True, log=True, format="~s"),
}
"""What the plane can be coloured by: columns of `frames.perceptron.plane`."""

LINES = {
    "critical_temperature": ("η = T_c B", (-0.12, 0.02)),
    "critical_batch": ("B*", (0.04, 0.0)),
    "critical_learning_rate": ("η_c", (0.0, 0.05)),
}
"""The lines of the table: their name, and how far from their middle it stands, as shares of the plane."""


def figure(
    plane: pd.DataFrame, lines: pd.DataFrame, measure: str, chosen: tuple[int, float] | None, *, drawn: bool = True
) -> Figure:
    """Return the figure of one training set's plane.

    Args:
        plane: batch_size, learning_rate, temperature, outcome, fitted, and the columns of `MEASURES`; one row a cell.
        lines: name, batch_size, learning_rate; two rows a line.
        measure: a key of `MEASURES`.
        chosen: batch size and learning rate of the run that plays.
        drawn: whether the lines are.
    """
    plane = plane.assign(**heat_map.edges(plane, "batch_size", "learning_rate"))
    phase = phases(*(plane[name].to_numpy(np.float64) for name in ("batch_size", "learning_rate", "weight_norm")))
    cells = _cell_rows(plane.assign(phase=phase), measure)
    boxes, shown = [heat_map.box(row) for row in cells], _line_rows(lines) if drawn else []
    edges, place = heat_map.extent(boxes), chosen or (None, None)
    frame = heat_map.framed(cells, {"batch_size": place[0], "learning_rate": place[1]})
    named = [*_line_names(shown, edges), *heat_map.region_places(phase.tolist(), boxes, PHASES)]
    tables: dict[str, Rows] = {
        "cells": cells,
        "names": heat_map.name_rows(named, edges, [heat_map.box(row) for row in frame]),
        "chosen": frame,
        "lines": shown,
    }
    params = heat_map.limits(edges, MEASURES[measure].ends(plane[measure].to_numpy(np.float64)))
    return Figure.of(chart(measure), tables, params)


@specification(height=HEIGHT, params=heat_map.PARAMS)
def chart(measure: str) -> Chart:
    """Return the chart, one for each measure; the selection `cell` picks a cell."""
    edge = heat_map.axes("batch size B", "learning rate η", powers())
    fields = ["batch_size", "learning_rate"]
    pick = alt.selection_point(name="cell", fields=fields, on="click", toggle=False, clear=False)
    cells, said = heat_map.told(marks_of("cells")), _tooltip()
    lines = marks_of("lines").encode(x=edge["x"], y=edge["y"], detail="name:N")
    layers = [
        heat_map.ground("cells", edge, pick),
        heat_map.coloured(cells, edge, heat_map.legend_of(MEASURES[measure], "v"), said),
        *heat_map.outcomes(cells, edge, said, "few", "diverged", "unfinished"),
        lines.mark_line(color=PAPER, strokeWidth=4.5, opacity=0.8, clip=True),
        lines.mark_line(color=INK, strokeWidth=1.8, strokeDash=[6, 3], clip=True),
        *heat_map.names(edge),
        *heat_map.chosen(),
    ]
    return alt.layer(*layers)


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("batch_size:Q", title="batch size"),
        alt.Tooltip("learning_rate:Q", title="learning rate", format=".4~g"),
        alt.Tooltip("temperature:Q", title="T", format=".4~g"),
        heat_map.ENDING,
        alt.Tooltip("fitted:Q", title="seeds fitted"),
        alt.Tooltip("phase:N", title="scaling regime"),
        *(alt.Tooltip(f"at_{name}:Q", title=how.title, format=",.3~r") for name, how in MEASURES.items()),
    ]


def _cell_rows(plane: pd.DataFrame, measure: str) -> list[dict[str, Any]]:
    kept = ("x", "x2", "y", "y2", "temperature", "batch_size", "learning_rate", "outcome", "fitted", "phase")
    columns: dict[str, list[Any]] = {name: plane[name].tolist() for name in kept}
    columns |= {f"at_{name}": listed(plane[name], 3) for name in MEASURES}
    return records(columns | {"v": columns[f"at_{measure}"]})


def _line_rows(lines: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the ends of every line."""
    x, y = (rounded(np.log2(lines[name].to_numpy(np.float64)), 3) for name in ("batch_size", "learning_rate"))
    return records({"name": lines["name"].tolist(), "x": x, "y": y})


def _line_names(rows: Sequence[Mapping[str, Any]], plane: Box) -> list[tuple[str, list[Place]]]:
    """Return the names of the lines, each beside the middle of its own."""
    wide, high = plane[1] - plane[0], plane[3] - plane[2]
    found = []
    for name, (text, (right, up)) in LINES.items():
        ends = [(row["x"], row["y"]) for row in rows if row["name"] == name]
        if ends:
            x, y = (sum(end) / len(ends) for end in zip(*ends, strict=True))
            found.append((text, [(x + right * wide, y + up * high)]))
    return found
