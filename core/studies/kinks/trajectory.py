"""What is kept of a network on a line: the motion of the first seed, and how every seed ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.schedule import Log, Schedule
from core.studies.kinks.experiment import Kinks
from core.trajectory import OUTCOMES, Axes, Trajectory

AXES: Axes = {
    "step": ("snapshot",),
    "time": ("snapshot",),
    "output": ("snapshot", "point"),
    "weight": ("snapshot", "neuron"),
    "bias": ("snapshot", "neuron"),
    "head": ("snapshot", "neuron"),
    "outcome": ("run",),
    "end_step": ("run",),
    "end_time": ("run",),
    "escape_step": ("run",),
    "escape_time": ("run",),
    "end_output": ("run", "point"),
    "end_weight": ("run", "neuron"),
    "end_bias": ("run", "neuron"),
    "end_head": ("run", "neuron"),
}
"""The arrays and their axes; a unit is head * relu(weight x + bias).

time: the sum of learning rates, the time of gradient flow on the mean of (f - y)^2 / 2; output: f at the data;
escape_step, escape_time: when the loss was first seen below 99 % of its first value (-1 and NaN: never).
"""


@dataclass(frozen=True, eq=False)
class KinkTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment; the run axis goes through the seeds."""

    experiment: Kinks

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Log(1.1)
    """Of the first run, snapshots are recorded between these steps, too."""
    outcomes: ClassVar[tuple[str, ...]] = ("interpolated", *OUTCOMES[1:])
