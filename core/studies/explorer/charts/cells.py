"""What the cells of the (alpha, T) plane hold: rows for its chart, and the ends of their colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.figure import heat_map
from core.figure.figure import Rows, Table
from core.figure.measure import Place
from core.figure.rows import Floats, listed, over_frames, records
from core.studies.explorer.linearised import MEASURES as OF_LINEARISED
from core.studies.explorer.linearised import NAMES
from core.studies.explorer.measures import MEASURES
from core.studies.explorer.tables import mu_share
from core.trajectory import OUTCOMES

DECADES = 1e4
"""Colours of what is played reach over so much at most."""


@dataclass(frozen=True)
class Plane:
    """One seed's cells: `cells` is the table `plane`, one row a run; `history` each row's table `information`."""

    cells: pd.DataFrame
    history: Sequence[pd.DataFrame]
    linearised: Sequence[pd.DataFrame | None] | None = None
    """Each row's `linearised_history`, where there are these; then `cells` has the measures and the regime of them."""


@dataclass(frozen=True)
class Ground:
    """What of the figure does not depend on the run that is chosen; made once for a plane and a measure."""

    measure: str
    tables: Mapping[str, Table]
    named: Sequence[tuple[str, Sequence[Place]]]  # regions, each with its places
    ranges: tuple[Place, Place]  # of the colours: in the last state, and while played


def ground(
    plane: Plane | None, grid: tuple[Sequence[float], Sequence[float]], steps: np.ndarray, measure: str
) -> Ground:
    """Return the cells of a plane.

    Args:
        plane: the runs, or None while the plane is not trained: then the empty grid is drawn.
        grid: the alphas and temperatures of the cells; steps: the snapshots; measure: a key of MEASURES.
    """
    places = pd.DataFrame([(a, t) for a in grid[0] for t in grid[1]], columns=["alpha", "temperature"])
    columns = {name: places[name].tolist() for name in ("alpha", "temperature")}
    cells = records(columns | heat_map.edges(places, "alpha", "temperature"))
    if plane is None:
        return Ground(measure, {"grid": Table(cells), "cells": Table([])}, [], ((0.01, 1.0),) * 2)
    shown = _values(plane, steps, measure)
    full = [{**cell, **row} for cell, row in zip(cells, _run_rows(plane, shown, steps), strict=True)]
    named = heat_map.region_places(list(plane.cells["regime"]), [heat_map.box(row) for row in cells], NAMES)
    return Ground(measure, {"grid": Table(cells), "cells": Table(full)}, named, _ranges(plane, shown, measure))


def _values(plane: Plane, steps: np.ndarray, measure: str) -> list[Floats]:
    """Return each run's measure at each of `steps`; NaN where there is none (not fitted yet, diverged)."""
    found = []
    beside = plane.linearised or [None] * len(plane.cells)
    ends = zip(plane.history, beside, plane.cells["steps"], plane.cells["outcome"], strict=True)
    for table, linearised, last, outcome in ends:
        if measure == "steps":
            values = np.where((steps >= last) & (outcome == "fitted"), last, np.nan)
        elif measure == "outcome":
            values = np.where(steps >= last, OUTCOMES.index(outcome), OUTCOMES.index("unfinished")).astype(float)
        elif measure in OF_LINEARISED:
            values = np.full(len(steps), np.nan) if linearised is None else over_frames(linearised, measure, steps)[0]
        elif measure == "mu_y_share":
            values = over_frames(table.assign(mu_y_share=mu_share(table)), measure, steps)[0]
        else:
            values = over_frames(table, measure, steps)[0]
        found.append(np.where(values > 0, values, np.nan) if MEASURES[measure].log else values)
    return found


def _run_rows(plane: Plane, values: list[Floats], steps: np.ndarray) -> list[dict[str, Any]]:
    """Return one row a run: its measure over frames and what its tooltip says."""
    numbers = ("learning_rate", "steps", "test_error", "mu_y_share", "relative_weight_change")
    columns = {"outcome": plane.cells["outcome"].tolist()} | {name: listed(plane.cells[name]) for name in numbers}
    columns["end"] = np.searchsorted(steps, plane.cells["steps"]).tolist()
    return records(columns | {"v": [listed(of_run, 3) for of_run in values]})


def point_rows(off_grid: Plane | None, steps: np.ndarray, measure: str, chosen: tuple[float, float]) -> Rows:
    """Return the off-grid run's row; before it is trained, a point without colour."""
    place = {"x": round(float(np.log2(chosen[0])), 4), "y": round(float(np.log2(chosen[1])), 4)}
    place |= {"alpha": chosen[0], "temperature": chosen[1]}
    if off_grid is None:
        return [place | {"v": [None]}]
    return [{**row, **place} for row in _run_rows(off_grid, _values(off_grid, steps, measure), steps)]


def _ranges(plane: Plane, values: list[Floats], measure: str) -> tuple[Place, Place]:
    """Return the ends of the colour scale: what fitted runs reach, and when steps are played what they pass through."""
    fitted = (plane.cells["outcome"] == "fitted").to_numpy()
    taken = [v for v, take in zip(values, fitted, strict=True) if take]
    last = np.concatenate([v[-1:] for v in taken or values])
    passed = np.concatenate(taken) if taken else last
    how = MEASURES[measure]
    return how.ends(last), how.ends(passed, DECADES)
