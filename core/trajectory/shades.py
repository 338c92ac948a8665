"""What is kept of the study of digits with a shade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

import numpy as np

from core.experiments import Shades
from core.schedule import recorded_steps
from core.trajectory.base import UNFINISHED, Array, Part, Trajectory

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

    @classmethod
    def join(cls, experiment: Shades, parts: Sequence[Part]) -> Self:
        """Put the arrays of several banks into one trajectory; runs that no bank has are unfinished."""
        arrays: dict[str, Array] = {}
        for name, axes in AXES.items():
            sample, axis = parts[0][1][name], axes.index("run")
            shape = [experiment.runs if one == "run" else size for one, size in zip(axes, sample.shape, strict=True)]
            blank = UNFINISHED if name == "outcome" else np.nan if sample.dtype.kind == "f" else 0
            whole = np.full(shape, blank, sample.dtype)
            for runs, part in parts:
                np.moveaxis(whole, axis, 0)[list(runs)] = np.moveaxis(part[name], axis, 0)
            arrays[name] = whole
        return cls(experiment, arrays)

    @cached_property
    def steps(self) -> Array:
        """The recorded steps, (snapshot,)."""
        return snapshots(self.experiment)
