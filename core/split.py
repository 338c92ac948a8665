"""Ways to split an experiment's runs into shards, each trained by one process.

A split never depends on the number of workers: same experiment, same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from core.experiment import Experiment

RUNS_A_SHARD = 36
"""Most runs of a shard on the CPU, where one network is trained at a time whatever the shard's size: small enough to
share out, large enough that a shard's data set and snapshots cost little beside its training."""
FEWEST_RUNS_A_SHARD = 8
SEEDS_A_SHARD = 16

Split = list[list[int]]


def together(experiment: Experiment, device: str) -> Split:
    """Return one shard of all runs."""
    return [list(range(experiment.runs))]


def one_by_one(experiment: Experiment, device: str) -> Split:
    """Return a shard a run."""
    return [[run] for run in range(experiment.runs)]


def by_sixteen(experiment: Experiment, device: str) -> Split:
    """Return shards of `SEEDS_A_SHARD` successive runs."""
    runs = list(range(experiment.runs))
    return [runs[first : first + SEEDS_A_SHARD] for first in range(0, experiment.runs, SEEDS_A_SHARD)]


def dealt(starts: Iterable[int], size: int, shards: int) -> Split:
    """Return for each plane of `size` runs, which begins at a run of `starts`, so many shards that sample all of it."""
    return [list(range(first + shard, first + size, shards)) for first in starts for shard in range(shards)]


def shards_a_plane(size: int, device: str) -> int:
    """Return how many shards a plane of `size` runs is: one on a GPU, which trains it as one stack."""
    return 1 if device == "cuda" else max(-(-size // RUNS_A_SHARD), min(4, size // FEWEST_RUNS_A_SHARD), 1)


def by_runs(
    run: Callable[[Any], tuple[float, float]], shards: Callable[[Any, str], Split]
) -> Callable[[Any, int], tuple[float, float]]:
    """Return a study's `seconds`, usually and at most, from those of one run on one core."""

    def seconds(experiment: Any, workers: int) -> tuple[float, float]:
        usual, at_most = run(experiment)
        share = experiment.runs / min(workers, len(shards(experiment, "cpu")))
        return usual * share, at_most * share

    return seconds
