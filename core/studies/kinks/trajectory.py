"""What is kept of a network on a line: the motion of the first seed, and how every seed ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from core.studies.kinks.experiment import Kinks
from core.trajectory import Array, Part, Trajectory, by_run

OUTCOMES = ("interpolated", "step_limit", "diverged", "unfinished", "stationary")

AXES: Mapping[str, tuple[str, ...]] = {
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

MOTION = tuple(name for name, axes in AXES.items() if axes[0] == "snapshot")


@dataclass(frozen=True, eq=False)
class KinkTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment; the run axis goes through the seeds."""

    experiment: Kinks

    axes: ClassVar[Mapping[str, tuple[str, ...]]] = AXES
    outcomes: ClassVar[tuple[str, ...]] = OUTCOMES

    @classmethod
    def join(cls, experiment: Kinks, parts: Sequence[Part]) -> Self:
        """Put the arrays of several shards into one trajectory; runs that no shard has are unfinished.

        Raises KeyError as long as no part has the first run, which has the motion.
        """
        first = {run: part for runs, part in parts for run in runs[:1]}[0]
        arrays: dict[str, Array] = {name: first[name] for name in MOTION}
        rest = {name: axes for name, axes in AXES.items() if name not in MOTION}
        arrays |= {name: by_run(name, axes, experiment.runs, parts) for name, axes in rest.items()}
        return cls(experiment, arrays)
