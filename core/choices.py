"""Choices that several studies offer."""

from __future__ import annotations

from collections.abc import Mapping

from core.images import image_shape

DATASETS: Mapping[str, str] = {
    "two_moons": "Two moons",
    "sinusoidal_disc": "Disc cut by a sine",
    "sinusoid": "Sinusoid in 20 dimensions",
    "xor": "XOR",
    "digits_parity": "Small digits, even or odd",
    "digits_halves": "Small digits, 0-4 or 5-9",
    "mnist_parity": "MNIST, even or odd",
    "mnist_halves": "MNIST, 0-4 or 5-9",
    "cifar_animals": "CIFAR-10, animal or vehicle",
    "cifar_balanced": "CIFAR-10, four animals or four vehicles",
    "cifar_halves": "CIFAR-10, first or last five classes",
    "csv": "Your own table",
}
"""The tasks of two classes by name, and their titles."""
TEN_CLASSES: Mapping[str, str] = {
    "digits_ten": "Small digits, ten classes",
    "mnist_ten": "MNIST, ten classes",
    "cifar_ten": "CIFAR-10, ten classes",
}
"""Those of ten classes, for networks of ten outputs."""
SHARED_DATASETS = {name: title for name, title in DATASETS.items() if name != "csv"}
"""Those that everybody has."""
IMAGES = tuple(name for name in (*DATASETS, *TEN_CLASSES) if image_shape(name) is not None)
"""The data sets that a convolutional network can look at."""
ACTIVATIONS: Mapping[str, str] = {"relu": "ReLU", "gelu": "GELU"}
LABEL_LOSSES = ("squared", "logistic")
"""Losses on labels or targets y: (f - y)^2 / 2 and log(1 + exp(-y f))."""
MARGIN_LOSSES: Mapping[str, str] = {
    "cross_entropy": "log(1 + exp(-sN))",
    "hinge": "max(0, 1 - sN)",
    "squared": "(1 - sN)^2 / 2",
}
"""Losses of a margin s N, s being the class, -1 or 1, and N the logit, each with its formula. Hinge has margin 1,
squared the target 1."""
