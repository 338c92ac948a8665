"""Tables that are no task yet: the label, the classes that are told apart, and what becomes of text and of gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from core.datasets.catalogue import DataError
from core.datasets.own import MAX_COLUMNS
from core.datasets.own_form import LABEL_NAMES, Form, is_number, label_column, read_as, written

MISSING = {"", "na", "n/a", "nan", "null", "none", "?"}
"""What stands for no value, in lower case."""
MOST_VALUES = 12
"""Values of a text column that becomes a column of 0 and 1 each; one with more is left out."""
MOST_BYTES = 2_000_000
"""Of a file that a choice is offered for: its cells are kept as text."""
REST = ""
"""Stands for all other classes."""


@dataclass(frozen=True)
class Cells:
    """A file's cells as text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    form: Form

    def column(self, name: str) -> tuple[str, ...]:
        """Return a column, from top to bottom."""
        place = self.columns.index(name)
        return tuple(row[place] for row in self.rows)

    def classes(self, name: str) -> Mapping[str, int]:
        """Return a column's values and how many rows have each, the most frequent first; gaps are none."""
        return dict(Counter(cell for cell in self.column(name) if not _is_gap(cell)).most_common())


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What a network is to tell apart."""

    label: str
    """The name of a column."""
    one: str
    """A value of it: one class."""
    other: str = REST
    """The value of the other class; by default all others."""


@lru_cache(maxsize=2)
def cells_of(content: bytes) -> Cells:
    """Read a file's cells, however they are divided.

    Raises:
        DataError: it is too large, no text, or its rows are not of one length.
    """
    if len(content) > MOST_BYTES:
        raise DataError(
            f"csv: at most {MOST_BYTES / 1e6:g} MB for a choice of its label; {len(content) / 1e6:.1f} MB came."
        )
    lines, form = read_as(content)
    names, rows = lines[0] if lines else [], lines[1:]
    columns = tuple(name.strip() or f"column {place}" for place, name in enumerate(names, start=1))
    fits = 2 <= len(columns) <= MAX_COLUMNS + 1 and len(set(columns)) == len(columns)
    if not fits or not rows or any(len(row) != len(columns) for row in rows):
        raise DataError(f"csv: rows of one length, of 2 to {MAX_COLUMNS + 1:,} columns, each with a name of its own.")
    return Cells(columns, tuple(tuple(cell.strip() for cell in row) for row in rows), form)


def usual(cells: Cells) -> Choice:
    """Return what is most likely meant: the column of the usual name, else the last; its most frequent value."""
    label = cells.columns[label_column(list(cells.columns))]
    return Choice(label=label, one=next(iter(cells.classes(label)), ""))


@lru_cache(maxsize=2)
def chosen(content: bytes, choice: Choice) -> tuple[bytes, tuple[str, ...]]:
    """Return of a file a table as it is stored, its label of two values last, and what was done, in sentences.

    Rows of neither class go, then rows with a gap; a column with text becomes a column of 0 and 1 for each of its
    values, or goes if it has more than 12.

    Raises:
        DataError: a column or a value that is not there, or what `cells_of` refuses.
    """
    cells = cells_of(content)
    known = cells.classes(choice.label) if choice.label in cells.columns else {}
    for value in (choice.one, *([choice.other] if choice.other != REST else [])):
        if value not in known:
            raise DataError(f"csv: '{value[:40]}' is no value of column '{choice.label[:40]}'.")
    if choice.one == choice.other:
        raise DataError(f"csv: two classes; '{choice.one[:40]}' was chosen for both.")
    classes = {choice.one} | (set(known) if choice.other == REST else {choice.other})
    place = cells.columns.index(choice.label)
    rows = [row for row in cells.rows if row[place] in classes]
    inputs = [number for number in range(len(cells.columns)) if number != place]
    words = {number: _texts(row[number] for row in rows) for number in inputs}
    gone = [number for number in inputs if len(words[number]) > MOST_VALUES]
    kept = [number for number in inputs if number not in gone]
    whole = [row for row in rows if not any(_is_gap(row[number]) for number in kept)]
    header, made = [], []
    for number in kept:
        name, texts = cells.columns[number], words[number]
        name = f"{name} (input)" if name.lower() in LABEL_NAMES else name  # or it would be read as the label
        header += [f"{name} {text}" for text in texts] if texts else [name]
    against = f"not {choice.one}" if choice.other == REST else choice.other
    for row in whole:
        line: list[str] = []
        for number in kept:
            texts = words[number]
            line += [str(int(row[number] == text)) for text in texts] if texts else [row[number]]
        made.append([*line, choice.one if row[place] == choice.one else against])
    said = _said(cells, choice, rows=len(rows), whole=len(whole), gone=gone, spread=[n for n in kept if words[n]])
    return written([[*header, choice.label], *made]), tuple(said)


def _texts(column: object) -> list[str]:
    """Return the distinct values of a column if some are no numbers, in order; none of one that holds numbers."""
    values = {cell for cell in column if not _is_gap(cell)}  # type: ignore[attr-defined]
    return [] if all(is_number(value) for value in values) else sorted(values)


def _said(cells: Cells, choice: Choice, *, rows: int, whole: int, gone: list[int], spread: list[int]) -> list[str]:
    said = []
    if lost := len(cells.rows) - rows:
        said.append(f"{lost:,} rows of other classes, or of none, are left out.")
    if lost := rows - whole:
        said.append(f"{lost:,} rows with a gap are left out.")
    if spread:
        said.append(f"A column of 0 and 1 for each value of {_names(cells, spread)}.")
    if gone:
        said.append(f"Left out, as text of more than {MOST_VALUES} values: {_names(cells, gone)}.")
    return said


def _names(cells: Cells, numbers: list[int]) -> str:
    return ", ".join(f"'{cells.columns[number]}'" for number in numbers)


def _is_gap(cell: str) -> bool:
    return cell.lower() in MISSING
