"""Columns of a Parquet file as a table of Arrow, which is never larger than the host allows.

A file says how many bytes it takes encoded; a cell of text stands there once for all rows that repeat it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from core.datasets.catalogue import DataError
from core.limits import limits

FRONT_CODED = "DELTA_BYTE_ARRAY"
"""An encoding in which a cell repeats the beginning of the one before: nothing tells how long cells are."""


def unpacked(content: bytes, columns: Sequence[str], what: str) -> Any:
    """Return columns of a Parquet file as a `pyarrow.Table`.

    Args:
        content: the file's bytes.
        columns: names of columns that it has.
        what: what the file is, for the sentence of an error.

    Raises:
        DataError: a column is nested or front coded, or all would take more bytes than `Limits.unpacked_bytes`.
        pyarrow.ArrowException: it is no Parquet file.
    """
    import pyarrow as pa
    from pyarrow import parquet

    facts = parquet.read_metadata(io.BytesIO(content))
    size, text = 0, []
    for place in range(facts.num_columns):
        column = facts.schema.column(place)
        if column.path.partition(".")[0] not in columns and column.path not in columns:
            continue
        chunks = [facts.row_group(group).column(place) for group in range(facts.num_row_groups)]
        if column.path != column.name or any(FRONT_CODED in chunk.encodings for chunk in chunks):
            raise DataError(f"{what}: plain columns of numbers or text; {column.path[:30]} is nested or front coded.")
        size += sum(chunk.total_uncompressed_size for chunk in chunks) + facts.num_rows * max(8, column.length)
        if column.physical_type == "BYTE_ARRAY":
            text.append(column.name)
    _check(size, what)
    table = parquet.read_table(io.BytesIO(content), columns=list(columns), read_dictionary=text)
    _check(size + sum(_letters(table.column(name)) for name in text), what)
    for name in text:
        place = table.column_names.index(name)
        table = table.set_column(place, name, table.column(name).cast(pa.string()))
    return table


def _letters(column: Any) -> int:
    """Return the bytes of a column of dictionaries, were each cell written out."""
    import pyarrow.compute as pc

    lengths = (pc.binary_length(chunk.dictionary).take(chunk.indices) for chunk in column.chunks)
    return sum(pc.sum(length).as_py() or 0 for length in lengths)


def _check(size: int, what: str) -> None:
    if size > (most := limits().unpacked_bytes):
        raise DataError(f"{what}: at most {most / 1e6:,.0f} MB unpacked; got {size / 1e6:,.0f} MB.")
