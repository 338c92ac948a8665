"""The (alpha, T) plane of networks, averaged over seeds, with the lines that divide it.

After Sclocchi, Geiger, Wyart 2023 (2301.13703). A cell whose seeds did not fit has no colour: diverged is dark and
crossed, stopped unfitted is struck through, fitted by too few seeds to average is an open ring.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, expr, specification
from core.figure.heat_map import OUTCOME_COLOURS, outline_mark
from core.figure.marks import between, marks_of
from core.figure.palette import INK, MUTED, PAPER
from core.figure.powers import powers
from core.studies.phase_plane.charts.cells import MEASURES, Cells, largest, outline_rows

HEIGHT = 343

LINES: Mapping[str, tuple[str, str]] = {
    "gd_to_noise": ("GD to noise", "#E69F00"),
    "largest_temperature": ("largest T", "#D6336C"),
    "lazy_to_feature": ("lazy to feature", "#56B4E9"),
}
"""The named lines of the table `lines`: what they are called on the plane, and their colour."""

PARAMS = {
    "c_min": 0.01,
    "c_max": 1.0,
    "x_min": -1.0,
    "x_max": 1.0,
    "y_min": -1.0,
    "y_max": 1.0,
    **{f"show_{name}": 1.0 for name in LINES},
}


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
    tables: dict[str, Rows] = {
        "lines": _line_rows(lines, largest(plane) if shown.rectified else None),
        "chosen": outline_rows(shown, chosen),
    }
    tables["line_names"] = _name_rows(tables["lines"], tables["chosen"], shown)
    low, high = shown.passed if played else shown.last
    ends = {"x_min": shown.x[0], "x_max": shown.x[1], "y_min": shown.y[0], "y_max": shown.y[1]}
    params: dict[str, float | str] = {"c_min": low, "c_max": high, **ends}
    params |= {f"show_{name}": int(name in switched_on) for name in LINES}
    return Figure.of(
        chart(shown.measure, shown.rectified, played), {**tables, "cells": shown.table, "grid": shown.grid}, params
    )


@specification(height=HEIGHT, params=PARAMS)
def chart(measure: str, rectified: bool, played: bool) -> Chart:
    """Return the chart, one for each measure and axis; `cell` picks a cell and `hover` is the one under the pointer.

    Not `played` it knows no clock, and a browser leaves it as it is.
    """
    across, up = (between(f"{a}_min", f"{a}_max", zero=False) for a in "xy")
    x = alt.X("x:Q", title="α  (output scale; margin 1/α)", scale=across, axis=powers())
    title = "T / T_max(α)" if rectified else "T  (learning rate / (batch · width))"
    y = alt.Y("y:Q", title=title, scale=up, axis=powers())
    box: dict[str, Any] = {"x": x, "y": y, "x2": "x2:Q", "y2": "y2:Q"}
    cells = (
        marks_of("cells")
        .transform_calculate(ended="frame >= datum.end" if played else "true")
        .transform_calculate(now="frame < datum.end ? datum.v[frame] : datum.last" if played else "datum.last")
    )
    layers = [
        _ground(box),
        cells.transform_filter("isValid(datum.now)")
        .mark_rect(stroke=PAPER, strokeWidth=1, cursor="pointer", clip=True)
        .encode(**box, color=_colour(measure), tooltip=tooltip()),
        *_outcomes(cells.transform_filter("datum.ended"), x, y),
        *_lines(x, y),
        _hovered(),
        outline_mark("chosen", PAPER, [1, 0], width=5),
        outline_mark("chosen", INK, [1, 0]),
        *_line_names(x, y),
    ]
    return alt.layer(*layers)


def _ground(box: Mapping[str, Any]) -> alt.Chart:
    chosen: dict[str, Any] = {"fields": ["alpha", "temperature"], "toggle": False}
    pick = alt.selection_point(name="cell", on="click", clear=False, **chosen)
    hover = alt.selection_point(name="hover", on="pointerover", clear="pointerout", **chosen)
    ground: alt.Chart = (
        marks_of("grid")
        .mark_rect(fill=MUTED, fillOpacity=0.08, stroke=PAPER, strokeWidth=1, cursor="pointer", clip=True)
        .encode(**box)
        .add_params(pick, hover)
    )
    return ground


def _hovered() -> alt.Chart:
    under = marks_of("grid").transform_filter({"param": "hover", "empty": False})
    mark: alt.Chart = under.mark_rect(filled=False, fillOpacity=0, stroke=INK, strokeWidth=1.2, clip=True)
    return mark.encode(x="x:Q", y="y:Q", x2="x2:Q", y2="y2:Q")


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
    legend = alt.Legend(title=how.title, format=how.format, gradientThickness=9, titleLimit=300, **look)
    return alt.Color("now:Q", scale=scale, legend=legend)


def _outcomes(ended: alt.Chart, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Mark the cells without a value, whatever the colour shows."""
    box: dict[str, Any] = {"x": x, "y": y, "x2": "x2:Q", "y2": "y2:Q", "tooltip": tooltip()}
    back: dict[str, Any] = {"x": "x2:Q", "y": "y:Q", "x2": "x:Q", "y2": "y2:Q"}
    dark, grey = OUTCOME_COLOURS["diverged"], OUTCOME_COLOURS["unfinished"]
    rect: dict[str, Any] = {"stroke": PAPER, "strokeWidth": 1, "cursor": "pointer", "clip": True}
    line: dict[str, Any] = {"strokeWidth": 1.2, "clip": True}
    diverged = ended.transform_filter("datum.outcome == 'diverged'")
    stopped = ended.transform_filter("datum.outcome == 'unfinished'")
    few = ended.transform_filter("datum.outcome == 'few'").transform_calculate(
        mx="(datum.x + datum.x2) / 2", my="(datum.y + datum.y2) / 2"
    )
    ring = few.mark_point(size=34, strokeWidth=1.4, color=INK, clip=True, cursor="pointer")
    return [
        diverged.mark_rect(color=dark, **rect).encode(**box),
        diverged.mark_rule(color=PAPER, **line).encode(**{k: v for k, v in box.items() if k != "tooltip"}),
        diverged.mark_rule(color=PAPER, **line).encode(**back),
        stopped.mark_rect(color=grey, opacity=0.35, **rect).encode(**box),
        stopped.mark_rule(color=MUTED, **line).encode(**{k: v for k, v in box.items() if k != "tooltip"}),
        few.mark_rect(color=grey, opacity=0.35, **rect).encode(**box),
        ring.encode(x="mx:Q", y="my:Q"),
    ]


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


def _line_names(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    rows = marks_of("line_names").transform_filter(_switch("name"))
    words: dict[str, Any] = {"fontSize": 11, "fontWeight": "bold", "align": expr("datum.align"), "dy": -8}
    rim: dict[str, Any] = {"stroke": PAPER, "strokeWidth": 4, "strokeJoin": "round", "opacity": 0.85}
    return [
        rows.mark_text(**words, **rim).encode(x=x, y=y, text="text:N"),
        rows.mark_text(**words, color=INK).encode(x=x, y=y, text="text:N"),
    ]


def tooltip() -> list[alt.Tooltip]:
    """Return what a cell says under the pointer."""
    return [
        alt.Tooltip("alpha:Q", title="α", format=".4~g"),
        alt.Tooltip("temperature:Q", title="T", format=".4~g"),
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
    rows = []
    for name, part in lines.groupby("name", sort=False):
        if name not in LINES:
            continue
        alpha, heat = (part[column].to_numpy(np.float64) for column in ("alpha", "temperature"))
        y = np.log2(heat)
        if top:
            at = np.log2(np.array(list(top)))
            y = y - np.interp(np.log2(alpha), at, np.log2(np.array(list(top.values()))))
        theory = part["theory"].to_numpy(bool)
        columns = (np.round(np.log2(alpha), 3).tolist(), np.round(y, 3).tolist(), theory.tolist())
        rows += [
            {"name": str(name), "x": a, "y": b, "theory": t}
            for a, b, t in zip(*columns, strict=True)
            if np.isfinite(a) and np.isfinite(b)
        ]
    return rows


def _name_rows(lines: Rows, chosen: Rows, shown: Cells) -> Rows:
    """Return each line's name beside one of its points within the plane, away from the chosen cell and other names."""
    taken = [((row["x"] + row["x2"]) / 2, (row["y"] + row["y2"]) / 2) for row in chosen]
    wide, high = shown.x[1] - shown.x[0], shown.y[1] - shown.y[0]
    rows: list[dict[str, Any]] = []
    for name, (text, _) in LINES.items():
        inside = [
            row
            for row in lines
            if row["name"] == name
            and shown.x[0] <= row["x"] <= shown.x[1]
            and shown.y[0] <= row["y"] <= shown.y[1] - 0.04 * (shown.y[1] - shown.y[0])
        ]
        if inside:
            own = [row for row in inside if not row["theory"]] or inside
            own = own[1:-1] or own

            def clear(row: Mapping[str, Any]) -> float:
                far = (((row["x"] - x) / wide) ** 2 + ((row["y"] - y) / high) ** 2 for x, y in taken)
                return min(far, default=0.0)

            place = max(own, key=clear)
            taken.append((place["x"], place["y"]))
            left = place["x"] < sum(shown.x) / 2
            rows.append({"name": name, "text": text, "x": place["x"], "y": place["y"]})
            rows[-1]["align"] = "left" if left else "right"
    return rows
