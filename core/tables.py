"""Tables as files. The same tables feed the charts and the CSV; `core.columns` is their dictionary."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import pandas as pd

from core.columns import columns
from core.experiment import Experiment, to_json
from core.study import study_of
from core.trajectory import Trajectory

Form = Literal["csv", "parquet"]
FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d.]|inf)")
"""How text begins that a spreadsheet computes; `-1` and `+0.5` are numbers."""


def to_csv(table: pd.DataFrame) -> bytes:
    """Return the table as CSV: shortest digits that read back the same, NaN as nothing, quotes where needed."""
    import pyarrow as pa
    import pyarrow.csv as pa_csv

    sink = pa.BufferOutputStream()
    header = io.StringIO()  # by the standard library: Arrow quotes every name
    csv.writer(header, lineterminator="\n").writerow(_plain(name) for name in table.columns)
    sink.write(header.getvalue().encode())
    options = pa_csv.WriteOptions(include_header=False, quoting_style="needed")
    pa_csv.write_csv(pa.Table.from_pandas(_harmless(table), preserve_index=False), sink, options)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _harmless(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with an apostrophe before text that a spreadsheet would take for a formula; numbers stay."""
    found = table
    for name in table.columns[[not pd.api.types.is_numeric_dtype(kind) for kind in table.dtypes]]:
        cells = (cell for cell in table[name].unique() if isinstance(cell, str))
        if formulas := {cell: _plain(cell) for cell in cells if FORMULA.match(cell)}:
            found = found.assign(**{name: table[name].astype(object).replace(formulas)})
    return found


def _plain(text: str) -> str:
    """Return text that a spreadsheet shows as it is."""
    return f"'{text}" if FORMULA.match(text) else text


def described(table: pd.DataFrame, experiment: Experiment) -> pd.DataFrame:
    """Return the table with the experiment as JSON and every column's unit and meaning in its `attrs`."""
    known, found = columns(), table.copy(deep=False)
    named = ((name, known[name]) for name in table.columns if name in known)
    meanings = {name: {"unit": unit, "meaning": text} for name, (unit, text) in named}
    found.attrs = {"experiment": to_json(experiment), "columns": meanings}
    return found


def to_parquet(table: pd.DataFrame) -> bytes:
    """Return the table as Parquet; its `attrs` are in the file's metadata, from where pandas reads them back."""
    content: bytes = table.to_parquet(index=False)
    return content


def files(trajectory: Trajectory, form: Form = "csv") -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of every file that a training gives: one a table, and the experiment."""
    experiment, tables = trajectory.experiment, study_of(trajectory.experiment).tables()

    def content(table: Callable[[Trajectory], pd.DataFrame]) -> bytes:
        rows = table(trajectory)
        return to_csv(rows) if form == "csv" else to_parquet(described(rows, experiment))

    yield "experiment.json", (to_json(experiment) + "\n").encode()
    with ThreadPoolExecutor() as pool:  # Arrow writes without the interpreter's lock
        yield from zip((f"{name}.{form}" for name in tables), pool.map(content, tables.values()), strict=True)
