"""What is kept of the study of gradient starvation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from core.schedule import recorded_steps
from core.studies.starvation.experiment import Starvation
from core.trajectory import Array, Trajectory

OUTCOMES = ("fitted", "step_limit", "diverged", "unfinished")

FRAME_GROWTH = 1.12
"""Ratio of successive recorded steps."""

AXES: Mapping[str, tuple[str, ...]] = {
    "logit": ("snapshot", "run", "model", "frequency", "feature"),
    "reached": ("run", "model", "frequency", "feature"),
    "stop_time": ("run", "model", "frequency"),
    "stop_logit": ("run", "model", "frequency", "feature"),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; runs go through the seeds, models are `experiments.starvation.MODELS`, frequencies the
experiment's `frequencies`; the features are the strong and the weak one, each by itself.

logit: N_s and N_w; reached: when a logit first was at the level that counts as learned; stop_time: when all samples
with the strong feature were, stop_logit: the logits then. NaN: never within the steps, or the run diverged. A run is
fitted if every model came to its stop at every frequency.
"""


def snapshots(experiment: Starvation) -> Array:
    """Return the recorded steps, (snapshot,)."""
    return np.array(recorded_steps(experiment.step_limit, FRAME_GROWTH))


@dataclass(frozen=True, eq=False)
class StarvationTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Starvation

    axes: ClassVar[Mapping[str, tuple[str, ...]]] = AXES
    outcomes: ClassVar[tuple[str, ...]] = OUTCOMES

    @cached_property
    def steps(self) -> Array:
        """The recorded steps, (snapshot,)."""
        return snapshots(self.experiment)
