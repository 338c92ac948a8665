"""Read MNIST and CIFAR-10 from the files of their official releases, plain or gzipped."""

from __future__ import annotations

import gzip
import hashlib
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from core.datasets.catalogue import DataError, Pixels

CIFAR_BATCH = 10_000  # records a file
CIFAR_RECORD = 3073  # bytes: 1 label, then 1024 red, 1024 green, 1024 blue
MNIST_SHAPES: dict[str, tuple[int, ...]] = {
    "train-images-idx3-ubyte": (60_000, 28, 28),
    "train-labels-idx1-ubyte": (60_000,),
    "t10k-images-idx3-ubyte": (10_000, 28, 28),
    "t10k-labels-idx1-ubyte": (10_000,),
}
RELEASED = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    "data_batch_1.bin": "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
    "data_batch_2.bin": "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
    "data_batch_3.bin": "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
    "data_batch_4.bin": "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
    "data_batch_5.bin": "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
    "test_batch.bin": "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
}
"""The SHA-256 of the official files, unpacked. No digest of an experiment says which images it was trained on: of other
images under these names, one person's result would be shown to the next as that of MNIST."""
SUBFOLDERS = {"mnist": ("", "mnist"), "cifar10": ("", "cifar10", "cifar-10-batches-bin")}
TITLES = {"mnist": "MNIST", "cifar10": "CIFAR-10 (binary version)"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Images:
    """Ten-class images: the pool to train from, the pool to test on, and one mean and std for every pixel."""

    train_pixels: Pixels  # (n, pixels)
    train_classes: Pixels  # (n,), 0 to 9
    test_pixels: Pixels  # (m, pixels)
    test_classes: Pixels  # (m,), 0 to 9
    mean: float
    std: float


def moments(parts: Iterable[Pixels]) -> tuple[float, float]:
    """Return mean and standard deviation over all pixels of all parts, exact up to one rounding: from counts.

    Inputs (pixel - mean)/std then have |x|² close to their dimension, the convention of Sclocchi, Geiger,
    Wyart 2023 (arXiv 2301.13703), who print 33.31 and 78.567 for MNIST. Raises DataError if all pixels are
    equal.
    """
    # Block by block: bincount copies its argument to eight bytes a pixel.
    blocks = (part[i : i + 1000] for part in parts for i in range(0, len(part), 1000))
    counts = np.sum([np.bincount(block.ravel(), minlength=256) for block in blocks], axis=0)
    mean = float(counts @ np.arange(256) / counts.sum())
    std = float(np.sqrt(counts @ (np.arange(256) - mean) ** 2 / counts.sum()))
    if std == 0.0:
        raise DataError(f"images: all pixels have the value {mean:g}; the files hold no images.")
    return mean, std


def needed(files: str, n_train: int) -> list[str]:
    """Name the files that `n_train` points of "mnist" or "cifar10" are drawn from, and the test files."""
    if files == "mnist":
        return list(MNIST_SHAPES)
    return [f"data_batch_{k + 1}.bin" for k in range(-(-n_train // CIFAR_BATCH))] + ["test_batch.bin"]


def find(files: str, name: str, folder: Path) -> Path | None:
    """Return where the official file lies, plain or .gz, in `folder` or its usual subfolders; else None."""
    for subfolder in SUBFOLDERS[files]:
        for candidate in (folder / subfolder / name, folder / subfolder / f"{name}.gz"):
            try:
                if candidate.is_file():
                    return candidate
            except OSError:  # a folder we may not look into holds nothing for us
                continue
    return None


def absent(files: str, n_train: int, folder: Path | None) -> str | None:
    """Say which files are absent and where they may lie; None if all that `n_train` needs are there."""
    names = needed(files, n_train)
    lacking = names if folder is None else [name for name in names if find(files, name, folder) is None]
    if not lacking:
        return None
    where = "as no folder is named"
    if folder is not None:
        where = f"in {folder} or its subfolder {' or '.join(SUBFOLDERS[files][1:])}"
    if folder is not None and files == "cifar10":
        found = sum(find(files, f"data_batch_{k}.bin", folder) is not None for k in range(1, 6))
        where += f", where {found} of the 5 data_batch files were found"
    return (
        f"{TITLES[files]}: {', '.join(lacking)} of the official release (plain or .gz) not found, {where}. "
        "Name the folder with --data-dir, in the app's field, or in TRAINSCOPE_DATA."
    )


def _first_bytes(path: Path, most: int) -> bytes:
    """Return at most so many of the file's bytes, unpacked; raise DataError if it cannot be read."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            return file.read(most)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path.name}: cannot be read, it may be cut ({error}).") from error


def _content(path: Path, size: int) -> bytes:
    """Return the file's bytes, unpacked; raise DataError unless they are `size` bytes."""
    content = _first_bytes(path, size + 1)
    if len(content) != size:
        came = f"{len(content):,}" if len(content) < size else "more"
        raise DataError(f"{path.name}: must hold {size:,} bytes when unpacked; {came} came.")
    check_released(path.name.removesuffix(".gz"), content)
    return content


def check_released(name: str, content: bytes) -> None:
    """Raise DataError if a file of that name, unpacked, is not the one of the official release."""
    came, released = hashlib.sha256(content).hexdigest(), RELEASED.get(name)
    if released is not None and came != released:
        raise DataError(
            f"{name}: must be the file of the official release, whose SHA-256 begins with {released[:12]}; "
            f"{came[:12]} came."
        )


def read_idx(path: Path, shape: tuple[int, ...]) -> Pixels:
    """Read an IDX file of unsigned bytes (LeCun's format for MNIST) that must hold an array of `shape`.

    Raises DataError, naming the file, for another magic number or shape, a cut file, or bytes to spare.
    """
    header = struct.pack(f">I{len(shape)}I", 0x0800 + len(shape), *shape)
    # Before the length, so that a wrong file is called wrong and not cut.
    came = _first_bytes(path, len(header))
    if came[:4] != header[:4]:
        magic = came[:4].hex() or "nothing"
        raise DataError(f"{path.name}: must begin with the magic number {header[:4].hex()}; {magic} came.")
    if came != header:
        sizes = struct.unpack(f">{len(came) // 4 - 1}I", came[4 : len(came) // 4 * 4])
        raise DataError(f"{path.name}: must hold an array of sizes {shape}; its header says {sizes}.")
    content = _content(path, len(header) + int(np.prod(shape)))
    return np.frombuffer(content, np.uint8, offset=len(header)).reshape(shape)


def read_cifar(path: Path, records: int = CIFAR_BATCH) -> tuple[Pixels, Pixels]:
    """Read one file of CIFAR-10's binary version: pixels (records, 3072), first red, and classes (records,).

    Raises DataError, naming the file, if it is cut, too long, or has a class above 9.
    """
    table = np.frombuffer(_content(path, records * CIFAR_RECORD), np.uint8).reshape(records, CIFAR_RECORD)
    _check_classes(path, table[:, 0])
    return table[:, 1:], table[:, 0]


def _check_classes(path: Path, classes: Pixels) -> None:
    if classes.max() > 9:
        raise DataError(f"{path.name}: classes go from 0 to 9; {classes.max()} came.")


def read(files: str, n_train: int, folder: Path | None) -> Images:
    """Read "mnist" or "cifar10" from `folder`: MNIST whole, of CIFAR's batches as few as hold `n_train`.

    So the result does not depend on how many of CIFAR's files lie there. Mean and std are those of the
    training pool. The last two results stay in memory. Raises DataError if a file is absent or damaged.
    """
    sentence = absent(files, n_train, folder)
    if sentence is not None:
        raise DataError(sentence)
    assert folder is not None
    paths = [path for name in needed(files, n_train) if (path := find(files, name, folder)) is not None]
    stats = [path.stat() for path in paths]
    return _parse(files, tuple(paths), tuple((stat.st_mtime_ns, stat.st_size) for stat in stats))


@lru_cache(maxsize=2)
def _parse(files: str, paths: tuple[Path, ...], stamps: tuple[tuple[int, int], ...]) -> Images:
    """Parse the files, in the order of `needed`; `stamps` make a changed file a new entry of the cache."""
    if files == "mnist":
        train, train_classes, test, test_classes = map(read_idx, paths, MNIST_SHAPES.values())
        _check_classes(paths[1], train_classes)
        _check_classes(paths[3], test_classes)
        train, test = train.reshape(len(train), -1), test.reshape(len(test), -1)
    else:
        batches = [read_cifar(path) for path in paths]
        train = np.concatenate([pixels for pixels, _ in batches[:-1]])
        train_classes = np.concatenate([classes for _, classes in batches[:-1]])
        test, test_classes = batches[-1]
    mean, std = moments([train])
    return Images(
        train_pixels=train,
        train_classes=train_classes,
        test_pixels=test,
        test_classes=test_classes,
        mean=mean,
        std=std,
    )
