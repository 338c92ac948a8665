"""Tables as files. The same tables feed the charts and the CSV; `core.columns` is their dictionary."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pandas as pd

from core.experiment import to_json
from core.study import study_of
from core.trajectory import Trajectory


def to_csv(table: pd.DataFrame) -> bytes:
    """Return the table as CSV: a header of plain names, shortest digits that read back the same, NaN as nothing."""
    import pyarrow as pa
    import pyarrow.csv as pa_csv

    sink = pa.BufferOutputStream()
    sink.write((",".join(table.columns) + "\n").encode())
    options = pa_csv.WriteOptions(include_header=False, quoting_style="needed")
    pa_csv.write_csv(pa.Table.from_pandas(table, preserve_index=False), sink, options)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def files(trajectory: Trajectory) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of every file that a training gives: a CSV a table, and the experiment."""
    tables = study_of(trajectory.experiment).tables()
    yield "experiment.json", (to_json(trajectory.experiment) + "\n").encode()
    with ThreadPoolExecutor() as pool:  # Arrow writes without the interpreter's lock
        contents = pool.map(lambda table: to_csv(table(trajectory)), tables.values())
        yield from zip((f"{name}.csv" for name in tables), contents, strict=True)
