"""A CSV or Parquet file of runs: what it has to hold, checked before anything is kept.

A row is a run in its last state; in long form, with a column `step`, a run at one of its steps.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.datasets import DataError
from core.recorded.parquet import unpacked
from core.trajectory import FITTED, OUTCOMES

MAX_BYTES = 64_000_000
MAX_ROWS, MAX_COLUMNS, MAX_LETTERS = 200_000, 100, 60
VALUES = (2, 100)
"""Fewest and most different values of an axis."""
WIDE = ("alpha", "temperature")
"""The axes where a table has both; else the first two columns that can be."""
RECORDING = {"example", "prediction"}
"""Columns of a recording of predictions, which is no table of runs."""
NEEDED = (
    "two numeric axes and a value, besides seed, step and outcome if there are any; a recording of predictions has "
    "step, example, prediction and label"
)


@dataclass(frozen=True, eq=False)
class Runs:
    """A table of runs that has been checked; rows are in the order of run and step."""

    columns: tuple[str, ...]
    """The numeric ones, the two axes first."""
    values: NDArray[np.float64]
    """(row, column), NaN where a cell is empty."""
    run: NDArray[np.int32]
    """(row,), the number of the run: one a place on the axes and seed."""
    seed: NDArray[np.int64]
    step: NDArray[np.int64]
    """(row,), 0 without a column of that name."""
    ended: NDArray[np.int8]
    """(row,), how the run ended, by its last row: an entry of `core.trajectory.OUTCOMES`."""
    left_out: tuple[str, ...] = ()
    """Columns of text, which nothing here reads."""


def read(content: bytes) -> Runs | None:
    """Return the runs in a file's bytes; None if it is no table, or one of a recording.

    Raises:
        DataError: it is not as it has to be: one sentence.
    """
    if content[:4] == b"PK\x03\x04" or (content[:4] != b"PAR1" and (content[:1] == b"\x80" or b"\0" in content[:4096])):
        return None
    if len(content) > MAX_BYTES:
        raise DataError(f"runs: a file of at most {MAX_BYTES // 10**6} MB; got {len(content) / 1e6:.0f} MB.")
    import pyarrow as pa

    try:
        table = _parquet(content) if content[:4] == b"PAR1" else _csv(content)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, UnicodeDecodeError, OSError) as error:
        raise DataError(f"runs: a CSV or Parquet file; this one cannot be read ({str(error)[:120]}).") from None
    return None if table is None else checked(table)


def _csv(content: bytes) -> pd.DataFrame | None:
    from pyarrow import csv

    try:
        content.decode()
    except UnicodeDecodeError:  # as spreadsheets write it
        content = content.decode("cp1252", "replace").encode()
    names = csv.open_csv(io.BytesIO(content)).schema.names
    if set(names) & RECORDING:
        return None
    _check_size(content.count(b"\n") - 1, names)
    found: pd.DataFrame = csv.read_csv(io.BytesIO(content)).to_pandas()
    return found


def _parquet(content: bytes) -> pd.DataFrame | None:
    from pyarrow import parquet

    file = parquet.ParquetFile(io.BytesIO(content))
    names = [name for name in file.schema_arrow.names if not name.startswith("__index_level_")]
    if set(names) & RECORDING:
        return None
    _check_size(file.metadata.num_rows, names)
    found: pd.DataFrame = unpacked(content, names, "runs").to_pandas().reset_index(drop=True)
    return found[names]


def _check_size(rows: int, names: Sequence[str]) -> None:
    """Raise DataError, before a row is read, for more rows or columns than are read, or names that are none."""
    if rows > MAX_ROWS:
        raise refused("rows", f"at most {MAX_ROWS:,}", f"{rows:,}")
    if len(names) > MAX_COLUMNS:
        raise refused("columns", f"at most {MAX_COLUMNS}", f"{len(names):,}")
    if twice := [name for name in names if list(names).count(name) > 1]:
        raise refused("columns", "names that differ", f"{twice[0][:30]} twice")
    if bad := [name for name in names if not 0 < len(name.strip()) <= MAX_LETTERS or set(name) & set("\n<>[]")]:
        raise refused("columns", f"names of 1 to {MAX_LETTERS} letters, none of them < > [ ]", repr(bad[0][:30]))


def checked(table: pd.DataFrame) -> Runs:
    """Return the runs of a table; raise DataError where it is not as it has to be."""
    if not len(table):
        raise refused("rows", "a row a run, or a run and step", "none")
    seed, step = (_whole(table, name) for name in ("seed", "step"))
    ended = _outcomes(table)
    rest = [name for name in table.columns if name not in ("seed", "step", "outcome")]
    numeric = {name: found for name in rest if (found := _numbers(table, name)) is not None}
    axes = _axes(numeric, table)
    values = [name for name in numeric if name not in axes and np.isfinite(numeric[name]).any()]
    if not values:
        raise refused("values", f"a numeric column besides the axes {axes[0]} and {axes[1]}", _named(table))
    columns = (*axes, *values)
    places = np.stack([numeric[axes[0]], numeric[axes[1]], seed], axis=1)  # (row, 3)
    _, run = np.unique(places, axis=0, return_inverse=True)
    run = run.reshape(-1)  # NumPy 2.0 has it (row, 1)
    order = np.lexsort((step, run))
    same = (np.diff(run[order]) == 0) & (np.diff(step[order]) == 0)
    if same.any():
        one, other = sorted(order[int(np.argmax(same)) :][:2] + 2)
        at = ", ".join(f"{name} = {numeric[name][one - 2]:g}" for name in axes)
        what = f"{at}, seed {seed[one - 2]}" + (f", step {step[one - 2]}" if "step" in table else "")
        raise refused("rows", "each place on the axes, seed and step once", f"{what} in rows {one} and {other}")
    return Runs(
        columns=columns,
        values=np.stack([numeric[name] for name in columns], axis=1)[order],
        run=run[order].astype(np.int32),
        seed=seed[order],
        step=step[order],
        ended=ended[order],
        left_out=tuple(name for name in rest if name not in columns),
    )


def _axes(numeric: dict[str, NDArray[np.float64]], table: pd.DataFrame) -> tuple[str, str]:
    """Return the two columns that the plane is over."""
    can = [name for name, values in numeric.items() if is_axis(values)]
    first = [name for name in WIDE if name in can]
    found = first if len(first) == len(WIDE) else can[:2]
    if len(found) < 2:
        few, most = VALUES
        allowed = f"two numeric columns of {few} to {most} different values each, without empty cells"
        raise refused("axes", allowed, f"{found[0]} alone; the columns are {_named(table)}" if found else _named(table))
    return found[0], found[1]


def is_axis(values: NDArray[np.float64]) -> bool:
    """Whether a plane may be over a column, (row,)."""
    return bool(np.isfinite(values).all() and VALUES[0] <= len(np.unique(values)) <= VALUES[1])


def _numbers(table: pd.DataFrame, name: str) -> NDArray[np.float64] | None:
    """Return a column as numbers, NaN where it is empty; None if it holds text alone."""
    column = table[name]
    if pd.api.types.is_numeric_dtype(column):
        found: NDArray[np.float64] = column.to_numpy(np.float64, na_value=np.nan)
        return found
    known = column.notna() & (column.astype(str).str.strip() != "")
    read = pd.to_numeric(column.astype(str).where(known), errors="coerce")
    text = known & read.isna()
    if read.notna().any() and text.any():
        row = int(np.argmax(text.to_numpy()))
        raise refused(name, "numbers in every row, or nothing", f"{str(column[row])[:30]!r} in row {row + 2}")
    return np.asarray(read, np.float64) if read.notna().any() else None


def _whole(table: pd.DataFrame, name: str) -> NDArray[np.int64]:
    """Return seeds or steps, (row,): zeros where there is no such column."""
    if name not in table:
        return np.zeros(len(table), np.int64)
    found = _numbers(table, name)
    if found is None:
        raise refused(name, "whole numbers", f"{str(table[name][0])[:30]!r} in row 2")
    bad = ~((found >= 0) & (found <= 10**12) & (found == np.floor(found)))
    if bad.any():
        row = int(np.argmax(bad))
        raise refused(name, "whole numbers from 0 to 10^12 in every row", f"{found[row]:g} in row {row + 2}")
    return found.astype(np.int64)


def _outcomes(table: pd.DataFrame) -> NDArray[np.int8]:
    """Return how each row's run ended, (row,); without such a column every run counts as one that fitted."""
    if "outcome" not in table:
        return np.full(len(table), FITTED, np.int8)
    words = table["outcome"].astype(str)
    bad = ~words.isin(OUTCOMES)
    if bad.any():
        row = int(np.argmax(bad.to_numpy()))
        raise refused("outcome", f"one of {', '.join(OUTCOMES)}", f"{words[row][:30]!r} in row {row + 2}")
    return np.asarray(words.map(OUTCOMES.index), np.int8)


def _named(table: pd.DataFrame) -> str:
    names = [str(name)[:30] for name in table.columns]
    return ", ".join(names[:8]) + (", …" if len(names) > 8 else "")


def refused(name: str, allowed: str, came: Any) -> DataError:
    """Return the error that says what is refused, in the one form, and what such a table holds."""
    what = f" (a table of runs has {NEEDED})" if name in ("axes", "values") else ""
    return DataError(f"runs: {name}: {allowed}{what}; got {came}.")
