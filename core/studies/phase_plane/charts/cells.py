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

from core.figure.figure import Rows, Table
from core.figure.heat_map import Measure, borders
from core.figure.rows import listed, over_frames, short

Floats = NDArray[np.float64]

MEASURES: Mapping[str, Measure] = {
    "test_error": Measure("test error", "viridis", reverse=True),
    "steps": Measure("steps to fit", "cividis", reverse=True, log=True, format="~s"),
    "relative_weight_change": Measure("relative weight change |Δw| / |w₀|", "magma", log=True, format="~g"),
    "kernel_change": Measure("relative change of the kernel", "magma", log=True, format="~g"),
    "alignment": Measure("alignment of kernel and labels", "viridis", format=".2~f"),
}
"""What the plane can be coloured by: columns of `plane`, with `<measure>_deviation` over seeds beside them."""

COUNTS = ("fitted", "diverged", "unfinished")
OUTCOMES = ("fitted", "few", "diverged", "unfinished")


@dataclass(frozen=True)
class Cells:
    """The cells of one plane and one measure."""

    measure: str
    rectified: bool
    table: Table
    grid: Table  # every cell's borders, with or without a value
    x: tuple[float, float]  # ends of log2 alpha
    y: tuple[float, float]  # ends of log2 T, or of log2 (T / T_max)
    t: tuple[float, float]  # ends of log2 T
    last: tuple[float, float]  # of the values at the fitting time, and of those passed through
    passed: tuple[float, float]
    reach: tuple[float, float]  # of the values at the fitting time with their deviations


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
    edges = placed[[*kept[2:]]].to_numpy()
    rows = _rows(placed, kept, measure)
    for i, row in enumerate(rows):
        row |= {"v": listed(over[i], 3), "d": listed(spread[i], 2), "end": int(ends[i])}
    grid = [{name: row[name] for name in kept} for row in rows]
    t = np.log2(placed["temperature"].to_numpy())
    return Cells(
        measure,
        rectified,
        Table(rows),
        Table(grid),
        (float(edges[:, 0].min()), float(edges[:, 1].max())),
        (float(edges[:, 2].min()), float(edges[:, 3].max())),
        (float(t.min()) - 0.5, float(t.max()) + 0.5),
        _range(values, measure),
        _range(np.concatenate([over.ravel(), values]), measure),
        _range(np.concatenate([values, values + deviations, values - deviations]), measure, floor=values),
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
    for low, high, name in (("x", "x2", "alpha"), ("y", "y2", "temperature")):
        centres = np.unique(found[name].to_numpy(np.float64))
        ends = np.array(borders(np.log2(centres)))[np.searchsorted(centres, found[name])]
        found = found.assign(**{low: ends[:, 0], high: ends[:, 1]})
    if not rectified:
        return found
    shift = np.log2(found["temperature"].to_numpy(np.float64) / found["rectified"].to_numpy(np.float64))
    found = found.assign(y=np.round(found["y"] - shift, 4), y2=np.round(found["y2"] - shift, 4))
    kept: pd.DataFrame = found[np.isfinite(shift)].reset_index(drop=True)
    return kept


def _rows(placed: pd.DataFrame, kept: Sequence[str], measure: str) -> list[dict[str, Any]]:
    columns: dict[str, list[Any]] = {name: placed[name].tolist() for name in (*kept, *COUNTS, "outcome")}
    columns["rate"] = listed(placed["learning_rate"])
    columns["last"], columns["last_d"] = listed(placed[measure]), listed(placed[f"{measure}_deviation"], 3)
    columns |= {f"at_{name}": listed(placed[name], 3) for name in MEASURES}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


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


def _range(values: Floats, measure: str, floor: Floats | None = None) -> tuple[float, float]:
    """Return the ends of a scale; a logarithmic one goes at most a factor of 2 below `floor`, or four decades deep."""
    known = values[np.isfinite(values)]
    log = MEASURES[measure].log
    if floor is not None and log and (floor[np.isfinite(floor)] > 0).any():
        known = np.maximum(known, floor[floor > 0].min() / 2)
    known = known[known > 0] if log else known
    if not known.size:
        return 0.01, 1.0
    low, high = short(known.min(), 3), short(known.max(), 3)
    low = max(low, high * 1e-4) if log else low
    return (low, high) if high > low else (low * 0.9 - (low == 0) * 1e-3, low * 1.1 + 1e-6)


def outline_rows(shown: Cells, chosen: tuple[float, float]) -> Rows:
    """Return the borders of the chosen cell, if it has a place."""
    place = {"alpha": chosen[0], "temperature": chosen[1]}
    return [
        {name: row[name] for name in ("x", "x2", "y", "y2")}
        for row in shown.grid.rows
        if all(row[name] == value for name, value in place.items())
    ]
