"""What is kept of the study of depth and the loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from core.studies.depths.experiment import Depths
from core.trajectory import Array, Trajectory

OUTCOMES = ("fitted", "step_limit", "diverged", "unfinished")

FRAMES = 150
"""Recorded steps beside the first, the later the further apart: some networks learn in a fiftieth of the time."""

AXES: Mapping[str, tuple[str, ...]] = {
    "logit": ("snapshot", "run"),
    "strength": ("snapshot", "run", "mode"),
    "end_time": ("run",),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; runs go through `Depths.cells`, modes through its `strengths`.

logit: N; strength: of the linear network's modes, NaN where the loss is not squared; end_time: when N came to `end_of`
the loss, between two steps by the chord, NaN if it did not. A run that is there at the last step is fitted; a
diverged one is NaN from the snapshot on at which it was found so.
"""


def snapshots(experiment: Depths) -> Array:
    """Return the recorded steps, (snapshot,)."""
    return np.unique(np.round(experiment.step_limit * np.linspace(0, 1, FRAMES + 1) ** 2).astype(np.int64))


@dataclass(frozen=True, eq=False)
class DepthsTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Depths

    axes: ClassVar[Mapping[str, tuple[str, ...]]] = AXES
    outcomes: ClassVar[tuple[str, ...]] = OUTCOMES

    @cached_property
    def steps(self) -> Array:
        """The recorded steps, (snapshot,)."""
        return snapshots(self.experiment)
