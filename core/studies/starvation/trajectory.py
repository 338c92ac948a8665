"""What is kept of the study of gradient starvation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.schedule import Log, Schedule
from core.studies.starvation.experiment import Starvation
from core.trajectory import Axes, Trajectory

AXES: Axes = {
    "logit": ("snapshot", "run", "model", "frequency", "feature"),
    "reached": ("run", "model", "frequency", "feature"),
    "stop_time": ("run", "model", "frequency"),
    "stop_logit": ("run", "model", "frequency", "feature"),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; runs go through the seeds, models are those of `MODELS`, frequencies the
experiment's `frequencies`; the features are the strong and the weak one, each by itself.

logit: N_s and N_w; reached: when a logit first reached the level that counts as learned; stop_time: when all samples
with the strong feature were, stop_logit: the logits then. NaN: never within the steps, or the run diverged. A run is
fitted if every model reached its stop at every frequency.
"""


@dataclass(frozen=True, eq=False)
class StarvationTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Starvation

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Log(1.12)
