"""Minibatches: B of P points without replacement, independent from step to step (there are no epochs)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from core.randomness import generator

CHUNK = 256
"""Batches drawn at a time. Part of the stream's definition: another chunk would give other batches."""


def batches(n_train: int, batch_size: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Yield chunks (CHUNK, batch_size) of row numbers without end; a full batch is every row in order.

    The convention of Sclocchi, Geiger, Wyart 2023 (2301.13703): without replacement inside a batch, steps independent.
    """
    rng = generator("batch", seed)
    while True:
        if batch_size == n_train:
            yield np.tile(np.arange(n_train), (CHUNK, 1))
        elif batch_size**2 <= n_train:
            yield _by_rejection(rng, n_train, batch_size)
        else:
            yield np.argpartition(rng.random((CHUNK, n_train)), batch_size, axis=1)[:, :batch_size]


def _by_rejection(rng: np.random.Generator, n_train: int, batch_size: int) -> NDArray[np.int64]:
    """Draw whole rows with replacement until none repeats a point: exact, and most rows pass while B^2 < P."""
    drawn = rng.integers(n_train, size=(CHUNK, batch_size))
    while True:
        ordered = np.sort(drawn, axis=1)
        repeats = np.flatnonzero((ordered[:, 1:] == ordered[:, :-1]).any(axis=1))
        if not len(repeats):
            return drawn
        drawn[repeats] = rng.integers(n_train, size=(len(repeats), batch_size))
