"""The one training loop: steps a bank of networks from stop to stop, and looks at it there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import torch

from core.datasets import Source
from core.experiment import Experiment
from core.study import study_of
from core.trajectory import Array


class Recording(Protocol):
    """What is kept so far."""

    @property
    def arrays(self) -> Mapping[str, Array]:
        """The arrays of the study's trajectory, for the bank's runs."""


class Training(Protocol):
    """A bank in training: what a study adds to the loop."""

    @property
    def recording(self) -> Recording:
        """What is kept so far."""

    @property
    def live(self) -> int:
        """How many runs still train."""

    def advance(self, step: int) -> int:
        """Train up to the next stop and return it."""

    def look(self, step: int) -> bool:
        """Record what the stop calls for and let go of runs that have ended; return whether it was recorded."""


Watcher = Callable[[Recording, int, int], None]
"""Called with the recording so far, the step, and how many runs of the bank still train."""


@torch.inference_mode()
def train(
    experiment: Experiment, runs: Sequence[int], source: Source, *, device: str = "cpu", watch: Watcher | None = None
) -> Recording:
    """Train some runs of an experiment, one bank of it, and return what was recorded of them."""
    return follow(study_of(experiment).begin()(experiment, runs, source, device), watch)


@torch.inference_mode()
def follow(training: Training, watch: Watcher | None = None) -> Recording:
    """Train a bank to the end of its last run."""
    torch.set_num_threads(1)  # the matrices are small: more threads only spin, and banks are processes
    step = 0
    training.look(step)
    while training.live:
        step = training.advance(step)
        if training.look(step) and training.live and watch is not None:
            watch(training.recording, step, training.live)
    if watch is not None:
        watch(training.recording, step, 0)
    return training.recording
