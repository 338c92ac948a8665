"""Which data sets are images, and of which shape."""

from __future__ import annotations

SHAPES = {"digits": (1, 8, 8), "mnist": (1, 28, 28), "cifar": (3, 32, 32)}
"""Channels, height and width by the first word of a data set's name; inputs hold one channel after the other, row by
row (CIFAR-10: all of red, then green, then blue)."""


def image_shape(dataset: str) -> tuple[int, int, int] | None:
    """Return channels, height and width of a data set's images; None if its inputs are no images."""
    return SHAPES.get(dataset.partition("_")[0])
