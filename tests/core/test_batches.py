"""Minibatches: no point twice in a batch, every point as often, the same stream for the same seed."""

from itertools import islice

import numpy as np
import pytest

from core.batches import CHUNK, batches
from core.randomness import generator

KINDS = [(48, 6), (48, 7), (48, 40), (48, 47), (1024, 16), (8, 1), (9, 3)]


@pytest.mark.parametrize(("n_train", "batch_size"), KINDS)
class TestEveryKind:
    def test_without_replacement(self, n_train: int, batch_size: int) -> None:
        chunk = next(batches(n_train, batch_size, 0))
        assert chunk.shape == (CHUNK, batch_size)
        assert chunk.dtype == np.int64
        assert chunk.min() >= 0
        assert chunk.max() < n_train
        assert all(len(set(row)) == batch_size for row in chunk.tolist())

    def test_every_point_equally_often(self, n_train: int, batch_size: int) -> None:
        chunks = max(4, 40 * n_train // (CHUNK * batch_size))
        counts = np.bincount(np.concatenate(list(islice(batches(n_train, batch_size, 1), chunks))).ravel())
        draws = chunks * CHUNK
        share = batch_size / n_train
        # Each count is binomial(draws, share), and they sum to draws * batch_size.
        chi2 = ((counts - draws * share) ** 2).sum() / (draws * share * (1 - share)) * (n_train - 1) / n_train
        assert len(counts) == n_train
        assert abs(chi2 - (n_train - 1)) < 5 * np.sqrt(2 * (n_train - 1))

    def test_pairs_are_as_likely_as_singles_say(self, n_train: int, batch_size: int) -> None:
        """Two given points meet in a share B (B - 1) / (P (P - 1)) of the batches: what rejection must not bend."""
        rows = np.concatenate(list(islice(batches(n_train, batch_size, 2), 40)))
        together = ((rows == 0).any(1) & (rows == n_train - 1).any(1)).sum()
        share = batch_size * (batch_size - 1) / (n_train * (n_train - 1))
        assert abs(together - len(rows) * share) <= 5 * np.sqrt(len(rows) * share * (1 - share) + 1)

    def test_the_seed_alone_decides(self, n_train: int, batch_size: int) -> None:
        first, again = (list(islice(batches(n_train, batch_size, 5), 3)) for _ in range(2))
        np.testing.assert_array_equal(first, again)
        assert not np.array_equal(first[0], first[1])
        assert not np.array_equal(first[0], next(batches(n_train, batch_size, 6)))


def test_a_full_batch_is_every_row_in_order() -> None:
    stream = batches(12, 12, 0)
    for _ in range(2):
        np.testing.assert_array_equal(next(stream), np.tile(np.arange(12), (CHUNK, 1)))


def test_roles_and_seeds_have_streams_of_their_own() -> None:
    drawn = [generator(role, seed).random(4) for role in ("data", "test", "init", "batch") for seed in (0, 1)]
    assert len({values.tobytes() for values in drawn}) == 8
    np.testing.assert_array_equal(generator("init", 1).random(4), generator("init", 1).random(4))
    with pytest.raises(ValueError, match="not in tuple"):
        generator("other", 0)  # type: ignore[arg-type]
