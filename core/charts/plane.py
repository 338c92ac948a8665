"""The (alpha, T) plane: every run of an experiment as a cell, coloured by what was measured of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.charts.figure import (
    FRAME,
    INK,
    MUTED,
    PAPER,
    PINNED,
    THEME,
    Figure,
    Rows,
    Table,
    expr,
    listed,
    over_frames,
)
from core.frames import mu_share
from core.observables.regimes import places

Layers = alt.LayerChart | alt.FacetChart
SUPERSCRIPTS = dict(zip("-0123456789.", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹·", strict=True))


@dataclass(frozen=True)
class Measure:
    """A quantity that colours the plane."""

    title: str
    scheme: Any  # a Vega scheme's name
    reverse: bool = False
    log: bool = False
    format: str = ".3~f"


MEASURES: Mapping[str, Measure] = {
    "test_error": Measure("test error", "viridis", reverse=True),
    "steps": Measure("steps to fit", "cividis", reverse=True, log=True, format="~s"),
    "relative_weight_change": Measure("relative weight change |Δw| / |w₀|", "magma", log=True, format="~g"),
    "mu_y_share": Measure("share that L explains, μ_Y / I(F;Y)", "viridis", format=".2~f"),
    "kink_displacement": Measure("kink displacement / initial spread", "magma", log=True, format="~g"),
    "outcome": Measure("outcome", ""),
}
"""What the plane can be coloured by: columns of `frames.plane` and, over time, of `frames.information_table`."""

OUTCOME_COLOURS = {
    "fitted": "#5B8DB8",
    "step_limit": "#E69F00",
    "diverged": "#4d4d4d",
    "unfinished": "#bdbdbd",
}


@dataclass(frozen=True)
class Plane:
    """One seed's cells: `cells` is `frames.plane`, one row a run; `history` each row's `frames.information_table`."""

    cells: pd.DataFrame
    history: Sequence[pd.DataFrame]


@dataclass(frozen=True)
class Ground:
    """What of the figure does not depend on the run that is chosen; made once for a plane and a measure."""

    measure: str
    grid: tuple[Sequence[float], Sequence[float]]
    edges: tuple[list[tuple[float, float]], list[tuple[float, float]]]  # log2 borders of columns and rows
    tables: Mapping[str, Table]
    ranges: tuple[tuple[float, float], tuple[float, float]]  # of the colours: in the last state, and while played


def ground(
    plane: Plane | None, grid: tuple[Sequence[float], Sequence[float]], steps: np.ndarray, measure: str
) -> Ground:
    """Return the cells of a plane.

    Args:
        plane: the runs, or None while the plane is not trained: then the empty grid is drawn.
        grid: the alphas and temperatures of the cells; steps: the snapshots; measure: a key of MEASURES.
    """
    columns, rows = (_edges(np.log2(values)) for values in grid)
    cells = [
        {"alpha": alpha, "temperature": temperature, "x": x[0], "x2": x[1], "y": y[0], "y2": y[1]}
        for alpha, x in zip(grid[0], columns, strict=True)
        for temperature, y in zip(grid[1], rows, strict=True)
    ]
    shown = [] if plane is None else _values(plane, steps, measure)
    tables = {
        "grid": Table(cells),
        "cells": Table([] if plane is None else _join(cells, plane, shown, steps)),
        "names": Table([] if plane is None else _name_rows(plane.cells)),
    }
    last, played = (_colour_range(plane, shown, measure, played=played) for played in (False, True))
    return Ground(measure, grid, (columns, rows), tables, (last, played))


def figure(
    ground: Ground,
    steps: np.ndarray,
    *,
    played: bool,
    chosen: tuple[float, float],
    off_grid: Plane | None = None,
    pinned: tuple[float, float] | None = None,
) -> Figure:
    """Return the figure of a plane.

    Args:
        ground: the cells; steps: the snapshots.
        played: coloured at the played step, else in each run's last state.
        chosen, pinned: alpha and T of the run that the other charts play, and of the pinned one.
        off_grid: the chosen run when it is no cell, drawn as a point.
    """
    columns, rows = ground.edges
    on_grid = _on_grid(chosen, ground.grid)
    tables = dict(ground.tables) | {
        "point": Table([] if on_grid else _point_rows(off_grid, steps, ground.measure, chosen)),
        "chosen": Table(_outline(chosen, ground.grid, columns, rows)),
        "pinned": Table(_outline(pinned, ground.grid, columns, rows)),
    }
    low, high = ground.ranges[played]
    x, y = np.log2(chosen)
    edges = {
        "x_min": min(columns[0][0], x - 0.5),
        "x_max": max(columns[-1][1], x + 0.5),
        "y_min": min(rows[0][0], y - 0.5),
        "y_max": max(rows[-1][1], y + 0.5),
    }
    params: dict[str, float | str] = {"played": int(played), "c_min": low, "c_max": high}
    params |= {name: round(float(value), 3) for name, value in edges.items()}
    return Figure(spec(ground.measure), tables, params)


@cache
def spec(measure: str) -> dict[str, Any]:
    """Return the specification of `chart`; building one takes Altair a tenth of a second."""
    return chart(measure).to_dict()


def chart(measure: str) -> Layers:
    """Return the chart, one for each measure."""
    x = alt.X("x:Q", title="α  (output scale; margin 1/α)", scale=_scale("x"), axis=_powers())
    y = alt.Y("y:Q", title="T  (learning rate / (batch · width))", scale=_scale("y"), axis=_powers())
    box: dict[str, Any] = {"x": x, "y": y, "x2": "x2:Q", "y2": "y2:Q"}
    pick = alt.selection_point(name="cell", fields=["alpha", "temperature"], on="click", toggle=False, clear=False)
    ground = (
        alt.Chart(alt.NamedData("grid"))
        .mark_rect(fill=expr(MUTED), fillOpacity=0.08, stroke=expr(PAPER), strokeWidth=1, cursor="pointer")
        .encode(**box)
        .add_params(pick)
    )
    ended = (
        alt.Chart(alt.NamedData("cells"))
        .transform_calculate(now="played ? datum.v[frame] : datum.v[length(datum.v) - 1]")
        .transform_calculate(ended="!played || frame >= datum.end")
    )
    names = ("played", "c_min", "c_max", "x_min", "x_max", "y_min", "y_max")
    own = [alt.param(name=name, value=0 if name.endswith("min") or name == "played" else 1) for name in names]
    layers = [
        ground,
        ended.transform_filter("isValid(datum.now)")
        .mark_rect(stroke=expr(PAPER), strokeWidth=1, cursor="pointer")
        .encode(**box, color=_colour(measure), tooltip=_tooltip()),
        *_outcome_marks(ended),
        _name_mark(x, y, stroke=True),
        _name_mark(x, y, stroke=False),
        _outline_mark("pinned", PINNED, [4, 3]),
        _outline_mark("chosen", expr(PAPER), [1, 0], width=5),
        _outline_mark("chosen", expr(INK), [1, 0]),
        alt.Chart(alt.NamedData("point"))
        .transform_calculate(now="played ? datum.v[frame] : datum.v[length(datum.v) - 1]")
        .mark_circle(size=150, stroke=expr(INK), strokeWidth=2, opacity=1)
        .encode(x=x, y=y, color=_colour(measure), tooltip=_tooltip()),
    ]
    return alt.layer(*layers).add_params(FRAME, *THEME, *own).properties(height=343)


def _scale(axis: str) -> alt.Scale:
    return alt.Scale(domain=[expr(f"{axis}_min"), expr(f"{axis}_max")], nice=False, zero=False)


def _powers() -> alt.Axis:
    """Label exponents as powers of two."""
    label = "format(datum.value, '~g')"
    for plain, raised in SUPERSCRIPTS.items():
        pattern = "[.]" if plain == "." else "−" if plain == "-" else plain
        label = f"replace({label}, /{pattern}/g, '{raised}')"
    return alt.Axis(labelExpr=f"'2' + {label}", grid=False, tickMinStep=1, tickCount=7)


def _colour(measure: str) -> alt.Color:
    if measure == "outcome":
        names = list(OUTCOME_COLOURS)
        scale = alt.Scale(domain=list(range(len(names))), range=list(OUTCOME_COLOURS.values()))
        label = f"{[name.replace('_', ' ') for name in names]}[datum.value]"
        return alt.Color(
            "now:N", scale=scale, legend=alt.Legend(title=None, orient="bottom", labelExpr=label, columns=4)
        )
    how = MEASURES[measure]
    scale = alt.Scale(
        scheme=how.scheme,
        reverse=how.reverse,
        type="log" if how.log else "linear",
        domain=[expr("c_min"), expr("c_max")],
        nice=False,
        clamp=True,
    )
    legend = alt.Legend(
        title=how.title,
        orient="bottom",
        direction="horizontal",
        gradientLength=210,
        gradientThickness=9,
        format=how.format,
    )
    return alt.Color("now:Q", scale=scale, legend=legend)


def _outcome_marks(ended: alt.Chart) -> list[alt.Chart]:
    """Mark what did not fit whatever the colour shows: diverged dark and crossed, the others struck through."""
    diverged = ended.transform_filter("datum.ended && datum.outcome == 'diverged'")
    short = ended.transform_filter("datum.ended && (datum.outcome == 'step_limit' || datum.outcome == 'diverged')")
    box: dict[str, Any] = {"x": "x:Q", "y": "y:Q", "x2": "x2:Q", "y2": "y2:Q"}
    line: dict[str, Any] = {"strokeWidth": 1.2, "color": expr(PAPER), "opacity": 0.9}
    filled = "isValid(datum.now) || datum.outcome == 'diverged'"
    marks = [
        short.transform_filter(filled).mark_rule(**line).encode(**box),
        short.transform_filter(f"!({filled})").mark_rule(**line | {"color": expr(MUTED)}).encode(**box),
    ]
    dark = diverged.mark_rect(color=OUTCOME_COLOURS["diverged"], stroke=expr(PAPER), cursor="pointer")
    crossed = diverged.mark_rule(**line).encode(x="x2:Q", y="y:Q", x2="x:Q", y2="y2:Q")
    return [dark.encode(**box, tooltip=_tooltip()), *marks, crossed]


def _outline_mark(table: str, colour: Any, dash: list[int], width: float = 2) -> alt.Chart:
    outlined = alt.Chart(alt.NamedData(table)).encode(x="x:Q", y="y:Q", x2="x2:Q", y2="y2:Q")
    mark: alt.Chart = outlined.mark_rect(
        filled=False, fillOpacity=0, stroke=colour, strokeWidth=width, strokeDash=dash, strokeOpacity=1
    )
    return mark


def _name_mark(x: alt.X, y: alt.Y, *, stroke: bool) -> alt.Chart:
    halo: dict[str, Any] = {"stroke": expr(PAPER), "strokeWidth": 4, "opacity": 0.85} if stroke else {}
    names = alt.Chart(alt.NamedData("names")).encode(x=x, y=y, text="text:N")
    mark: alt.Chart = names.mark_text(fontSize=12, fontWeight="bold", color=expr(INK), **halo)
    return mark


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("alpha:Q", title="α", format=".4~g"),
        alt.Tooltip("temperature:Q", title="T", format=".4~g"),
        alt.Tooltip("learning_rate:Q", title="learning rate", format=".4~g"),
        alt.Tooltip("outcome:N"),
        alt.Tooltip("steps:Q", title="last step", format=","),
        alt.Tooltip("test_error:Q", title="test error", format=".3f"),
        alt.Tooltip("mu_y_share:Q", title="share that L explains", format=".2f"),
        alt.Tooltip("relative_weight_change:Q", title="|Δw| / |w₀|", format=".3~g"),
    ]


def _values(plane: Plane, steps: np.ndarray, measure: str) -> list[np.ndarray]:
    """Return each run's measure at each of `steps`; NaN where there is none (not fitted yet, diverged)."""
    found = []
    for table, last, outcome in zip(plane.history, plane.cells["steps"], plane.cells["outcome"], strict=True):
        if measure == "steps":
            values = np.where((steps >= last) & (outcome == "fitted"), last, np.nan)
        elif measure == "outcome":
            names = list(OUTCOME_COLOURS)
            values = np.where(steps >= last, names.index(outcome), names.index("unfinished")).astype(float)
        elif measure == "mu_y_share":
            values = over_frames(table.assign(mu_y_share=mu_share(table)), measure, steps, "step")[0]
        else:
            values = over_frames(table, measure, steps, "step")[0]
        found.append(np.where(values > 0, values, np.nan) if MEASURES[measure].log else values)
    return found


def _join(cells: Sequence[Mapping[str, Any]], plane: Plane, values: list[np.ndarray], steps: np.ndarray) -> Rows:
    """Return the cells with what their runs showed; the runs come in the order of the grid."""
    return [{**cell, **row} for cell, row in zip(cells, _run_rows(plane, values, steps), strict=True)]


def _run_rows(plane: Plane, values: list[np.ndarray], steps: np.ndarray) -> Rows:
    """Return one row a run: its measure over frames and what its tooltip says."""
    words = ("outcome",)
    numbers = ("learning_rate", "steps", "test_error", "mu_y_share", "relative_weight_change")
    ends = np.searchsorted(steps, plane.cells["steps"]).tolist()
    shown = {name: plane.cells[name].tolist() for name in words}
    shown |= {name: listed(plane.cells[name]) for name in numbers}
    return [
        {name: column[i] for name, column in shown.items()} | {"end": end, "v": listed(values[i], 3)}
        for i, end in enumerate(ends)
    ]


def _point_rows(off_grid: Plane | None, steps: np.ndarray, measure: str, chosen: tuple[float, float]) -> Rows:
    """Return the off-grid run's row; before it is trained, a point without colour."""
    place = {"x": round(float(np.log2(chosen[0])), 4), "y": round(float(np.log2(chosen[1])), 4)}
    place |= {"alpha": chosen[0], "temperature": chosen[1]}
    if off_grid is None:
        return [place | {"v": [None]}]
    return [{**row, **place} for row in _run_rows(off_grid, _values(off_grid, steps, measure), steps)]


def _on_grid(chosen: tuple[float, float], grid: tuple[Sequence[float], Sequence[float]]) -> bool:
    return chosen[0] in grid[0] and chosen[1] in grid[1]


def _outline(
    cell: tuple[float, float] | None,
    grid: tuple[Sequence[float], Sequence[float]],
    columns: list[tuple[float, float]],
    rows: list[tuple[float, float]],
) -> Rows:
    if cell is None or not _on_grid(cell, grid):
        return []
    (x, x2), (y, y2) = columns[list(grid[0]).index(cell[0])], rows[list(grid[1]).index(cell[1])]
    return [{"x": x, "x2": x2, "y": y, "y2": y2}]


def _edges(centres: np.ndarray) -> list[tuple[float, float]]:
    """Return the borders of cells around increasing centres, half-way between neighbours."""
    if len(centres) == 1:
        return [(round(float(centres[0]) - 0.5, 4), round(float(centres[0]) + 0.5, 4))]
    between = (centres[1:] + centres[:-1]) / 2
    borders = [2 * centres[0] - between[0], *between, 2 * centres[-1] - between[-1]]
    borders = [round(float(border), 4) for border in borders]
    return list(pairwise(borders))


def _name_rows(cells: pd.DataFrame) -> Rows:
    found = places(cells["regime"].to_numpy(), *(np.log2(cells[name].to_numpy()) for name in ("alpha", "temperature")))
    return [{"text": name, "x": round(x, 3), "y": round(y, 3)} for name, x, y in found]


def _colour_range(plane: Plane | None, values: list[np.ndarray], measure: str, *, played: bool) -> tuple[float, float]:
    """Return the ends of the colour scale: what fitted runs reach, and when steps are played what they pass through."""
    if plane is None or measure == "outcome":
        return 0.01, 1.0
    fitted = (plane.cells["outcome"] == "fitted").to_numpy()
    chosen = [v if played else v[-1:] for v, take in zip(values, fitted, strict=True) if take] or [
        v[-1:] for v in values
    ]
    finite = np.concatenate(chosen)
    finite = finite[np.isfinite(finite)]
    if not finite.size:
        return 0.01, 1.0
    low, high = (float(f"{end:.3g}") for end in (finite.min(), finite.max()))
    if MEASURES[measure].log and played:
        low = max(low, high * 1e-4)
    return (low, high) if high > low else (low * 0.9, low * 1.1 + 1e-6)
