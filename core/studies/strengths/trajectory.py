"""What is kept of the study of two features of a linearised network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from core.schedule import recorded_steps
from core.studies.strengths.experiment import Strengths
from core.trajectory import Array, Trajectory

OUTCOMES = ("fitted", "step_limit", "diverged", "unfinished")

AXES: Mapping[str, tuple[str, ...]] = {
    "response": ("snapshot", "run", "feature"),
    "loss": ("snapshot", "run"),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; runs go through the strengths s_1, and through `experiments.strengths.PENALTIES` for each.

response: z = U^T Y yhat; loss: the sum of log(1 + exp(-Y yhat)) without its penalty. A diverged run is NaN from the
snapshot on at which it was found so.
"""


def snapshots(experiment: Strengths) -> Array:
    """Return the recorded steps, (snapshot,)."""
    return np.array(recorded_steps(experiment.step_limit))


@dataclass(frozen=True, eq=False)
class StrengthTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Strengths

    axes: ClassVar[Mapping[str, tuple[str, ...]]] = AXES
    outcomes: ClassVar[tuple[str, ...]] = OUTCOMES

    @cached_property
    def steps(self) -> Array:
        """The recorded steps, (snapshot,)."""
        return snapshots(self.experiment)
