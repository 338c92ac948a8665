"""What is kept of the study of modes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.schedule import Even, Geometric, Schedule
from core.studies.modes.experiment import Modes
from core.trajectory import Array, Axes, Trajectory

MODELS = ("relu", "linear")
"""What each run trains: the network, and one layer for contrast."""
THRESHOLDS = (0.5, 1.0, 2.0, float(np.log(9)), 4.0)
"""Values of sN whose first crossing is kept; ln 9 is a confidence of 90 %."""

AXES: Axes = {
    "logit": ("snapshot", "run", "model", "mode"),
    "first": ("snapshot", "run", "unit"),
    "head": ("snapshot", "run", "unit"),
    "crossing": ("run", "model", "mode", "threshold"),
    "zero_step": ("run", "model", "mode"),
    "steepest_time": ("run", "model", "mode"),
    "steepest_error": ("run", "model", "mode"),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; runs are the losses of `experiment.COMPARED`, modes those of `MODES` there.

logit: sN, s being the class; first, head: y = w.x / |x| and s z of the network's neurons, x and s being those of the
class that the neuron belongs to (unit i to mode i mod 2); crossing: the time at which sN first is each of `THRESHOLDS`,
between the steps by a straight line; zero_step: the first step at which the mode's hinge loss is 0, -1 if none was and
under cross-entropy; steepest_time, steepest_error: where a step lowered the soft error sigmoid(-sN) most. A run is
fitted if the network's hinge loss reached 0 in both modes.
"""


@dataclass(frozen=True, eq=False)
class ModesTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Modes

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Even(100) | Geometric(60)

    @property
    def times(self) -> Array:
        """The recorded times, (snapshot,)."""
        return np.asarray(self.steps * self.experiment.learning_rate)
