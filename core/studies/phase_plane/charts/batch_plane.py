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

from core.figure.figure import Chart, Figure, Rows, expr, specification
from core.figure.heat_map import OUTCOME_COLOURS, Measure, borders, outline_mark
from core.figure.marks import between, marks_of
from core.figure.palette import INK, MUTED, PAPER
from core.figure.powers import powers
from core.figure.rows import listed, short
from core.observables.batch_phases import PHASES, phases
from core.observables.regimes import places

HEIGHT = 343
EDGE = 0.3
"""Share of the plane's width from its edges on which a name does not stand in the middle of its cell."""

MEASURES: Mapping[str, Measure] = {
    "relative_weight_change": Measure("relative weight change |Δw| / |w₀|", "magma", log=True, format="~g"),
    "test_error": Measure("test error", "viridis", reverse=True),
    "steps": Measure("steps to fit", "cividis", reverse=True, log=True, format="~s"),
}

PARAMS = {"c_min": 0, "c_max": 1, "x_min": 0, "x_max": 1, "y_min": 0, "y_max": 1}


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
    phase = phases(*(found[name].to_numpy(np.float64) for name in ("batch_size", "learning_rate", change)))
    cells = _cell_rows(found.assign(phase=phase), measure)
    x, y = (np.log2(found[name].to_numpy(np.float64)) for name in ("batch_size", "learning_rate"))
    known = found[measure].to_numpy(np.float64)
    known = known[np.isfinite(known) & ((known > 0) | (not MEASURES[measure].log))]
    low, high = (short(known.min(), 3), short(known.max(), 3)) if known.size else (0.01, 1.0)
    edges = {name: [row[name] for row in cells] for name in ("x", "x2", "y", "y2")}
    params: dict[str, float | str] = {"c_min": low, "c_max": high if high > low else low * 1.1 + 1e-6}
    params |= {"x_min": min(edges["x"]), "x_max": max(edges["x2"])}
    params |= {"y_min": min(edges["y"]), "y_max": max(edges["y2"])}
    tables: dict[str, Rows] = {
        "cells": cells,
        "names": _name_rows(cells, places(phase, x, y, PHASES)),
        "chosen": [
            {name: row[name] for name in edges} for row in cells if (row["batch_size"], row["learning_rate"]) == chosen
        ],
    }
    return Figure.of(chart(measure), tables, params)


@specification(height=HEIGHT, params=PARAMS)
def chart(measure: str) -> Chart:
    """Return the chart, one for each measure; the selection `cell` picks a cell."""
    across, up = (between(f"{a}_min", f"{a}_max", zero=False) for a in "xy")
    x = alt.X("x:Q", title="batch size B", scale=across, axis=powers())
    y = alt.Y("y:Q", title="learning rate η", scale=up, axis=powers())
    box: dict[str, Any] = {"x": x, "y": y, "x2": "x2:Q", "y2": "y2:Q"}
    pick = alt.selection_point(
        name="cell", fields=["alpha", "temperature", "batch_size"], on="click", toggle=False, clear=False
    )
    cells = marks_of("cells")
    rect: dict[str, Any] = {"stroke": PAPER, "strokeWidth": 1, "cursor": "pointer"}
    empty = cells.transform_filter("datum.outcome != 'fitted'")
    layers = [
        cells.mark_rect(fill=MUTED, fillOpacity=0.08, **rect).encode(**box).add_params(pick),
        cells.transform_filter("isValid(datum.v)")
        .mark_rect(**rect)
        .encode(**box, color=_colour(measure), tooltip=_tooltip()),
        empty.transform_filter("datum.outcome == 'diverged'")
        .mark_rect(color=OUTCOME_COLOURS["diverged"], **rect)
        .encode(**box, tooltip=_tooltip()),
        empty.transform_filter("datum.outcome != 'diverged'").mark_rule(strokeWidth=1.2, color=MUTED).encode(**box),
        *(
            empty.transform_filter("datum.outcome == 'diverged'")
            .mark_rule(strokeWidth=1.2, color=PAPER)
            .encode(x=f"{a}:Q", y="y:Q", x2=f"{b}:Q", y2="y2:Q")
            for a, b in (("x", "x2"), ("x2", "x"))
        ),
        *_names(x, y),
        outline_mark("chosen", PAPER, [1, 0], width=5),
        outline_mark("chosen", INK, [1, 0]),
    ]
    return alt.layer(*layers)


def _names(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    rows = marks_of("names").encode(x=x, y=y, text="text:N")
    words: dict[str, Any] = {"fontSize": 12, "fontWeight": "bold", "align": expr("datum.align"), "color": INK}
    words["dx"] = expr("datum.align == 'left' ? 4 : datum.align == 'right' ? -4 : 0")
    halo: dict[str, Any] = {"stroke": PAPER, "strokeWidth": 4, "opacity": 0.85}
    return [rows.mark_text(**words, **halo), rows.mark_text(**words)]


def _name_rows(cells: list[dict[str, Any]], named: list[tuple[str, float, float]]) -> Rows:
    """Return the names of phases; one near an edge of the plane begins, or ends, at its cell's own edge."""
    low, high = min(row["x"] for row in cells), max(row["x2"] for row in cells)
    rows = []
    for text, x, y in named:
        share = (x - low) / (high - low)
        align = "left" if share < EDGE else "right" if share > 1 - EDGE else "center"
        own = next(row for row in cells if row["x"] <= x <= row["x2"])
        at = {"left": own["x"], "right": own["x2"], "center": x}[align]
        rows.append({"text": text, "x": round(at, 3), "y": round(y, 3), "align": align})
    return rows


def _colour(measure: str) -> alt.Color:
    how = MEASURES[measure]
    scale = alt.Scale(
        scheme=how.scheme,
        reverse=how.reverse,
        type="log" if how.log else "linear",
        domain=[expr("c_min"), expr("c_max")],
        nice=False,
        clamp=True,
    )
    look: dict[str, Any] = {"orient": "bottom", "direction": "horizontal", "gradientLength": 210}
    return alt.Color(
        "v:Q",
        scale=scale,
        legend=alt.Legend(title=how.title, format=how.format, titleLimit=300, gradientThickness=9, **look),
    )


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("batch_size:Q", title="batch size"),
        alt.Tooltip("learning_rate:Q", title="learning rate", format=".4~g"),
        alt.Tooltip("temperature:Q", title="T", format=".4~g"),
        alt.Tooltip("outcome:N"),
        alt.Tooltip("fitted:Q", title="seeds fitted"),
        alt.Tooltip("phase:N", title="goes as in"),
        *(
            alt.Tooltip(f"at_{name}:Q", title=how.title.split(" |")[0], format=",.3~r")
            for name, how in MEASURES.items()
        ),
    ]


def _cell_rows(found: pd.DataFrame, measure: str) -> list[dict[str, Any]]:
    columns: dict[str, list[Any]] = {}
    for low, high, name in (("x", "x2", "batch_size"), ("y", "y2", "learning_rate")):
        centres = np.unique(found[name].to_numpy(np.float64))
        ends = np.array(borders(np.log2(centres)))[np.searchsorted(centres, found[name])]
        columns |= {low: ends[:, 0].tolist(), high: ends[:, 1].tolist()}
    kept = ("alpha", "temperature", "batch_size", "learning_rate", "outcome", "fitted", "phase")
    columns |= {name: found[name].tolist() for name in kept}
    columns |= {f"at_{name}": listed(found[name], 3) for name in MEASURES}
    columns["v"] = columns[f"at_{measure}"]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
