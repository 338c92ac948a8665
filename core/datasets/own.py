"""A person's own table: a file, checked, stored under its hash in one form, and read back."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.datasets.catalogue import DataError, Floats, put
from core.datasets.own_form import (
    LABEL_NAMES,
    PLAIN,
    Form,
    form_of,
    is_number,
    label_column,
    lines_of,
    number,
    rewritten,
)
from core.datasets.synthetic import signs

Table = tuple[npt.NDArray[np.float64], Floats, tuple[str, str]]  # (rows, columns), (rows,), names of -1 and +1

MAX_BYTES = 20_000_000
ROWS = (20, 200_000)
MAX_COLUMNS = 2_000
MIN_OF_A_CLASS = 5


def register_csv(content: bytes, uploads: Path) -> str:
    """Check a file's bytes, store its table as uploads/<sha256>.csv and return the hash: 64 hexadecimal digits.

    The same bytes always get the same hash: their own, if `read_csv` reads them as they are. Raises DataError, one
    sentence, for what is refused.
    """
    digest, _ = register(content, uploads)
    return digest


def register(content: bytes, uploads: Path) -> tuple[str, Form]:
    """Do as `register_csv` does, and return the form of the file, too.

    What is not written as `read_csv` has it is rewritten: semicolons, tabs, decimal commas, Latin-1, no header line.
    """
    _check_size(len(content))
    refused = _refusal(content)
    form = form_of(content, commas=refused is None)
    if form != PLAIN:
        content, form = rewritten(content, form)
        _parse(content, above=int(not form.header))
    elif refused is not None:
        raise refused
    return stored(content, uploads), form


def content_of(path: Path) -> bytes:
    """Return the bytes of a person's file; raise DataError, before one is read, if they are too many."""
    try:
        _check_size(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"csv: {path.name} cannot be read ({error.strerror or error}).") from error


def stored(content: bytes, uploads: Path) -> str:
    """Store a table that is written as `read_csv` has it, and return its hash."""
    digest = hashlib.sha256(content).hexdigest()
    put(uploads / f"{digest}.csv", content)
    return digest


def _refusal(content: bytes) -> DataError | None:
    """Return why a file cannot be read as it is, if it cannot."""
    try:
        _parse(content)
    except DataError as error:
        return error.with_traceback(None)  # which would keep what was read
    return None


def read_csv(path: Path) -> Table:
    """Read raw inputs (rows, columns) float64, labels (rows,) in {-1, +1}, and the names of -1 and +1.

    UTF-8, commas, a header line; 20 to 200,000 rows, 1 to 2,000 columns besides the label, 20 MB. The label
    is the column called label, class, target or y (the first of these that is there, in any case), else the
    last; of its two values the lower is -1. All else must be finite numbers. Rows are numbered as in a
    spreadsheet: the header is row 1. Raises DataError, one sentence, for anything else.
    """
    try:
        stat = path.stat()
        _check_size(stat.st_size)  # before a byte is read
        return _read(path, stat.st_mtime_ns, stat.st_size)
    except OSError as error:
        raise DataError(f"csv: {path.name} cannot be read ({error.strerror or error}).") from error


def read_registered(digest: str, uploads: Path | None) -> Table:
    """Read the table that `register_csv` stored; raise DataError for a malformed or unknown digest."""
    if re.fullmatch("[0-9a-f]{64}", digest) is None:
        raise DataError(f"csv_digest: 64 hexadecimal digits, as an upload returns them; {digest[:80]!r} came.")
    if uploads is None:
        raise DataError("csv: no folder for uploaded files is named, so no table can be read.")
    path = uploads / f"{digest}.csv"
    if not path.is_file():
        raise DataError(
            f"csv: the table whose SHA-256 begins with {digest[:12]} is not on this machine; upload the file again."
        )
    table = read_csv(path)
    if _digest(path) != digest:
        raise DataError(
            f"csv: the stored table whose SHA-256 begins with {digest[:12]} was changed; upload the file again."
        )
    return table


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=2)
def _read(path: Path, mtime_ns: int, size: int) -> Table:
    """Parse a file once; time and size make a changed file a new entry of the cache."""
    inputs, labels, names = _parse(path.read_bytes())
    inputs.setflags(write=False)
    labels.setflags(write=False)
    return inputs, labels, names


def _check_size(size: int) -> None:
    if size > MAX_BYTES:
        raise DataError(f"csv: at most {MAX_BYTES / 1e6:g} MB; {size / 1e6:.1f} MB came.")


def _parse(content: bytes, above: int = 0) -> Table:
    """Read a table whose first `above` lines are not in the person's own file."""
    _check_size(len(content))
    text = _text(content)
    columns = _header(text)
    label = _label_column(columns)
    # Bounded by the commas there are: many short lines under a wide header must not claim both sizes.
    inputs = np.empty((text.count(",") // (len(columns) - 1), len(columns) - 1))
    labels: list[str] = []
    for row, cells in _rows(text, len(columns), 1 - above):
        labels.append(cells.pop(label).strip())
        if len(labels) > ROWS[1]:
            raise DataError(f"csv: at most {ROWS[1]:,} rows; more came.")
        try:
            inputs[len(labels) - 1] = [number(cell) for cell in cells]
        except ValueError as error:
            raise _bad_cell(row, cells, columns[:label] + columns[label + 1 :]) from error
        if not labels[-1]:
            raise DataError(f"csv: the label column '{columns[label]}' is empty in row {row}.")
    if len(labels) < ROWS[0]:
        raise DataError(f"csv: at least {ROWS[0]} rows below the header line; {len(labels)} came.")
    signed, names = _signed(labels, columns[label])
    return inputs[: len(labels)], signed, names


def _text(content: bytes) -> str:
    """Decode the file, with one line ending and none of the empty lines around it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"csv: a text file in UTF-8; byte {error.start:,} is not of that kind.") from error
    if "\0" in text:
        raise DataError("csv: a text file in UTF-8; this one holds zero bytes, as binary files do.")
    return lines_of(text)


def _header(text: str) -> list[str]:
    """Return the columns' names; raise DataError unless the first line holds from 2 to 2,001 of them."""
    line = text[: text.index("\n")]
    commas = line.count(",")  # counted before anything is parsed: a line of millions of names costs nothing
    if not line.strip():
        raise DataError("csv: a header line and rows below it; the first line is empty.")
    if not 1 <= commas <= MAX_COLUMNS:
        raise DataError(
            f"csv: from 1 to {MAX_COLUMNS:,} columns and a label, separated by commas; "
            f"the first line has {commas + 1:,} column{'s' if commas else ''}."
        )
    try:
        columns = [name.strip() for name in next(csv.reader([line], strict=True))]
    except csv.Error as error:
        raise DataError(f"csv: the header line cannot be read ({error}).") from error
    if len(columns) < 2:
        raise DataError("csv: at least 1 column and a label, separated by commas; the first line has 1 column.")
    if all(is_number(name) for name in columns):
        raise DataError("csv: the first line must name the columns; it holds only numbers.")
    return columns


def columns(content: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the names of a table's label and of its other columns."""
    names = _header(_text(content))
    label = names.pop(_label_column(names))
    return label, tuple(names)


def _label_column(columns: list[str]) -> int:
    lowered = [name.lower() for name in columns]
    for name in LABEL_NAMES:
        if lowered.count(name) > 1:
            raise DataError(f"csv: one column may be called '{name}'; {lowered.count(name)} are.")
        if name in lowered:
            break
    return label_column(columns)


def _rows(text: str, width: int, header: int) -> Iterator[tuple[int, list[str]]]:
    """Yield each row below that with the number `header` with its own number, empty lines left out."""
    row = header
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        next(reader)
        for cells in reader:
            row += 1
            if not cells:
                continue
            if len(cells) != width:
                raise DataError(f"csv: row {row} has {len(cells)} cells; the header line has {width}.")
            yield row, cells
    except csv.Error as error:
        raise DataError(f"csv: row {row + 1} cannot be read ({error}).") from error


def _bad_cell(row: int, cells: list[str], columns: list[str]) -> DataError:
    """Say which cell of the row is no number, and what it holds."""
    name, cell = next((name, cell.strip()) for name, cell in zip(columns, cells, strict=True) if not is_number(cell))
    if not cell:
        return DataError(f"csv: column '{name}' is empty in row {row}; every column but the label must hold numbers.")
    try:
        float(cell)
        what = "text" if "_" in cell else "a number that is not finite"
    except ValueError:
        what = "text"
    return DataError(
        f"csv: column '{name}' has {what} in row {row} ('{cell[:40]}'); every column but the label must hold numbers."
    )


def _signed(labels: list[str], column: str) -> tuple[Floats, tuple[str, str]]:
    """Turn two label values into -1 (the lower) and +1: as numbers if all are, so 1 and 1.0 are one class."""
    texts = sorted(set(labels))
    values: dict[str, float | str] = {text: text for text in texts}
    if all(is_number(text) for text in texts):
        values = {text: float(text) for text in texts}
    distinct = sorted(set(values.values()), key=lambda value: (isinstance(value, str), value))
    if len(distinct) != 2:
        some = ", ".join(str(value)[:20] for value in distinct[:4]) + (", …" if len(distinct) > 4 else "")
        raise DataError(f"csv: the label column '{column}' must hold 2 values; {len(distinct):,} came ({some}).")
    low, high = (next(text for text in texts if values[text] == value) for value in distinct)
    signed = signs(np.array([values[text] == distinct[1] for text in labels]))
    for name, count in ((low, int((signed < 0).sum())), (high, int((signed > 0).sum()))):
        if count < MIN_OF_A_CLASS:
            raise DataError(
                f"csv: at least {MIN_OF_A_CLASS} rows of each label; '{name[:40]}' of column '{column}' has {count}."
            )
    return signed, (low, high)
