"""What is kept of the study of a spurious brightness cue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.schedule import Log, Schedule
from core.studies.shades.experiment import Shades
from core.trajectory import Axes, Trajectory

AXES: Axes = {
    "accuracy": ("snapshot", "run", "frequency", "penalty", "shade"),
    "train_accuracy": ("snapshot", "run", "frequency", "penalty"),
    "loss": ("snapshot", "run", "frequency", "penalty"),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; runs go through the seeds, frequencies are the experiment's p, penalties and shades
those of `experiment.py`.

accuracy: on test images so shaded; loss: mean cross-entropy on training images, without the penalty. A run is fitted if
every one of its networks has all training images right at the last step. NaN from where a network was found diverged.
"""


@dataclass(frozen=True, eq=False)
class ShadeTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Shades

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Log(1.12)
