"""What is kept of the study of digits with a shade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from core.schedule import recorded_steps
from core.studies.shades.experiment import Shades
from core.trajectory import Array, Trajectory

OUTCOMES = ("fitted", "step_limit", "diverged", "unfinished")

FRAME_GROWTH = 1.12
"""Ratio of successive recorded steps."""

AXES: Mapping[str, tuple[str, ...]] = {
    "accuracy": ("snapshot", "run", "frequency", "penalty", "shade"),
    "train_accuracy": ("snapshot", "run", "frequency", "penalty"),
    "loss": ("snapshot", "run", "frequency", "penalty"),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; runs go through the seeds, frequencies are the experiment's p, penalties and shades those
of `experiments.shades`.

accuracy: on test images so shaded; loss: mean cross-entropy on training images, without the penalty. A run is fitted if
every one of its networks has all training images right at the last step. NaN from where a network was found diverged.
"""


def snapshots(experiment: Shades) -> Array:
    """Return the recorded steps, (snapshot,)."""
    return np.array(recorded_steps(experiment.step_limit, FRAME_GROWTH))


@dataclass(frozen=True, eq=False)
class ShadeTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Shades

    axes: ClassVar[Mapping[str, tuple[str, ...]]] = AXES
    outcomes: ClassVar[tuple[str, ...]] = OUTCOMES

    @cached_property
    def steps(self) -> Array:
        """The recorded steps, (snapshot,)."""
        return snapshots(self.experiment)
