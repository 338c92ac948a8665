"""Draw a task: a fixed test set, and a training set that the seed chooses."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from core.datasets import official, own, synthetic
from core.datasets.catalogue import (
    CATALOGUE,
    DIGITS_TEST,
    N_TRAIN_MIN,
    TEST_POINTS,
    TEST_POINTS_MAX,
    DataError,
    Dataset,
    Floats,
    Pixels,
    Source,
    Task,
)
from core.images import image_shape
from core.randomness import generator

Indices = npt.NDArray[np.int64]

_EVEN, _LAST_FIVE = (0, 2, 4, 6, 8), (5, 6, 7, 8, 9)
POSITIVE: dict[str, tuple[int, ...]] = {
    "digits_parity": _EVEN,
    "digits_halves": _LAST_FIVE,
    "mnist_parity": _EVEN,
    "mnist_halves": _LAST_FIVE,
    "cifar_animals": (2, 3, 4, 5, 6, 7),  # bird, cat, deer, dog, frog, horse
    "cifar_balanced": (2, 3, 5, 7),
    "cifar_halves": _LAST_FIVE,
}
LEFT_OUT: dict[str, tuple[int, ...]] = {"cifar_balanced": (4, 6)}  # deer, frog
_NO_PLACE = Source()


def load(
    name: str,
    *,
    n_train: int,
    seed: int,
    source: Source = _NO_PLACE,
    csv_digest: str = "",
    test_points: int = TEST_POINTS,
    most: int | None = None,
) -> Task:
    """Draw `n_train` points of a dataset, without replacement and of two classes at least, and its test set.

    Same arguments, same bytes. The test set is the same for every seed and size: `test_points` points, or as many
    as there are (the digits have 785, an own table gives three rows in ten). With one seed a smaller training set
    is the beginning of a larger one. Images: one scalar mean and std for all pixels of the pool,
    so |x|² is close to the dimension (Sclocchi, Geiger, Wyart 2023, arXiv 2301.13703); 2-D tasks and csv:
    each column centred and scaled, then a constant 1, whose weight is the unit's bias. `csv_digest` matters
    for csv alone. `most` is the largest `n_train`, by default the catalogue's; the files of images have more.

    Raises DataError for an unknown name, `n_train`, `test_points` or `seed` out of range, and files that are absent
    or damaged.
    """
    dataset = _entry(name)
    most = most or dataset.n_train_max
    if not N_TRAIN_MIN <= n_train <= most:
        raise DataError(f"n_train: from {N_TRAIN_MIN} to {most} for {name}; {n_train} came.")
    if not 1 <= test_points <= TEST_POINTS_MAX:
        raise DataError(f"test_points: from 1 to {TEST_POINTS_MAX}; {test_points} came.")
    if seed < 0:
        raise DataError(f"seed: 0 or more; {seed} came.")
    if name == "csv":
        return _csv_task(own.read_registered(csv_digest, source.uploads), n_train, seed)
    if name in synthetic.TRAIN_DRAWS:
        return _synthetic_task(name, dataset.n_train_max, n_train, seed, test_points)
    return _image_task(_images(dataset, n_train, source), POSITIVE.get(name), n_train, seed, test_points)


def pictures(name: str, examples: Indices, source: Source) -> tuple[Pixels, Pixels]:
    """Return test images as they are: pixels (example, channel, row, column), classes (example,).

    `examples` number the test points as `load` orders them. Raises DataError as `load` does, or if the data set has no
    images.
    """
    dataset, shape = _entry(name), image_shape(name)
    if shape is None:
        raise DataError(f"dataset: one of images; {name} has none.")
    images = _images(dataset, N_TRAIN_MIN, source)
    rows = _test_rows(images)[examples]
    return images.test_pixels[rows].reshape(len(rows), *shape), images.test_classes[rows]


def _images(dataset: Dataset, n_train: int, source: Source) -> official.Images:
    images = official.read(dataset.files, n_train, source.data_dir) if dataset.files else _digits()
    return _without(images, LEFT_OUT.get(dataset.name, ()))


def _test_rows(images: official.Images) -> Indices:
    """Return the order in which test images are taken."""
    return generator("test", 0).permutation(len(images.test_classes))


def missing(name: str, source: Source) -> str | None:
    """Say which files a dataset lacks, where they may lie and how to name the folder; None if nothing lacks.

    Raises DataError for an unknown name.
    """
    dataset = _entry(name)
    if dataset.files:
        return official.absent(dataset.files, dataset.n_train_max, source.data_dir)
    if name == "csv" and (source.uploads is None or not any(source.uploads.glob("*.csv"))):
        return "Your own table: no file was uploaded yet."
    return None


def _entry(name: str) -> Dataset:
    if name not in CATALOGUE:
        raise DataError(f"dataset: one of {', '.join(CATALOGUE)}; {name!r} came.")
    return CATALOGUE[name]


def _first(order: Indices, labels: Floats, n: int) -> Indices:
    """Return the first `n` of `order`, the last one changed if need be so that both classes appear.

    Its place is then taken by the first later point of the other class. `labels` are indexed by the entries
    of `order`. Drawing anew until both classes appear could take thousands of draws where one class is rare.
    """
    chosen = order[:n].copy()
    if np.all(labels[chosen] == labels[chosen[0]]):
        others = order[labels[order] != labels[chosen[0]]]
        if not len(others):
            raise DataError("classes: the points to draw from are all of one class; both must appear.")
        chosen[-1] = others[0]
    return chosen


def _synthetic_task(name: str, largest: int, n_train: int, seed: int, test_points: int) -> Task:
    # The largest set is drawn and cut, so that the smaller set is its beginning.
    inputs, labels = synthetic.TRAIN_DRAWS[name](generator("data", seed), largest)
    test_inputs, test_labels = synthetic.TEST_DRAWS[name](generator("test", 0), test_points)
    chosen = _first(np.arange(largest), labels, n_train)
    return Task(
        train_inputs=inputs[chosen],
        train_labels=labels[chosen],
        test_inputs=test_inputs,
        test_labels=test_labels,
    )


@lru_cache(maxsize=1)
def _digits() -> official.Images:
    """Return scikit-learn's 1,797 digits (8 × 8 pixels, values 0 to 16), 785 of them kept for the test."""
    from sklearn.datasets import load_digits  # here: scikit-learn takes a second to import

    pixels, classes = (array.astype(np.uint8) for array in load_digits(return_X_y=True))
    order = generator("test", 0).permutation(len(pixels))
    test, train = order[:DIGITS_TEST], order[DIGITS_TEST:]
    mean, std = official.moments([pixels])
    return official.Images(
        train_pixels=pixels[train],
        train_classes=classes[train],
        test_pixels=pixels[test],
        test_classes=classes[test],
        mean=mean,
        std=std,
    )


def _without(images: official.Images, classes: tuple[int, ...]) -> official.Images:
    """Return the images that are of other classes; mean and std stay those of the whole pool."""
    if not classes:
        return images
    train, test = (~np.isin(of, classes) for of in (images.train_classes, images.test_classes))
    return replace(
        images,
        train_pixels=images.train_pixels[train],
        train_classes=images.train_classes[train],
        test_pixels=images.test_pixels[test],
        test_classes=images.test_classes[test],
    )


def _image_task(
    images: official.Images, positive: tuple[int, ...] | None, n_train: int, seed: int, test_points: int
) -> Task:
    """Draw a task of two classes, which of the ten are `positive`; of all ten without."""
    train_labels, test_labels = (
        of.astype(np.float32) if positive is None else synthetic.signs(np.isin(of, positive))
        for of in (images.train_classes, images.test_classes)
    )
    train = _first(generator("data", seed).permutation(len(train_labels)), train_labels, n_train)
    test = _test_rows(images)[:test_points]

    def normalized(pixels: Pixels) -> Floats:
        return (pixels.astype(np.float32) - images.mean) / images.std

    return Task(
        train_inputs=normalized(images.train_pixels[train]),
        train_labels=train_labels[train],
        test_inputs=normalized(images.test_pixels[test]),
        test_labels=test_labels[test],
    )


def _csv_task(table: own.Table, n_train: int, seed: int) -> Task:
    raw, labels, _ = table
    test, pool = _csv_split(labels)
    if n_train > len(pool):
        raise DataError(
            f"n_train: at most {len(pool)} for this table of {len(labels)} rows, "
            f"{len(test)} of which are the test set; {n_train} came."
        )
    inputs = synthetic.with_constant(_standardised(raw))
    train = _first(generator("data", seed).permutation(pool), labels, n_train)
    return Task(
        train_inputs=inputs[train],
        train_labels=labels[train],
        test_inputs=inputs[test],
        test_labels=labels[test],
    )


def training_rows(rows: int) -> int:
    """Return how many of a table's rows one may train on: all but the test set."""
    return rows - min(TEST_POINTS, int(0.3 * rows))


def _csv_split(labels: Floats) -> tuple[Indices, Indices]:
    """Return the rows of the test set, 30 % but at most TEST_POINTS, and all others; both hold both classes.

    The classes have the table's proportions, each at least one test point; 5 rows a class leave some for the
    pool.
    """
    n_test = len(labels) - training_rows(len(labels))
    order = generator("test", 0).permutation(len(labels))
    lower, higher = order[labels[order] < 0], order[labels[order] > 0]
    n_higher = min(max(1, round(n_test * len(higher) / len(labels))), n_test - 1)
    test = np.concatenate([lower[: n_test - n_higher], higher[:n_higher]])
    return np.sort(test), np.setdiff1d(order, test)


def _standardised(raw: npt.NDArray[np.float64]) -> Floats:
    """Centre and scale each column of (rows, columns), leaving out columns of one value.

    Over all rows, the test set's too, so that no entry can exceed √rows, whatever the split. Raises DataError
    if no column is left.
    """
    varied = raw[:, raw.max(axis=0) > raw.min(axis=0)]
    if not varied.shape[1]:
        raise DataError("csv: at least one column besides the label must vary; all hold one value throughout.")
    # Divided by the largest entry first: the square of 1e300 is not finite.
    scaled = varied / np.abs(varied).max(axis=0)
    centred = scaled - scaled.mean(axis=0)
    standardised: Floats = (centred / centred.std(axis=0)).astype(np.float32)
    return standardised
