"""The one training loop: it steps a shard of an experiment's runs from scheduled step to scheduled step and records it.

A scheduled step is any at which the loop pauses: to record the runs, or to see which of them have ended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import torch
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from core.datasets import Source
from core.experiment import Experiment
from core.study import study_of
from core.trajectory import Array


class Recording(Protocol):
    """What is recorded so far."""

    @property
    def arrays(self) -> Mapping[str, Array]:
        """The arrays of the study's trajectory, for the shard's runs."""


class Training(Protocol):
    """A shard in training: what a study adds to the loop."""

    @property
    def recording(self) -> Recording:
        """What is recorded so far."""

    @property
    def live(self) -> int:
        """How many runs still train."""

    def advance(self, step: int) -> int:
        """Train from `step` up to the next scheduled step and return it."""

    def record(self, step: int) -> bool:
        """Record what a scheduled step calls for and drop the runs that have ended; return whether it recorded any."""


Watcher = Callable[[Recording, int, int], None]
"""Called with the recording so far, the step, and how many runs of the shard still train."""


@torch.inference_mode()
def train(
    experiment: Experiment, runs: Sequence[int], source: Source, *, device: str = "cpu", watch: Watcher | None = None
) -> Recording:
    """Train a shard, some runs of an experiment, and return what was recorded of them."""
    with threadpool_limits(1, "blas"):  # NumPy's matrices are small, too
        return follow(study_of(experiment).begin()(experiment, runs, source, device), watch)


@torch.inference_mode()
def follow(training: Training, watch: Watcher | None = None) -> Recording:
    """Train a shard to the end of its last run."""
    torch.set_num_threads(1)  # the matrices are small: more threads only spin, and shards are processes
    step = 0
    training.record(step)
    while training.live:
        step = training.advance(step)
        if training.record(step) and training.live and watch is not None:
            watch(training.recording, step, training.live)
    if watch is not None:
        watch(training.recording, step, 0)
    return training.recording
