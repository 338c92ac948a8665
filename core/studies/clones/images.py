"""The images of the study of clones: ten classes, CIFAR-10 at half its side, and which classes are +1 of two."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.datasets import Source, Task, load
from core.datasets.tasks import POSITIVE
from core.images import image_shape
from core.studies.clones.experiment import TWO_CLASSES, Clones, most_images

Floats = NDArray[np.float32]
Shape = tuple[int, int, int]


def images(experiment: Clones, source: Source) -> Task:
    """Return training and test images with their classes; raise DataError where the files are absent."""
    task = load(
        experiment.dataset,
        n_train=experiment.n_train,
        seed=experiment.data_seed,
        source=source,
        test_points=experiment.test_points,
        most=most_images(experiment.dataset),
    )
    shape = image_shape(experiment.dataset)
    if shape is None or not experiment.dataset.startswith("cifar"):
        return task
    return replace(task, train_inputs=halved(task.train_inputs, shape), test_inputs=halved(task.test_inputs, shape))


def shape_of(dataset: str) -> Shape:
    """Return channels, height and width of the images that networks see."""
    channels, height, width = image_shape(dataset) or (1, 1, 1)
    return (channels, height // 2, width // 2) if dataset.startswith("cifar") else (channels, height, width)


def halved(inputs: Floats, shape: Shape) -> Floats:
    """Return images (point, pixel) of this shape averaged over squares of 2 x 2 pixels, (point, pixel / 4)."""
    channels, height, width = shape
    squares = inputs.reshape(len(inputs), channels, height // 2, 2, width // 2, 2)
    return np.ascontiguousarray(squares.mean(axis=(3, 5)).reshape(len(inputs), -1))


def positive(dataset: str) -> tuple[int, ...]:
    """Return the classes that are +1."""
    return POSITIVE[TWO_CLASSES[dataset]]
