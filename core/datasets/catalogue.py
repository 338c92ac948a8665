"""The values: what a dataset is, where its files lie, what a drawn task holds; and the list of them all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core import atomic
from core.choices import DATASETS, TEN_CLASSES

Floats = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]

TEST_POINTS = 2048  # at most so many test points a task, unless more are asked for
TEST_POINTS_MAX = 10_000
N_TRAIN_MIN = 8
N_TRAIN_MAX = 8192
FORMULA_MAX = 32_768  # training points of a task that costs nothing to draw
BALANCED_MAX = 7_500  # of the 10,000 images of a CIFAR-10 file eight in ten are of the eight classes
DIGITS_TEST = 785  # of the 1,797 digits, which leaves 1,012 to draw from


class DataError(ValueError):
    """Data that is absent, damaged or outside its limits: one sentence that names the field or file."""

    def __init__(self, sentence: str) -> None:
        super().__init__(" ".join(sentence.split()))  # what came may have lines


def put(path: Path, content: bytes) -> None:
    """Write a file of data whole or not at all; raise DataError, naming the path, if the disk refuses."""
    try:
        atomic.write(path, content)
    except OSError as error:
        raise DataError(f"{path}: cannot be written ({error.strerror or error}).") from error


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """One entry of the catalogue.

    `classes` names the class of label -1, then that of +1; of more than two, those of labels 0, 1, and so on.
    `dimension` counts the network's inputs, the constant one of the 2-D tasks included; None where the file decides
    (csv). `files` names the release that must lie in a folder.
    """

    name: str
    title: str
    sentence: str
    classes: tuple[str, ...]
    dimension: int | None
    n_train_max: int
    files: str | None = None


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where files lie on this machine; no part of an experiment, whose arrays do not depend on it."""

    data_dir: Path | None = None
    uploads: Path | None = None

    @classmethod
    def named(cls, data_dir: str | Path | None, uploads: Path) -> Source:
        """Return where files lie: official ones in the folder that is named, else in TRAINSCOPE_DATA, else nowhere."""
        folder = data_dir or os.environ.get("TRAINSCOPE_DATA") or None
        return cls(data_dir=Path(folder) if folder is not None else None, uploads=uploads)

    def lacks(self, names: Iterable[str]) -> bool:
        """Whether one of these files is not among those that people have brought."""
        return any(self.uploads is None or not (self.uploads / name).is_file() for name in names)


@dataclass(frozen=True, kw_only=True, eq=False)
class Task:
    """A task as arrays, which become read-only.

    Both sets hold float32 inputs (n, dimension) and float32 labels (n,) in {-1, +1}, of more classes 0, 1, ...; no
    point is in both sets.
    """

    train_inputs: Floats  # (n_train, dimension)
    train_labels: Floats  # (n_train,)
    test_inputs: Floats  # (n_test, dimension)
    test_labels: Floats  # (n_test,)

    def __post_init__(self) -> None:
        for field in fields(self):
            getattr(self, field.name).setflags(write=False)


_DIGITS = tuple(map(str, range(10)))
_LAST_INPUT = "the last input is constant 1: its weight is the unit's bias."

_ENTRIES = (
    Dataset(
        name="two_moons",
        title=DATASETS["two_moons"],
        sentence=f"Two interleaved half circles in the plane, blurred by Gaussian noise of size 0.15; {_LAST_INPUT}",
        classes=("upper moon", "lower moon"),
        dimension=3,
        n_train_max=N_TRAIN_MAX,
    ),
    Dataset(
        name="sinusoidal_disc",
        title=DATASETS["sinusoidal_disc"],
        sentence="Points of the unit disc, above or below the curve x2 = 0.4 sin(2π x1); 10 % of the "
        f"training labels are flipped, the test labels are clean; {_LAST_INPUT}",
        classes=("below the curve", "above the curve"),
        dimension=3,
        n_train_max=N_TRAIN_MAX,
    ),
    Dataset(
        name="sinusoid",
        title=DATASETS["sinusoid"],
        sentence="Gaussian inputs with label sign(x·w + sin(3 x·w')), w and w' orthogonal unit vectors: a "
        "linear part and a fast sine.",
        classes=("negative", "positive"),
        dimension=20,
        n_train_max=FORMULA_MAX,
    ),
    Dataset(
        name="xor",
        title=DATASETS["xor"],
        sentence="Points of the square with label sign(x1 x2): no linear classifier does better than chance; "
        f"{_LAST_INPUT}",
        classes=("opposite signs", "same sign"),
        dimension=3,
        n_train_max=FORMULA_MAX,
    ),
    Dataset(
        name="digits_parity",
        title=DATASETS["digits_parity"],
        sentence="1,797 handwritten digits of 8 × 8 pixels that come with scikit-learn: is it even?",
        classes=("odd", "even"),
        dimension=64,
        n_train_max=1797 - DIGITS_TEST,
    ),
    Dataset(
        name="digits_halves",
        title=DATASETS["digits_halves"],
        sentence="1,797 handwritten digits of 8 × 8 pixels that come with scikit-learn: is it 5 or more?",
        classes=("0 to 4", "5 to 9"),
        dimension=64,
        n_train_max=1797 - DIGITS_TEST,
    ),
    Dataset(
        name="mnist_parity",
        title=DATASETS["mnist_parity"],
        sentence="Handwritten digits of 28 × 28 pixels (LeCun, Cortes, Burges): is it even?",
        classes=("odd", "even"),
        dimension=784,
        n_train_max=N_TRAIN_MAX,
        files="mnist",
    ),
    Dataset(
        name="mnist_halves",
        title=DATASETS["mnist_halves"],
        sentence="Handwritten digits of 28 × 28 pixels (LeCun, Cortes, Burges): is it 5 or more?",
        classes=("0 to 4", "5 to 9"),
        dimension=784,
        n_train_max=N_TRAIN_MAX,
        files="mnist",
    ),
    Dataset(
        name="cifar_animals",
        title=DATASETS["cifar_animals"],
        sentence="Colour photographs of 32 × 32 pixels (Krizhevsky, Nair, Hinton): an animal (six kinds, "
        "60 %) or a vehicle (four kinds)?",
        classes=("vehicle", "animal"),
        dimension=3072,
        n_train_max=N_TRAIN_MAX,
        files="cifar10",
    ),
    Dataset(
        name="cifar_balanced",
        title=DATASETS["cifar_balanced"],
        sentence="Colour photographs of 32 × 32 pixels (Krizhevsky, Nair, Hinton): bird, cat, dog or horse, or plane, "
        "car, ship or truck? Deer and frog are left out, for balance.",
        classes=("vehicle", "animal"),
        dimension=3072,
        n_train_max=BALANCED_MAX,
        files="cifar10",
    ),
    Dataset(
        name="cifar_halves",
        title=DATASETS["cifar_halves"],
        sentence="Colour photographs of 32 × 32 pixels (Krizhevsky, Nair, Hinton): one of the first five "
        "classes (plane, car, bird, cat, deer) or of the last five (dog, frog, horse, ship, truck)?",
        classes=("first five classes", "last five classes"),
        dimension=3072,
        n_train_max=N_TRAIN_MAX,
        files="cifar10",
    ),
    Dataset(
        name="digits_ten",
        title=TEN_CLASSES["digits_ten"],
        sentence="1,797 handwritten digits of 8 × 8 pixels that come with scikit-learn: which digit is it?",
        classes=_DIGITS,
        dimension=64,
        n_train_max=1797 - DIGITS_TEST,
    ),
    Dataset(
        name="mnist_ten",
        title=TEN_CLASSES["mnist_ten"],
        sentence="Handwritten digits of 28 × 28 pixels (LeCun, Cortes, Burges): which digit is it?",
        classes=_DIGITS,
        dimension=784,
        n_train_max=N_TRAIN_MAX,
        files="mnist",
    ),
    Dataset(
        name="cifar_ten",
        title=TEN_CLASSES["cifar_ten"],
        sentence="Colour photographs of 32 × 32 pixels (Krizhevsky, Nair, Hinton): which of the ten classes is it?",
        classes=("plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
        dimension=3072,
        n_train_max=N_TRAIN_MAX,
        files="cifar10",
    ),
    Dataset(
        name="csv",
        title=DATASETS["csv"],
        sentence=f"Numbers and a label of two classes; every column is centred and scaled; {_LAST_INPUT}",
        classes=("lower label", "higher label"),
        dimension=None,
        n_train_max=N_TRAIN_MAX,
    ),
)

CATALOGUE: dict[str, Dataset] = {entry.name: entry for entry in _ENTRIES}
