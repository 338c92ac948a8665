"""Recordings as long tables: a row a recorded step and example, in CSV or Parquet."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.recorded.bounded import MAX_ROWS, check_size, unreadable
from core.recorded.parquet import unpacked
from core.recorded.recorded import CLASSES, Recorded, refused

Array = NDArray[Any]

COLUMNS = ("step", "example", "prediction", "label")
"""The columns that are needed, by the only names that they go by."""


def of_csv(content: bytes) -> Recorded:
    """Return the recording in a CSV file with the columns of `COLUMNS`; raise DataError for anything else."""
    check_size(len(content))
    import pyarrow as pa
    from pyarrow import csv

    if (lines := content.count(b"\n")) > MAX_ROWS + 1:
        raise refused("rows", f"at most {MAX_ROWS:,}", f"{lines:,}")
    try:
        names = csv.open_csv(io.BytesIO(content)).schema.names
        _check_columns(names)
        how = csv.ConvertOptions(include_columns=list(COLUMNS), strings_can_be_null=True)
        return _of_table(csv.read_csv(io.BytesIO(content), convert_options=how))
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise unreadable("a CSV file", error) from None


def of_parquet(content: bytes) -> Recorded:
    """Return the recording in a Parquet file with the columns of `COLUMNS`; raise DataError for anything else."""
    check_size(len(content))
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        if (rows := file.metadata.num_rows) > MAX_ROWS:
            raise refused("rows", f"at most {MAX_ROWS:,}", f"{rows:,}")
        _check_columns(file.schema_arrow.names)
        return _of_table(unpacked(content, COLUMNS, "recording"))
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise unreadable("a Parquet file", error) from None


def _check_columns(names: Sequence[str]) -> None:
    if missing := [name for name in COLUMNS if list(names).count(name) != 1]:
        there = ", ".join(str(name)[:30] for name in names[:8])
        raise refused("columns", f"{', '.join(COLUMNS)}, each once; {', '.join(missing)} is not there once", there)


def _of_table(table: Any) -> Recorded:
    """Return the recording of a table of Arrow; its rows may come in any order."""
    if not table.num_rows:
        raise refused("rows", "a row a recorded step and example", "none")
    steps, examples = (_numbered(name, table.column(name)) for name in COLUMNS[:2])
    (predictions, labels), names = _classes(table)
    step, row = np.unique(steps, return_inverse=True)
    example, column = np.unique(examples, return_inverse=True)
    if len(step) * len(example) != len(steps):
        allowed = f"{len(example):,} examples at each of {len(step):,} steps, a row each"
        raise refused("rows", allowed, f"{len(steps):,}")
    whole = np.full((len(step), len(example)), -1)
    whole[row, column] = predictions
    if (whole < 0).any():
        place, point = np.argwhere(whole < 0)[0]
        raise refused(
            "rows", "each example once a step", f"example {example[point]} not at step {step[place]}, or twice"
        )
    told = np.full(len(example), -1)
    some = labels >= 0
    told[column[some]] = labels[some]
    if (told < 0).any():
        raise refused("label", "one for every example, in one of its rows at least", f"none of {example[told < 0][0]}")
    if (told[column[some]] != labels[some]).any():
        other = example[column[some][told[column[some]] != labels[some]][0]]
        raise refused("label", "the same at all steps", f"two of example {other}")
    plain = names == tuple(str(number) for number in range(len(names)))
    return Recorded(
        steps=step,
        predictions=whole,
        labels=told,
        classes=len(names) if plain else 0,
        class_names=() if plain else names,
    )


def _numbered(name: str, column: Any) -> NDArray[np.int64]:
    import pyarrow as pa

    if not pa.types.is_integer(column.type) or column.null_count:
        what = "an empty cell" if column.null_count else f"values of type {column.type}"
        raise refused(name, "whole numbers in every row", what)
    found: NDArray[np.int64] = column.to_numpy().astype(np.int64)
    return found


def _classes(table: Any) -> tuple[tuple[Array, Array], tuple[str, ...]]:
    """Return predictions and labels as whole numbers from 0 (-1: empty), and the names of the classes."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = [table.column(name).combine_chunks() for name in COLUMNS[2:]]
    if parts[0].null_count:
        raise refused("prediction", "a class in every row", "an empty cell or NaN")
    if all(pa.types.is_integer(part.type) for part in parts):
        whole = [pc.fill_null(part.cast(pa.int64()), -1) for part in parts]
        predictions, labels = (part.to_numpy(zero_copy_only=False) for part in whole)
        if min(predictions.min(), labels.min()) < (-1 if parts[1].null_count else 0):
            raise refused("prediction", "classes from 0, or words", min(predictions.min(), labels.min()))
        if (high := max(predictions.max(), labels.max())) >= CLASSES[1]:
            raise refused("prediction", f"at most {CLASSES[1]:,} classes, numbered from 0", high)
        if predictions.max() > labels.max():
            raise refused("prediction", f"classes 0 to {labels.max()}, those of the labels", predictions.max())
        return (predictions, labels), tuple(str(number) for number in range(int(labels.max()) + 1))
    if any(pa.types.is_floating(part.type) for part in parts):
        raise refused("prediction", "classes as whole numbers or words", "fractions or NaN")
    words = [pc.fill_null(part.cast(pa.string()), "").to_pylist() for part in parts]
    names = sorted(set(words[1]) - {""})
    if not len(names) <= CLASSES[1]:
        raise refused("label", f"at most {CLASSES[1]:,} classes", f"{len(names):,}")
    numbers = {name: number for number, name in enumerate(names)} | {"": -1}
    if other := set(words[0]) - set(numbers):
        raise refused("prediction", f"one of the labels ({', '.join(names[:6])})", repr(min(other)[:40]))
    predictions, labels = (np.array([numbers[word] for word in part]) for part in words)
    return (predictions, labels), tuple(name[:60] for name in names)
