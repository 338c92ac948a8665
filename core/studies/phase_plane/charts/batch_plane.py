"""The (batch size, learning rate) plane, coloured by the final size of the weights' change or by the test error.

After Sclocchi and Wyart 2024 (2309.10688): noise-dominated SGD, where the change goes with T = learning_rate / batch
size; first-step-dominated, where it goes with the learning rate alone; and gradient descent, where with neither. Made
from a table of any model that has `batch_size` and `learning_rate`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure import heat_map
from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.marks import marks_of
from core.figure.measure import Measure
from core.figure.powers import powers
from core.figure.rows import listed, records
from core.observables.batch_phases import PHASES, phases

HEIGHT = 343
MEASURES: Mapping[str, Measure] = {
    "relative_weight_change": Measure("relative weight change |Δw| / |w₀|", "magma", log=True, format="~g"),
    "test_error": Measure("test error", "viridis", reverse=True),
    "steps": Measure("steps to fit", "cividis", reverse=True, log=True, format="~s"),
}


def figure(
    plane: pd.DataFrame, measure: str, change: str = "relative_weight_change", chosen: tuple[int, float] | None = None
) -> Figure:
    """Return the figure of one plane.

    Args:
        plane: alpha, temperature, batch_size, learning_rate, outcome, fitted, and the measures; one row a cell, on a
            grid of batch sizes and learning rates (not every cell need be there).
        measure: a key of `MEASURES`; change: the column by whose growth the phases are told.
        chosen: batch size and learning rate of the outlined cell.
    """
    found = plane.sort_values(["batch_size", "learning_rate"], kind="stable").reset_index(drop=True)
    found = found.assign(**heat_map.edges(found, "batch_size", "learning_rate"))
    phase = phases(*(found[name].to_numpy(np.float64) for name in ("batch_size", "learning_rate", change)))
    cells = _cell_rows(found.assign(phase=phase), measure)
    boxes = [heat_map.box(row) for row in cells]
    edges, place = heat_map.extent(boxes), chosen or (None, None)
    frame = heat_map.framed(cells, {"batch_size": place[0], "learning_rate": place[1]})
    named = heat_map.region_places(phase.tolist(), boxes, PHASES)
    tables: dict[str, Rows] = {
        "cells": cells,
        "names": heat_map.name_rows(named, edges, [heat_map.box(row) for row in frame]),
        "chosen": frame,
    }
    params = heat_map.limits(edges, MEASURES[measure].ends(found[measure].to_numpy(np.float64)))
    return Figure.of(chart(measure), tables, params)


@specification(height=HEIGHT, params=heat_map.PARAMS)
def chart(measure: str) -> Chart:
    """Return the chart, one for each measure; the selection `cell` picks a cell."""
    edge = heat_map.axes("batch size B", "learning rate η", powers())
    fields = ["alpha", "temperature", "batch_size"]
    pick = alt.selection_point(name="cell", fields=fields, on="click", toggle=False, clear=False)
    cells, said = heat_map.told(marks_of("cells")), _tooltip()
    layers = [
        heat_map.ground("cells", edge, pick),
        heat_map.coloured(cells, edge, heat_map.legend_of(MEASURES[measure], "v"), said),
        *heat_map.outcomes(cells, edge, said, "few", "diverged", "unfinished"),
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
        *(
            alt.Tooltip(f"at_{name}:Q", title=how.title.split(" |")[0], format=",.3~r")
            for name, how in MEASURES.items()
        ),
    ]


def _cell_rows(found: pd.DataFrame, measure: str) -> list[dict[str, Any]]:
    kept = ("x", "x2", "y", "y2", "alpha", "temperature", "batch_size", "learning_rate", "outcome", "fitted", "phase")
    columns: dict[str, list[Any]] = {name: found[name].tolist() for name in kept}
    columns |= {f"at_{name}": listed(found[name], 3) for name in MEASURES}
    return records(columns | {"v": columns[f"at_{measure}"]})
