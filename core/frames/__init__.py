"""Trajectory -> tidy tables. The same tables feed the charts and the CSV files; `COLUMNS` is their dictionary."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pandas as pd

from core.experiments import to_json
from core.frames import (
    basin,
    complexity,
    depths,
    directions,
    explorer,
    line,
    linear_model,
    modes,
    moons,
    perceptron,
    phase_plane,
    shades,
    starvation,
    strengths,
)
from core.frames.columns import COLUMNS
from core.frames.explorer import function, history, information_table, kinks, mu_share, plane, points
from core.trajectory import Trajectory

__all__ = [
    "COLUMNS",
    "TABLES",
    "files",
    "function",
    "history",
    "information_table",
    "kinks",
    "mu_share",
    "plane",
    "points",
    "to_csv",
]

TABLES: Mapping[str, Mapping[str, Callable[[Any], pd.DataFrame]]] = {
    "explorer": explorer.TABLES,
    "kinks": line.TABLES,
    "kinks_directions": directions.TABLES,
    "complexity": complexity.TABLES,
    "complexity_theorem": linear_model.TABLES,
    "learning_modes": modes.TABLES,
    "learning_basin": basin.TABLES,
    "learning_moons": moons.TABLES,
    "learning_strengths": strengths.TABLES,
    "learning_depth": depths.TABLES,
    "learning_starvation": starvation.TABLES,
    "learning_shades": shades.TABLES,
    "phase_plane_perceptron": perceptron.TABLES,
    "phase_plane": phase_plane.TABLES,
}
"""Each study's tables by the name of their CSV file."""


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
    tables = TABLES[trajectory.experiment.study]
    yield "experiment.json", (to_json(trajectory.experiment) + "\n").encode()
    with ThreadPoolExecutor() as pool:  # Arrow writes without the interpreter's lock
        contents = pool.map(lambda table: to_csv(table(trajectory)), tables.values())
        yield from zip((f"{name}.csv" for name in tables), contents, strict=True)
