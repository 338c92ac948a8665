"""Fetch MNIST or CIFAR-10 from OpenML and store it in the format of the official release."""

from __future__ import annotations

import gzip
import struct
from http.client import HTTPException
from pathlib import Path
from typing import Any

import numpy as np

from core.datasets.catalogue import DataError, Pixels, put
from core.datasets.official import CIFAR_BATCH, MNIST_SHAPES, TITLES, check_released, needed

# (what fetch_openml is asked for, rows, pixels); both tables list the training rows first.
_TABLES: dict[str, tuple[dict[str, Any], int, int]] = {
    "mnist": ({"name": "mnist_784", "version": 1}, 70_000, 784),
    "cifar10": ({"data_id": 40926}, 60_000, 3072),
}


def download(files: str, folder: Path) -> None:
    """Fetch "mnist" or "cifar10" into `folder`, as gzipped official files; call it only when a person asks.

    OpenML's mnist_784 (version 1) and CIFAR_10 (40926). Each file appears whole or not at all. Raises
    DataError for an unknown name, a failed network, a table of another form or of other images, or a
    folder that cannot be written.
    """
    if files not in _TABLES:
        raise DataError(f"files: one of {', '.join(_TABLES)}; {files!r} came.")
    pixels, classes = _fetch(files)
    if files == "mnist":
        images = {60_000: pixels[:60_000].reshape(-1, 28, 28), 10_000: pixels[60_000:].reshape(-1, 28, 28)}
        labels = {60_000: classes[:60_000], 10_000: classes[60_000:]}
        for name, shape in MNIST_SHAPES.items():
            header = struct.pack(f">I{len(shape)}I", 0x0800 + len(shape), *shape)
            _store(folder, name, header + (images if len(shape) == 3 else labels)[shape[0]].tobytes())
        return
    for k, name in enumerate(needed("cifar10", 50_000)):
        rows = slice(k * CIFAR_BATCH, (k + 1) * CIFAR_BATCH)
        _store(folder, name, np.column_stack([classes[rows], pixels[rows]]).tobytes())


def _fetch(files: str) -> tuple[Pixels, Pixels]:
    """Return pixels (rows, pixels) and classes (rows,) as OpenML lists them."""
    from sklearn.datasets import fetch_openml  # here: scikit-learn takes a second to import

    query, rows, width = _TABLES[files]
    try:
        table = fetch_openml(**query, as_frame=False, cache=False)
    except (OSError, ValueError, HTTPException) as error:
        raise DataError(f"{TITLES[files]}: could not be fetched from OpenML ({error}).") from error
    return _bytes(files, table.data, (rows, width), 255), _bytes(files, table.target, (rows,), 9)


def _bytes(files: str, values: Any, shape: tuple[int, ...], largest: int) -> Pixels:
    """Turn OpenML's numbers or digit strings into bytes; raise DataError if they are no array of such."""
    values = np.asarray(values)
    if values.shape != shape:
        raise DataError(f"{TITLES[files]}: OpenML must send an array of sizes {shape}; {values.shape} came.")
    try:
        numbers = values if values.dtype.kind in "fiu" else values.astype(np.float64)
    except ValueError as error:
        raise DataError(f"{TITLES[files]}: OpenML must send numbers ({error}).") from error
    if not (numbers.min() >= 0 and numbers.max() <= largest):
        raise DataError(
            f"{TITLES[files]}: OpenML must send numbers from 0 to {largest}; "
            f"{numbers.min():g} to {numbers.max():g} came."
        )
    pixels: Pixels = numbers.astype(np.uint8)
    return pixels


def _store(folder: Path, name: str, content: bytes) -> None:
    check_released(name, content)
    put(folder / f"{name}.gz", gzip.compress(content, compresslevel=6, mtime=0))
