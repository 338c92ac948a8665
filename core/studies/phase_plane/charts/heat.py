"""The (alpha, T) plane of networks, averaged over seeds, with the lines that divide it.

After Sclocchi, Geiger, Wyart 2023 (2301.13703). A cell whose seeds did not fit has no colour, but a mark.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure import heat_map
from core.figure.figure import Chart, Figure, Rows, Table, expr, specification
from core.figure.heat_map import Box
from core.figure.marks import marks_of, rimmed
from core.figure.measure import Place
from core.figure.palette import INK, PAPER
from core.figure.powers import powers
from core.figure.rows import records, rounded
from core.studies.phase_plane.charts.cells import MEASURES, OUTCOMES, Cells, largest

HEIGHT = 343
ABOVE = 0.03
"""A name stands so far above its line, as a share of the plane."""

LINES: Mapping[str, tuple[str, str]] = {
    "gd_to_noise": ("GD to noise", "#E69F00"),
    "largest_temperature": ("largest T", "#D6336C"),
    "lazy_to_feature": ("lazy to feature", "#56B4E9"),
}
"""The named lines of the table `lines`: what they are called on the plane, and their colour."""

PARAMS = {**heat_map.PARAMS, **{f"show_{name}": 1.0 for name in LINES}}


def figure(
    shown: Cells,
    plane: pd.DataFrame,
    lines: pd.DataFrame,
    *,
    played: bool,
    chosen: tuple[float, float],
    switched_on: Collection[str] = tuple(LINES),
) -> Figure:
    """Return the figure of a plane.

    Args:
        shown: the cells; plane: what they were made of, with `rectified` if they are.
        lines: name (one of `LINES`), alpha, temperature, theory; each line's points in the order of alpha.
        played: coloured at the played step, else at the fitting time.
        chosen: alpha and T of the run that the other charts play.
        switched_on: the lines that are drawn.
    """
    frame = heat_map.framed(shown.grid.rows, {"alpha": chosen[0], "temperature": chosen[1]})
    rows = _line_rows(lines, largest(plane) if shown.rectified else None)
    tables: dict[str, Rows | Table] = {
        "lines": rows,
        "chosen": frame,
        "names": _name_rows(rows, shown.edges, frame),
        "cells": shown.table,
        "grid": shown.grid,
    }
    params = heat_map.limits(shown.edges, shown.passed if played else shown.last)
    params |= {f"show_{name}": int(name in switched_on) for name in LINES}
    return Figure.of(chart(shown.measure, shown.rectified, played), tables, params)


@specification(height=HEIGHT, params=PARAMS)
def chart(measure: str, rectified: bool, played: bool) -> Chart:
    """Return the chart, one for each measure and axis; `cell` picks a cell and `hover` is the one under the pointer.

    Not `played` it knows no clock, and a browser leaves it as it is.
    """
    title = "T / T_max(α)" if rectified else "T  (learning rate / (batch · width))"
    edge = heat_map.axes("α  (output scale; margin 1/α)", title, powers())
    cells = (
        heat_map.in_powers(marks_of("cells"))
        .transform_calculate(ended="frame >= datum.end" if played else "true")
        .transform_calculate(now="frame < datum.end ? datum.v[frame] : datum.last" if played else "datum.last")
    )
    cell: dict[str, Any] = {"fields": ["alpha", "temperature"], "toggle": False}
    pick = alt.selection_point(name="cell", on="click", clear=False, **cell)
    hover = alt.selection_point(name="hover", on="pointerover", clear="pointerout", **cell)
    layers = [
        heat_map.ground("grid", edge, pick, hover),
        heat_map.coloured(cells, edge, heat_map.legend_of(MEASURES[measure], "now"), tooltip()),
        *heat_map.outcomes(cells.transform_filter("datum.ended"), edge, tooltip(), *OUTCOMES),
        *_lines(edge["x"], edge["y"]),
        _hovered(),
        *heat_map.chosen(),
        *_names(edge["x"], edge["y"]),
    ]
    return alt.layer(*layers)


def _hovered() -> alt.Chart:
    under = marks_of("grid").transform_filter({"param": "hover", "empty": False})
    mark: alt.Chart = under.mark_rect(filled=False, fillOpacity=0, stroke=INK, strokeWidth=1.2, clip=True)
    return mark.encode(x="x:Q", y="y:Q", x2="x2:Q", y2="y2:Q")


def _switch(field: str) -> str:
    """Return the expression whether the line of that name is drawn."""
    return " || ".join(f"(datum.{field} == '{name}' && show_{name} == 1)" for name in LINES)


def _line_colour() -> alt.Color:
    scale = alt.Scale(domain=list(LINES), range=[colour for _, colour in LINES.values()])
    return alt.Color("name:N", scale=scale, legend=None)


def _lines(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return the lines on a rim of paper, theory dashed."""
    rows = marks_of("lines").transform_filter(_switch("name"))
    dash = alt.StrokeDash("theory:N", scale=alt.Scale(domain=[False, True], range=[[1, 0], [5, 4]]), legend=None)
    by: dict[str, Any] = {"x": x, "y": y, "order": "x:Q", "detail": ["name:N", "theory:N"]}
    return [
        rows.mark_line(strokeWidth=4.5, color=PAPER, opacity=0.7, clip=True).encode(**by),
        rows.mark_line(strokeWidth=2.2, clip=True).encode(**by, color=_line_colour(), strokeDash=dash),
    ]


def _names(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    rows = marks_of("names").transform_filter(_switch("name")).encode(x=x, y=y, text="text:N")
    return rimmed(rows, fontSize=11, fontWeight="bold", align=expr("datum.align"))


def tooltip() -> list[alt.Tooltip]:
    """Return what a cell says under the pointer."""
    return [
        *heat_map.PLACE,
        alt.Tooltip("rate:Q", title="learning rate", format=".4~g"),
        alt.Tooltip("fitted:Q", title="seeds fitted"),
        alt.Tooltip("diverged:Q", title="seeds diverged"),
        alt.Tooltip("unfinished:Q", title="seeds not fitted"),
        *(
            alt.Tooltip(f"at_{name}:Q", title=how.title.split(" |")[0], format=",.3~r")
            for name, how in MEASURES.items()
        ),
    ]


def _line_rows(lines: pd.DataFrame, top: Mapping[float, float] | None) -> Rows:
    """Return the lines' points in log2; with T_max by alpha, T as a share of it (none where nothing fitted)."""
    rows: list[dict[str, Any]] = []
    for name, part in lines.groupby("name", sort=False):
        if name not in LINES:
            continue
        x, y = (np.log2(part[column].to_numpy(np.float64)) for column in ("alpha", "temperature"))
        if top:
            at = np.log2(np.array(list(top)))
            y = y - np.interp(x, at, np.log2(np.array(list(top.values()))))
        known = np.isfinite(x) & np.isfinite(y)
        columns = {"x": rounded(x[known], 3), "y": rounded(y[known], 3), "theory": part["theory"][known].tolist()}
        rows += [{"name": str(name), **row} for row in records(columns)]
    return rows


def _name_rows(lines: Rows, plane: Box, frame: Rows) -> Rows:
    """Return each line's name above one of its points, as far as may be from the chosen cell."""
    boxes = [heat_map.box(row) for row in frame]
    taken = [((x + x2) / 2, (y + y2) / 2) for x, x2, y, y2 in boxes]
    named = []
    for name, (text, _) in LINES.items():
        inside = [row for row in lines if row["name"] == name and plane[0] <= row["x"] <= plane[1]]
        own = [row for row in inside if not row["theory"]] or inside
        places = [(float(row["x"]), row["y"] + ABOVE * (plane[3] - plane[2])) for row in own[1:-1] or own]
        places = sorted((place for place in places if plane[2] <= place[1] <= plane[3]), key=_away(taken, plane))
        named.append((text, places))
        taken += places[:1]
    called = {text: name for name, (text, _) in LINES.items()}
    return [{"name": called[row["text"]], **row} for row in heat_map.name_rows(named, plane, boxes)]


def _away(taken: Sequence[Place], plane: Box) -> Callable[[Place], float]:
    """Return what sorts places by how far they are from all that are taken, the farthest first."""
    wide, high = plane[1] - plane[0], plane[3] - plane[2]
    others = list(taken)

    def near(place: Place) -> float:
        return -min((((place[0] - x) / wide) ** 2 + ((place[1] - y) / high) ** 2 for x, y in others), default=0.0)

    return near
