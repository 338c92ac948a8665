"""What is said of a person's own table, beside its numbers: its file's name, what it holds, and what to leave out."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.datasets import own
from core.datasets.catalogue import put
from core.datasets.own_form import PLAIN, Form, without
from core.datasets.tasks import training_rows

IDENTIFIERS = re.compile(r"(|unnamed: 0|(.*[ _.-])?(id|index|key|no|nr|number|row))")
"""Names, in lower case, of columns that tell rows apart; pandas gives an index none."""


FEW = 5
"""Columns that are named one by one."""


@dataclass(frozen=True, kw_only=True)
class Described:
    """What a table holds."""

    label: str
    classes: tuple[str, str]
    """Of -1 and of +1."""
    rows: tuple[int, int]
    """Of -1 and of +1."""
    columns: tuple[str, ...]
    """All but the label."""
    constant: tuple[str, ...]
    """Columns that hold one value: no network sees them."""
    identifiers: tuple[str, ...]
    """Columns that look as if they told rows apart: whole numbers, each once, that count them or are named so."""


@lru_cache(maxsize=8)
def described(digest: str, uploads: Path) -> Described:
    """Describe a table that was stored; raise DataError if it is not here."""
    inputs, labels, classes = own.read_registered(digest, uploads)
    label, columns = own.columns((uploads / f"{digest}.csv").read_bytes())
    lower = int((labels < 0).sum())
    by_name = list(zip(columns, inputs.T, strict=True))
    return Described(
        label=label,
        classes=classes,
        rows=(lower, len(labels) - lower),
        columns=columns,
        constant=tuple(name for name, column in by_name if column.min() == column.max()),
        identifiers=tuple(name for name, column in by_name if _identifies(name, column)),
    )


def _identifies(name: str, column: npt.NDArray[np.float64]) -> bool:
    """Whether a column tells rows apart rather than anything of them."""
    if (column != np.floor(column)).any() or len(np.unique(column)) < len(column):
        return False
    return column.max() - column.min() == len(column) - 1 or IDENTIFIERS.fullmatch(name.lower()) is not None


def held(table: Described) -> list[str]:
    """Say what a table holds, which class is which, and how it is split."""
    (low, high), (lower, higher) = table.classes, table.rows
    rows = lower + higher
    trained = training_rows(rows)
    columns = "1 column" if len(table.columns) == 1 else f"{len(table.columns):,} columns"
    return [
        f"{rows:,} rows of {columns} and a label, '{table.label}'.",
        f"+1 is '{high}' ({higher:,} rows), −1 is '{low}' ({lower:,} rows).",
        f"{rows - trained:,} rows are the test set; up to {trained:,} are trained on.",
    ]


def warned(table: Described, form: Form = PLAIN) -> list[str]:
    """Say how a file was read that is not written plainly, and which of its columns are not what they seem."""
    found = [f"Read with {_listed(form.said)}."] if form.said else []
    if table.constant:
        found.append(f"Left out, as it holds one value throughout: {_quoted(table.constant)}.")
    if table.identifiers:
        found.append(
            f"Trained on like any column, though it looks like a number of the row: {_quoted(table.identifiers)}."
        )
    return found


def _quoted(names: Sequence[str]) -> str:
    return _listed([f"'{name}'" for name in names])


def _listed(words: Sequence[str]) -> str:
    """Return words as a sentence lists them, the first few of many."""
    some = [*words[:FEW], f"{len(words) - FEW} more"] if len(words) > FEW else list(words)
    return " and ".join([*([", ".join(some[:-1])] if some[:-1] else []), some[-1]])


def leave_out(digest: str, columns: Collection[str], uploads: Path) -> str:
    """Store a table without the columns of these names, and return the hash of what is left."""
    left = own.stored(without((uploads / f"{digest}.csv").read_bytes(), columns), uploads)
    keep_name(left, name_of(digest, uploads), uploads)
    return left


def keep_name(digest: str, name: str, uploads: Path) -> None:
    """Keep the name of the file that a table came from."""
    if name:
        put(uploads / f"{digest}.name", name.encode())


def name_of(digest: str, uploads: Path) -> str:
    """Return the name of the file that a table came from, or nothing if it is not known."""
    path = uploads / f"{digest}.name"
    return path.read_text(encoding="utf-8") if path.is_file() else ""
