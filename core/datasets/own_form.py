"""How a person's file is written, and the one form in which it is stored: UTF-8, commas, points, a header line."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from core.datasets.catalogue import DataError

LABEL_NAMES = ("label", "class", "target", "y")  # y last: in a table x, y, class it is a coordinate
SEPARATORS = {"\t": "tabs", ";": "semicolons"}
SEEN_ROWS = 20
"""Rows that tell what separates the columns."""
LONGEST_LINE = 100_000
"""Letters of a first line beyond which a file is taken to be plain: looking closer would cost more than refusing it."""
DECIMAL_COMMA = re.compile(r"\s*[+-]?\d*,\d+([eE][+-]?\d+)?\s*")


@dataclass(frozen=True, kw_only=True)
class Form:
    """How a file is written."""

    separator: str = ","
    decimal_comma: bool = False
    latin: bool = False
    """Whether its text is Latin-1 (or Windows-1252), not UTF-8."""
    header: bool = True

    @property
    def said(self) -> tuple[str, ...]:
        """What sets it apart from a plain file, in words."""
        return (
            *((f"{SEPARATORS[self.separator]} between columns",) if self.separator in SEPARATORS else ()),
            *(("decimal commas",) if self.decimal_comma else ()),
            *(("Latin-1 text",) if self.latin else ()),
            *(() if self.header else ("no header line (columns are numbered, the last is the label)",)),
        )


PLAIN = Form()


def form_of(content: bytes, *, commas: bool) -> Form:
    """Return the form of a file, but for its decimal commas, which `rewritten` finds.

    Args:
        content: the bytes.
        commas: whether it can be read as it is, with commas between its columns.

    Raises:
        DataError: it is no text.
    """
    text, latin = _decoded(content)
    if text.find("\n") > LONGEST_LINE:
        return Form(latin=latin)
    return _form(text, latin, "," if commas else _separator(text))


def _form(text: str, latin: bool, separator: str) -> Form:
    rows = _rows(text, separator)
    first = next(rows, [])
    return Form(separator=separator, latin=latin, header=_is_header(first, rows))


def read_as(content: bytes) -> tuple[list[list[str]], Form]:
    """Return a file's rows, that of the columns' names first, with decimal points, and the form that it has.

    Raises:
        DataError: it is no text, or cannot be read.
    """
    text, latin = _decoded(content)
    lines, form = _lines(text, _form(text, latin, _separator(text)))
    return [line for line in lines if line], form


def rewritten(content: bytes, form: Form) -> tuple[bytes, Form]:
    """Return a file in the form that is stored, and its own form, decimal commas included."""
    text, _ = _decoded(content)
    lines, form = _lines(text, form)
    return written(lines), form


def _lines(text: str, form: Form) -> tuple[list[list[str]], Form]:
    """Return the rows of a text, with a header and decimal points, and its form, decimal commas included."""
    rows, found = _rows(text, form.separator, blank=True), False
    lines: list[list[str]] = []
    if form.header:
        lines.append(next(rows))
    for cells in rows:
        decimals = [DECIMAL_COMMA.fullmatch(cell) is not None for cell in cells]
        found = found or any(decimals)
        lines.append(
            [cell.replace(",", ".") if decimal else cell for cell, decimal in zip(cells, decimals, strict=True)]
        )
    if not form.header:
        lines.insert(0, [*(f"column {number}" for number in range(1, len(lines[0]))), "label"])
    return lines, replace(form, decimal_comma=found)


def without(content: bytes, columns: Collection[str]) -> bytes:
    """Return a file in the stored form without the columns of these names."""
    text, _ = _decoded(content)
    rows = list(_rows(text, ",", blank=True))
    kept = [place for place, name in enumerate(rows[0]) if name.strip() not in columns]
    return written([[cells[place] for place in kept] if cells else [] for cells in rows])


def label_column(columns: list[str]) -> int:
    """Return the place of the label: of the first of the usual names that is there, in any case, else the last."""
    lowered = [name.lower() for name in columns]
    return next((lowered.index(name) for name in LABEL_NAMES if name in lowered), len(columns) - 1)


def number(cell: str) -> float:
    """Return the finite number in a cell; raise ValueError if there is none ("1_000", to us, is none)."""
    value = float(cell)
    if not math.isfinite(value) or "_" in cell:
        raise ValueError(cell)
    return value


def is_number(cell: str) -> bool:
    """Whether there is a finite number in a cell."""
    try:
        number(cell)
    except ValueError:
        return False
    return True


def lines_of(text: str) -> str:
    """Return text with one line ending and none of the empty lines around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n") + "\n"


def _decoded(content: bytes) -> tuple[str, bool]:
    """Return the text, and whether it is Latin-1."""
    if b"\0" in content:
        raise DataError("csv: a text file in UTF-8 or Latin-1; this one holds zero bytes, as binary files do.")
    try:
        return lines_of(content.decode("utf-8-sig")), False
    except UnicodeDecodeError:
        pass
    try:
        return lines_of(content.decode("cp1252")), True
    except UnicodeDecodeError as error:
        raise DataError(f"csv: a text file in UTF-8 or Latin-1; byte {error.start:,} is of neither.") from None


def _rows(text: str, separator: str, *, blank: bool = False) -> Iterator[list[str]]:
    """Yield the cells of each row, from where the text can be read; `blank` lines, too."""
    try:
        for cells in csv.reader(io.StringIO(text), delimiter=separator, strict=True):
            if cells or blank:
                yield cells
    except csv.Error as error:
        if blank:
            raise DataError(f"csv: the file cannot be read ({error}).") from None


def _separator(text: str) -> str:
    """Return what divides each of the first rows into as many cells: a tab, a semicolon, or else a comma."""
    for separator in SEPARATORS:
        widths = {len(cells) for cells in islice(_rows(text, separator), SEEN_ROWS)}
        if len(widths) == 1 and widths != {1}:
            return separator
    return ","


def _is_header(first: list[str], below: Iterator[list[str]]) -> bool:
    """Whether the first row names columns: not if all its cells are numbers, or but for one of the labels below.

    0, 1, 2, ... are names: pandas writes them so.
    """
    names = [cell.strip() for cell in first]
    if len(names) < 2:
        return True  # and no table
    if any(name.lower() in LABEL_NAMES for name in names) or not all(map(_may_be_value, names[:-1])):
        return True
    if all(map(_may_be_value, names)):
        return len(names) > 2 and names == [str(place) for place in range(len(names))]
    return not any(cells[-1].strip() == names[-1] for cells in below)


def _may_be_value(cell: str) -> bool:
    return not cell or is_number(cell) or DECIMAL_COMMA.fullmatch(cell) is not None


def written(rows: list[list[str]]) -> bytes:
    """Return rows as they are stored."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
