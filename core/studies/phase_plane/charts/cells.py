"""What the cells of a phase plane of networks hold: rows that its heat map and its cross-sections share.

A cell is the mean over the seeds that fitted their data, at their fitting times (Sclocchi, Geiger, Wyart 2023,
2301.13703). Where too few did, where most diverged or where most were stopped it has no value but an outcome.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure import heat_map
from core.figure.figure import Table
from core.figure.heat_map import Box
from core.figure.measure import Measure, Place
from core.figure.rows import Floats, listed, over_frames, records

MEASURES: Mapping[str, Measure] = {
    "test_error": Measure("test error", "viridis", reverse=True),
    "steps": Measure("steps to fit", "cividis", reverse=True, log=True, format="~s"),
    "relative_weight_change": Measure("relative weight change |Δw| / |w₀|", "magma", log=True, format="~g"),
    "kernel_change": Measure("relative change of the kernel", "magma", log=True, format="~g"),
    "alignment": Measure("alignment of kernel and labels", "viridis", format=".2~f"),
}
"""What the plane can be coloured by: columns of `plane`, with `<measure>_deviation` over seeds beside them."""

COUNTS = ("fitted", "diverged", "unfinished")
OUTCOMES = ("few", "step_limit", "diverged", "unfinished")
"""Marks of cells that have no value; the table's `unfinished` is `step_limit` where the last seed took every step."""

DECADES = 1e4
"""A logarithmic scale reaches over so much at most."""


@dataclass(frozen=True)
class Cells:
    """The cells of one plane and one measure."""

    measure: str
    rectified: bool
    table: Table
    grid: Table  # every cell's borders, with or without a value
    edges: Box  # of the plane, in log2 alpha and log2 T or log2 (T / T_max)
    t: Place  # ends of log2 T
    last: Place  # of the values at the fitting time, and of those passed through
    passed: Place
    reach: Place  # of the values at the fitting time with their deviations


def cells(
    plane: pd.DataFrame,
    history: pd.DataFrame,
    steps: NDArray[np.int64],
    measure: str,
    *,
    rectified: bool = False,
) -> Cells:
    """Return the cells of one training-set and batch size.

    Args:
        plane: alpha, temperature, learning_rate, outcome, the counts of seeds, each measure and its deviation, and
            where that is asked for rectified, see `with_rectified`.
        history: alpha, temperature, step, the measures but steps, with deviations; a cell's steps ascend. May be empty:
            then nothing is passed through.
        steps: the snapshots, (frame,).
        measure: one of `MEASURES`.
        rectified: whether y is T / T_max(alpha); cells of an alpha at which nothing fitted then have no place.
    """
    placed = _placed(plane, rectified=rectified)
    if not len(placed):
        placed, rectified = _placed(plane, rectified=False), False
    values, deviations = placed[measure].to_numpy(np.float64), placed[f"{measure}_deviation"].to_numpy(np.float64)
    over, spread, ends = _passed(placed, history, steps, measure)
    kept = ("alpha", "temperature", "x", "x2", "y", "y2")
    rows = records(
        _columns(placed, kept, measure) | {"v": listed(over, 3), "d": listed(spread, 2), "end": ends.tolist()}
    )
    for row in rows:
        if row["outcome"] == "unfinished" and row["end"] == len(steps) - 1:
            row["outcome"] = "step_limit"
    t, how = np.log2(placed["temperature"].to_numpy()), MEASURES[measure]
    least = np.nanmin(np.where(values > 0, values, np.nan), initial=np.inf) / 2 if how.log else -np.inf
    top = values[np.isfinite(values)].max(initial=-np.inf) if how.log else -np.inf
    most = top if top > 0 else np.inf  # on its way a diverging run changes by 1e16, beside which all others are alike
    spans = np.concatenate([values, np.maximum(values - deviations, least), values + deviations])
    return Cells(
        measure,
        rectified,
        Table(rows),
        Table([{name: row[name] for name in kept} for row in rows]),
        heat_map.extent([heat_map.box(row) for row in rows]),
        (float(t.min()) - 0.5, float(t.max()) + 0.5),
        how.ends(values, DECADES),
        how.ends(np.concatenate([np.minimum(over.ravel(), most), values]), DECADES),
        how.ends(spans, DECADES),
    )


def with_rectified(plane: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Return the plane with `rectified`, T over the measured line `largest_temperature` at each alpha; NaN off it."""
    measured = lines[(lines["name"] == "largest_temperature") & ~lines["theory"].astype(bool)]
    top = dict(zip(measured["alpha"], measured["temperature"], strict=True))
    return plane.assign(rectified=plane["temperature"] / plane["alpha"].map(top).astype(float))


def largest(plane: pd.DataFrame) -> dict[float, float]:
    """Return T_max by alpha, from the column `rectified`; an alpha at which nothing fitted has none."""
    known = plane[np.isfinite(plane["rectified"].to_numpy(np.float64))]
    return {
        float(alpha): float((part["temperature"] / part["rectified"]).iloc[0])
        for alpha, part in known.groupby("alpha", sort=True)
    }


def _placed(plane: pd.DataFrame, *, rectified: bool) -> pd.DataFrame:
    """Return the cells with their borders x, x2 (log2 alpha) and y, y2 (log2 T or log2 T / T_max)."""
    found = plane.reset_index(drop=True)
    found = found.assign(**heat_map.edges(found, "alpha", "temperature"))
    if not rectified:
        return found
    shift = np.log2(found["temperature"].to_numpy(np.float64) / found["rectified"].to_numpy(np.float64))
    found = found.assign(y=np.round(found["y"] - shift, 4), y2=np.round(found["y2"] - shift, 4))
    kept: pd.DataFrame = found[np.isfinite(shift)].reset_index(drop=True)
    return kept


def _columns(placed: pd.DataFrame, kept: Sequence[str], measure: str) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {name: placed[name].tolist() for name in (*kept, *COUNTS, "outcome")}
    columns |= {"rate": listed(placed["learning_rate"]), "last": listed(placed[measure])}
    columns["last_d"] = listed(placed[f"{measure}_deviation"], 3)
    return columns | {f"at_{name}": listed(placed[name], 3) for name in MEASURES}


def _passed(
    placed: pd.DataFrame, history: pd.DataFrame, steps: NDArray[np.int64], measure: str
) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Return the measure and its deviation at each of `steps`, (cell, frame), and the frame of a cell's last step."""
    shape = (len(placed), len(steps))
    over, spread = np.full(shape, np.nan), np.full(shape, np.nan)
    ends = np.zeros(len(placed), np.int64)
    parts = dict(iter(history.groupby(["alpha", "temperature"], sort=False))) if len(history) else {}
    places = zip(placed["alpha"], placed["temperature"], strict=True)
    for i, key in enumerate(places):
        part = parts.get(key)
        if part is None:
            continue
        ends[i] = min(int(np.searchsorted(steps, part["step"].max())), len(steps) - 1)
        if measure != "steps":
            over[i], spread[i] = (over_frames(part, name, steps)[0] for name in (measure, f"{measure}_deviation"))
    if measure == "steps":
        ended = np.arange(len(steps)) >= ends[:, None]
        for into, name in ((over, measure), (spread, f"{measure}_deviation")):
            into[:] = np.where(ended, placed[name].to_numpy(np.float64)[:, None], np.nan)
    if MEASURES[measure].log:
        over[~(over > 0)] = np.nan
    return over, spread, ends
