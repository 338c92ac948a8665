"""Choices that several studies offer."""

from __future__ import annotations

from collections.abc import Mapping

from core.images import image_shape

DATASETS = (
    "two_moons",
    "sinusoidal_disc",
    "sinusoid",
    "xor",
    "digits_parity",
    "digits_halves",
    "mnist_parity",
    "mnist_halves",
    "cifar_animals",
    "cifar_balanced",
    "cifar_halves",
    "csv",
)
SHARED_DATASETS = tuple(name for name in DATASETS if name != "csv")
"""Those that everybody has."""
IMAGES = tuple(name for name in DATASETS if image_shape(name) is not None)
"""The data sets that a convolutional network can look at."""
ACTIVATIONS = ("relu", "gelu")
LABEL_LOSSES = ("squared", "logistic")
"""Losses on labels or targets y: (f - y)^2 / 2 and log(1 + exp(-y f))."""
MARGIN_LOSSES: Mapping[str, str] = {
    "cross_entropy": "log(1 + exp(-sN))",
    "hinge": "max(0, 1 - sN)",
    "squared": "(1 - sN)^2 / 2",
}
"""Losses of a margin s N, s being the class, -1 or 1, and N the logit, each with its formula. Hinge has margin 1,
squared the target 1."""
