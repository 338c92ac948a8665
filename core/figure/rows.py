"""Arrays and tables as rows of a figure: short numbers, list columns with an entry a snapshot, None for no number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def records(columns: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Return the rows of equally long columns."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def named_runs(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Return the rows of several runs, each with the name of its run."""
    return [{**row, "run": run} for run, own in rows.items() for row in own]


def listed(values: ArrayLike, digits: int = 4) -> list[Any]:
    """Return nested lists of numbers with so many significant digits; what is not finite becomes None."""
    array = np.asarray(values, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        place = np.where((array == 0) | ~np.isfinite(array), 0, np.floor(np.log10(np.abs(array))))
        power = 10.0 ** (digits - 1 - place)
        short = np.round(array * power) / power
    whole = short.astype(object)
    whole[~np.isfinite(array)] = None
    return list(whole.tolist())


def rounded(values: Floats, decimals: int) -> list[Any]:
    """Return nested lists of numbers with so many decimals; what is not finite becomes None."""
    short = np.round(values, decimals) + 0.0  # -0.0 is a byte longer than 0.0
    found = short.astype(object)
    found[~np.isfinite(short)] = None
    return list(found.tolist())


def short(value: float, digits: int = 4) -> float:
    """Return a number with so many significant digits."""
    return float(f"{value:.{digits}g}")


def over_frames(table: pd.DataFrame, column: str, steps: NDArray[np.int64]) -> Floats:
    """Return one run's `column` as (unit, frame): at each of `steps`, the last recorded value at or before it.

    The table has one row a step and unit, in that order.
    """
    recorded = table["step"].to_numpy()
    units = int((recorded == recorded[0]).sum())
    values = table[column].to_numpy(np.float64).reshape(-1, units)  # (recorded, unit)
    held = np.searchsorted(recorded[::units], steps, side="right") - 1
    return values[held].T


def mean_of_known(values: Floats) -> Floats:
    """Return the mean of (seed, frame) over the seeds that are numbers, (frame,); NaN where none is."""
    known = np.isfinite(values)
    count = known.sum(axis=0)
    total = np.where(known, values, 0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def side_by_side(count: int, gap: float) -> Floats:
    """Return factors by which marks at one place of a logarithmic axis stand `gap` apart, as a share of e."""
    found: Floats = np.exp(gap * (np.arange(count) - (count - 1) / 2))
    return found
