"""The tables of a plane of one's own: runs as they came, cells over any two axes, and a power law in a window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from core.observables.of_cells import outcomes, over_seeds
from core.observables.power_laws import exponent, wide_enough
from core.studies.own_plane.trajectory import OwnPlaneTrajectory


class Columns(NamedTuple):
    """Which columns a plane is over, and which colours it."""

    x: str
    y: str
    value: str


class Section(NamedTuple):
    """A line through a plane along one axis, at a value of the other."""

    along: str
    other: str
    at: float


FITTED = ("fitted", "stationary")
"""Outcomes of the runs that a mean is of."""


def columns_of(trajectory: OwnPlaneTrajectory, x: str = "", y: str = "", value: str = "") -> Columns:
    """Return these columns where the table has them for that, else those that it came with."""
    own = trajectory.columns[:2]
    x = x if x in trajectory.axis_names else own[0]
    y = y if y in trajectory.axis_names and y != x else next(name for name in own[::-1] if name != x)
    rest = [name for name in trajectory.columns if name not in (x, y)]
    first = next((name for name in ("test_error", *rest) if name in rest), rest[0])
    return Columns(x, y, value if value in rest else first)


def plane(rows: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """Return one row a cell: x, y, how its runs ended, and mean and deviation over those that fitted.

    Args:
        rows: a row a run, of `OwnPlaneTrajectory.rows`.
        columns: the axes and the value; a run without a number for that counts in no mean.
    """
    values = rows[columns.value].to_numpy(np.float64)
    ended = rows["outcome"].to_numpy()
    fitted = np.isin(ended, FITTED) & np.isfinite(values)
    places, cell = np.unique(rows[[columns.x, columns.y]].to_numpy(np.float64), axis=0, return_inverse=True)
    cell = cell.reshape(-1)
    slot = pd.Series(cell).groupby(cell).cumcount().to_numpy()
    dense = np.full((int(slot.max()) + 1, len(places)), np.nan)
    dense[slot, cell] = np.where(fitted, values, np.nan)

    def count(which: np.ndarray) -> np.ndarray:
        return np.bincount(cell[which], minlength=len(places))

    counts = {"fitted": count(fitted), "diverged": count(ended == "diverged")}
    counts["unfinished"] = count(np.isin(ended, ("step_limit", "unfinished")))
    ends = outcomes(**counts, seeds=len(dense))
    stopped = 2 * count(ended == "step_limit") >= counts["unfinished"]
    ends = np.where((ends == "unfinished") & stopped, "step_limit", ends)
    mean, deviation = over_seeds(np.where(ends == "fitted", dense, np.nan))
    about = {"x": places[:, 0], "y": places[:, 1], "runs": count(np.ones(len(cell), bool)), **counts, "outcome": ends}
    return pd.DataFrame(about | {"mean": mean, "deviation": deviation})


def named(cells: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """Return the rows of a plane with its axes by their own names, and the value's name beside its mean."""
    taken = {*cells.columns, "value"} - {"x", "y"}
    own = {place: name if name not in taken else f"axis_{name}" for place, name in (("x", columns.x), ("y", columns.y))}
    found = cells.rename(columns=own)
    found.insert(2, "value", columns.value)
    return found


def fit(rows: pd.DataFrame, columns: Columns, section: Section, window: tuple[float, float]) -> pd.DataFrame:
    """Return one row: the power law of the value along a section, over the fitted runs of cells within a window.

    Cells without a mean have no part in it. The window ends at the first and the last place that it holds; one that
    spans less than a factor of 4 has no exponent (`core.observables.power_laws.NARROWEST`). Standard errors are
    clustered over seeds; one seed has none.

    Args:
        rows: a row a run; columns: what is fitted; section: against what, and where.
        window: its ends; 0 for none.
    """
    cells = plane(rows, columns)
    along, other = ("x", "y") if section.along == columns.x else ("y", "x")
    known = cells[(cells[other] == section.at) & np.isfinite(cells["mean"])][along]
    mine = rows[(rows[section.other] == section.at) & rows["outcome"].isin(FITTED)]
    mine = mine[mine[section.along].isin(known)]
    mine = mine[(mine[columns.value] > 0) & np.isfinite(mine[columns.value]) & (mine[section.along] > 0)]
    low, high = window[0] or 0.0, window[1] or np.inf
    mine = mine[(mine[section.along] >= low * (1 - 1e-9)) & (mine[section.along] <= high * (1 + 1e-9))]
    against, quantity = (mine[name].to_numpy(np.float64) for name in (section.along, columns.value))
    ends = (float(against.min()), float(against.max())) if len(mine) else (np.nan, np.nan)
    found = (np.nan, np.nan)
    if len(mine) and wide_enough(*ends):
        found = exponent(against.tolist(), quantity.tolist(), mine["seed"].tolist(), [0.0] * len(mine))
    row = {"quantity": columns.value, "against": section.along, "exponent": found[0], "standard_error": found[1]}
    row |= {"low": ends[0], "high": ends[1], "held": section.other, "held_at": section.at, "runs": len(mine)}
    return pd.DataFrame([row])


def curves(rows: pd.DataFrame, columns: Columns, place: tuple[float, float]) -> pd.DataFrame:
    """Return one row a step at which runs of a cell have a number: mean, least and greatest over its seeds.

    A run counts with its latest number until its own last step.
    """
    mine = rows[(rows[columns.x] == place[0]) & (rows[columns.y] == place[1])]
    by_seed = mine.pivot_table(index="step", columns="seed", values=columns.value, aggfunc="mean")
    by_seed = by_seed.replace([np.inf, -np.inf], np.nan).ffill(limit_area="inside")
    found = {"step": by_seed.index.to_numpy(), "mean": by_seed.mean(axis=1).to_numpy()}
    found |= {"least": by_seed.min(axis=1).to_numpy(), "greatest": by_seed.max(axis=1).to_numpy()}
    return pd.DataFrame(found)


def runs(trajectory: OwnPlaneTrajectory) -> pd.DataFrame:
    """Return the table as it was read: one row a run, or a run and step."""
    return trajectory.rows


def cells(trajectory: OwnPlaneTrajectory) -> pd.DataFrame:
    """Return one row a cell and value, over the two axes that the table came with."""
    ends, own = trajectory.rows[trajectory.last], trajectory.columns
    every = [Columns(own[0], own[1], value) for value in own[2:]]
    return pd.concat([named(plane(ends, columns), columns) for columns in every], ignore_index=True)


TABLES: Mapping[str, Callable[[OwnPlaneTrajectory], pd.DataFrame]] = {"runs": runs, "cells": cells}
"""The tables by the name of their CSV file."""
