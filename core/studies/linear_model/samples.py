"""The samples of the linear model: true and noisy labels, and the noise of the inputs as its Gram matrix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.randomness import generator

Floats = NDArray[np.float64]

AT_ONCE = 512
"""Dimensions of z drawn at a time; of no consequence for what is drawn."""


@dataclass(frozen=True, eq=False)
class Samples:
    """The n samples of a seed: what is drawn does not depend on how many dimensions of it are looked at."""

    s: Floats  # (sample,), true labels, -1 or 1
    y: Floats  # (sample,), training labels: s flipped where a draw from U(0, 1) is below eta
    seed: int

    @classmethod
    def draw(cls, n: int, eta: float, seed: int) -> Samples:
        """Draw the labels."""
        s = np.where(generator("data", seed).random(n) < 0.5, -1.0, 1.0)
        flipped = generator("noise", seed).random(n) < eta
        return cls(s, np.where(flipped, -s, s), seed)

    def grams(self, dimensions: Iterable[int], sigma: float) -> Iterator[Floats]:
        """Yield Z Z^T, (sample, sample), for each number of dimensions, which ascend.

        The dimensions of a smaller one are the first of a larger one. Z is never whole in memory.
        """
        rng, reached, n = generator("data", self.seed), 0, len(self.s)
        rng.random(n)  # the true labels
        gram = np.zeros((n, n))
        for d in dimensions:
            while reached < d:
                z = rng.standard_normal((min(AT_ONCE, d - reached), n))  # (dimension, sample)
                gram += z.T @ z
                reached += len(z)
            yield sigma**2 * gram
