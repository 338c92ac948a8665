"""The perceptron's (batch size, learning rate) plane: three phases, and the three lines at which they meet."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, expr, specification
from core.figure.heat_map import OUTCOME_COLOURS, Measure, borders, name_mark, outline_mark
from core.figure.marks import between, marks_of
from core.figure.palette import INK, MUTED, PAPER
from core.figure.powers import powers
from core.figure.rows import listed, short
from core.observables.batch_phases import PHASES, phases
from core.observables.regimes import places

HEIGHT = 372
MEASURES = {
    "weight_norm": Measure("|w|", "magma", log=True, format="~g"),
    "test_error": Measure("test error", "viridis", reverse=True, log=True, format="~g"),
    "lambda": Measure("λ = w₁ / |w⊥|", "cividis", format="~g"),
    "steps": Measure("steps to fit", "cividis", reverse=True, log=True, format="~s"),
}
"""What the plane can be coloured by: columns of `frames.perceptron.plane`."""

LINES = {
    "critical_temperature": "η = T_c B",
    "critical_batch": "B*",
    "critical_learning_rate": "η_c",
}

PARAMS = {"c_min": 0, "c_max": 1, "x_min": 0, "x_max": 1, "y_min": 0, "y_max": 1}


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
    names = ("batch_size", "learning_rate", "weight_norm")
    phase = phases(*(plane[name].to_numpy(np.float64) for name in names))
    cells = _cell_rows(plane.assign(phase=phase), measure)
    x, y = (np.log2(plane[name].to_numpy(np.float64)) for name in names[:2])
    edges = [{name: row[name] for name in ("x", "x2", "y", "y2")} for row in cells]
    places_of = [{"text": text, "x": round(a, 3), "y": round(b, 3)} for text, a, b in places(phase, x, y, PHASES)]
    picked = [
        edge for edge, row in zip(edges, cells, strict=True) if chosen == (row["batch_size"], row["learning_rate"])
    ]
    tables: dict[str, Rows] = {
        "cells": cells,
        "names": places_of,
        "chosen": picked,
        "lines": _line_rows(lines) if drawn else [],
    }
    params = _colours(plane[measure].to_numpy(np.float64), log=MEASURES[measure].log)
    for axis in "xy":
        params |= {f"{axis}_min": min(e[axis] for e in edges), f"{axis}_max": max(e[f"{axis}2"] for e in edges)}
    return Figure.of(chart(measure), tables, params)


@specification(height=HEIGHT, params=PARAMS)
def chart(measure: str) -> Chart:
    """Return the chart, one for each measure; the selection `cell` picks a cell."""
    across, up = (between(f"{a}_min", f"{a}_max", zero=False) for a in "xy")
    x = alt.X("x:Q", title="batch size B", scale=across, axis=powers())
    y = alt.Y("y:Q", title="learning rate η", scale=up, axis=powers())
    box: dict[str, Any] = {"x": x, "y": y, "x2": "x2:Q", "y2": "y2:Q"}
    pick = alt.selection_point(
        name="cell", fields=["batch_size", "learning_rate"], on="click", toggle=False, clear=False
    )
    cells = marks_of("cells")
    rect: dict[str, Any] = {"stroke": PAPER, "strokeWidth": 1, "cursor": "pointer"}
    lost = cells.transform_filter("datum.outcome != 'fitted'")
    layers = [
        cells.mark_rect(fill=MUTED, fillOpacity=0.08, **rect).encode(**box).add_params(pick),
        cells.transform_filter("isValid(datum.v)")
        .mark_rect(**rect)
        .encode(**box, color=_colour(measure), tooltip=_tooltip()),
        lost.transform_filter("datum.outcome == 'unfinished'")
        .mark_rect(fill=OUTCOME_COLOURS["step_limit"], fillOpacity=0.25, **rect)
        .encode(**box, tooltip=_tooltip()),
        lost.mark_rule(strokeWidth=1.2, color=MUTED).encode(**box),
        *_line_marks(x, y),
        name_mark(x, y, stroke=True),
        name_mark(x, y, stroke=False),
        outline_mark("chosen", PAPER, [1, 0], width=5),
        outline_mark("chosen", INK, [1, 0]),
    ]
    return alt.layer(*layers)


def _line_marks(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    lines = marks_of("lines")
    words = lines.transform_filter("datum.text != ''")
    text: dict[str, Any] = {"fontSize": 11, "fontWeight": "bold", "clip": True}
    side: dict[str, Any] = {
        "align": expr("datum.align"),
        "baseline": expr("datum.baseline"),
        "dx": expr("datum.align == 'right' ? -5 : 5"),
        "dy": expr("datum.baseline == 'top' ? 5 : -5"),
    }
    halo: dict[str, Any] = {"stroke": PAPER, "strokeWidth": 4, "strokeJoin": "round", "opacity": 0.85}
    return [
        lines.mark_line(color=PAPER, strokeWidth=4.5, opacity=0.8, clip=True).encode(x=x, y=y, detail="name:N"),
        lines.mark_line(color=INK, strokeWidth=1.8, strokeDash=[6, 3], clip=True).encode(x=x, y=y, detail="name:N"),
        words.mark_text(**text, **side, **halo).encode(x=x, y=y, text="text:N"),
        words.mark_text(**text, **side, color=INK).encode(x=x, y=y, text="text:N"),
    ]


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
    look: dict[str, Any] = {"orient": "bottom", "direction": "horizontal", "gradientLength": 210, "tickCount": 5}
    legend = alt.Legend(title=how.title, format=how.format, gradientThickness=9, labelOverlap="greedy", **look)
    return alt.Color("v:Q", scale=scale, legend=legend)


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("batch_size:Q", title="batch size"),
        alt.Tooltip("learning_rate:Q", title="learning rate", format=".4~g"),
        alt.Tooltip("temperature:Q", title="T", format=".4~g"),
        alt.Tooltip("outcome:N"),
        alt.Tooltip("fitted:Q", title="seeds fitted"),
        alt.Tooltip("phase:N", title="grows as in"),
        *(alt.Tooltip(f"at_{name}:Q", title=how.title, format=",.3~r") for name, how in MEASURES.items()),
    ]


def _cell_rows(plane: pd.DataFrame, measure: str) -> list[dict[str, Any]]:
    columns: dict[str, list[Any]] = {}
    for low, high, name in (("x", "x2", "batch_size"), ("y", "y2", "learning_rate")):
        centres = np.unique(plane[name].to_numpy(np.float64))
        ends = np.array(borders(np.log2(centres)))[np.searchsorted(centres, plane[name])]
        columns |= {low: ends[:, 0].tolist(), high: ends[:, 1].tolist()}
    kept = ("temperature", "batch_size", "learning_rate", "outcome", "fitted", "phase")
    columns |= {name: plane[name].tolist() for name in kept}
    columns |= {f"at_{name}": listed(plane[name], 3) for name in MEASURES}
    columns["v"] = columns[f"at_{measure}"]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _line_rows(lines: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the ends of every line and its middle, where its name stands."""
    rows: list[dict[str, Any]] = []
    for key, ends in lines.groupby("name", sort=False):
        name, side = str(key), {"align": "left", "baseline": "bottom"}
        if name == "critical_temperature":
            side["align"] = "right"
        x, y = (np.log2(ends[column].to_numpy(np.float64)) for column in ("batch_size", "learning_rate"))
        for share in (0.0, 0.5, 1.0):
            at = {
                "x": round(float(x[0] + share * (x[1] - x[0])), 3),
                "y": round(float(y[0] + share * (y[1] - y[0])), 3),
            }
            rows.append({"name": name, **at, "text": LINES[name] if share == 0.5 else "", **side})
    return rows


def _colours(values: np.ndarray, *, log: bool) -> dict[str, float | str]:
    known = values[np.isfinite(values) & ((values > 0) | (not log))]
    low, high = (short(known.min(), 3), short(known.max(), 3)) if known.size else (0.01, 1.0)
    return {"c_min": low, "c_max": high if high > low else low * 1.1 + 1e-6}
