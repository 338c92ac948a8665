"""What the cells of the (alpha, T) plane hold: rows for its chart, and the ends of their colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.figure.figure import Rows, Table
from core.figure.heat_map import OUTCOMES, Measure, borders
from core.figure.rows import listed, over_frames, short
from core.observables.regimes import places
from core.studies.explorer.tables import mu_share

MEASURES: Mapping[str, Measure] = {
    "test_error": Measure("test error", "viridis", reverse=True),
    "steps": Measure("steps to fit", "cividis", reverse=True, log=True, format="~s"),
    "relative_weight_change": Measure("relative weight change |Δw| / |w₀|", "magma", log=True, format="~g"),
    "mu_y_share": Measure("share that L explains, μ_Y / I(F;Y)", "viridis", format=".2~f"),
    "kink_displacement": Measure("kink displacement / initial spread", "magma", log=True, format="~g"),
    "outcome": Measure("outcome", ""),
}
"""What the plane can be coloured by: columns of `frames.plane` and, over time, of `frames.information_table`."""

NAME_COLUMNS = 6
"""Columns of a 12 x 12 plane that the name of a region may reach over."""


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
    columns, rows = (borders(np.log2(values)) for values in grid)
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


def _values(plane: Plane, steps: np.ndarray, measure: str) -> list[np.ndarray]:
    """Return each run's measure at each of `steps`; NaN where there is none (not fitted yet, diverged)."""
    found = []
    for table, last, outcome in zip(plane.history, plane.cells["steps"], plane.cells["outcome"], strict=True):
        if measure == "steps":
            values = np.where((steps >= last) & (outcome == "fitted"), last, np.nan)
        elif measure == "outcome":
            names = OUTCOMES
            values = np.where(steps >= last, names.index(outcome), names.index("unfinished")).astype(float)
        elif measure == "mu_y_share":
            values = over_frames(table.assign(mu_y_share=mu_share(table)), measure, steps)[0]
        else:
            values = over_frames(table, measure, steps)[0]
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


def point_rows(off_grid: Plane | None, steps: np.ndarray, measure: str, chosen: tuple[float, float]) -> Rows:
    """Return the off-grid run's row; before it is trained, a point without colour."""
    place = {"x": round(float(np.log2(chosen[0])), 4), "y": round(float(np.log2(chosen[1])), 4)}
    place |= {"alpha": chosen[0], "temperature": chosen[1]}
    if off_grid is None:
        return [place | {"v": [None]}]
    return [{**row, **place} for row in _run_rows(off_grid, _values(off_grid, steps, measure), steps)]


def on_grid(chosen: tuple[float, float], grid: tuple[Sequence[float], Sequence[float]]) -> bool:
    """Return whether alpha and T are a cell's."""
    return chosen[0] in grid[0] and chosen[1] in grid[1]


def outline(
    cell: tuple[float, float] | None,
    grid: tuple[Sequence[float], Sequence[float]],
    columns: list[tuple[float, float]],
    rows: list[tuple[float, float]],
) -> Rows:
    """Return the borders of a cell, if it is one."""
    if cell is None or not on_grid(cell, grid):
        return []
    (x, x2), (y, y2) = columns[list(grid[0]).index(cell[0])], rows[list(grid[1]).index(cell[1])]
    return [{"x": x, "x2": x2, "y": y, "y2": y2}]


def beside(names: Rows, outlines: Rows, middle: float) -> Rows:
    """Return the names of the regions, those under an outline moved a row away from it, toward the `middle` of y."""
    moved = []
    for name in names:
        y = name["y"]
        for box in outlines:
            near = abs(name["x"] - (box["x"] + box["x2"]) / 2) < NAME_COLUMNS / 2 * (box["x2"] - box["x"])
            if near and box["y"] < name["y"] < box["y2"]:
                height = box["y2"] - box["y"]
                y = round(name["y"] + (height if name["y"] < middle else -height), 3)
        moved.append({**name, "y": y})
    return moved


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
    low, high = (short(end, 3) for end in (finite.min(), finite.max()))
    if MEASURES[measure].log and played:
        low = max(low, high * 1e-4)
    return (low, high) if high > low else (low * 0.9, low * 1.1 + 1e-6)
