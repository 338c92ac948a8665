"""Files from outside as arrays: their size is known before anything is unpacked, and nothing is ever unpickled."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.datasets.catalogue import DataError
from core.limits import limits

Array = NDArray[Any]

DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError)
"""What the bytes of an archive may raise."""
MAX_BYTES = 64_000_000
"""Of a file as it comes."""
MAX_ROWS = 20_000_000
"""Rows of a table, or predictions in all."""


def check_size(size: int) -> None:
    """Raise DataError if a file has more bytes than are read."""
    if size > MAX_BYTES:
        raise DataError(f"recording: a file of at most {MAX_BYTES // 10**6} MB; got {size / 1e6:.0f} MB.")


def unreadable(what: str, error: Exception) -> DataError:
    """Return the sentence about a file that cannot be read, with the first words of why."""
    return DataError(f"recording: {what}; this one cannot be read ({str(error)[:120]}).")


def arrays_of(content: bytes) -> Mapping[str, Array]:
    """Return the arrays of an npz file by name.

    Raises:
        DataError: it is no such file, holds Python objects, or more bytes than are unpacked here.
    """
    check_size(len(content))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            if unpacked > (most := limits().unpacked_bytes) or len(members) > 1000:
                raise DataError(
                    f"recording: arrays of at most {most // 10**6} MB unpacked, at most 1,000 of them; "
                    f"got {unpacked / 1e6:,.0f} MB in {len(members):,}."
                )
            return {member.filename.removesuffix(".npy"): _array(archive, member) for member in members}
    except DataError:
        raise
    except (*DAMAGED, ValueError, RuntimeError) as error:  # the last: locked, or packed in a way of its own
        raise unreadable("an npz file of NumPy", error) from None


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Array:
    """Return one array, which is as long as its header and the archive's directory agree that it is."""
    name = member.filename.removesuffix(".npy")
    with archive.open(member) as file:
        try:
            version = np.lib.format.read_magic(file)
            reads: Mapping[tuple[int, int], Callable[..., Any]] = {
                (1, 0): np.lib.format.read_array_header_1_0,
                (2, 0): np.lib.format.read_array_header_2_0,
            }
            shape, fortran, dtype = reads[version](file)
            if not all(type(length) is int for length in shape):
                raise ValueError("NumPy takes a flag for a length")
        except DAMAGED:
            raise
        except Exception:  # NumPy reads a header as the text of a program, which may be wrong in any way
            raise DataError(f"recording: arrays of NumPy; '{name[:40]}' is none.") from None
        if dtype.hasobject:
            raise DataError(f"recording: arrays of numbers or text; '{name[:40]}' holds Python objects.")
        count = int(np.prod(shape, dtype=object)) if shape else 1
        if count * dtype.itemsize > member.file_size:
            raise DataError(f"recording: whole arrays; '{name[:40]}' says that it is longer than it is.")
        data = np.frombuffer(file.read(count * dtype.itemsize), dtype)
        if len(data) != count:
            raise DataError(f"recording: whole arrays; '{name[:40]}' is cut short.")
        return data.reshape(shape, order="F" if fortran else "C")
