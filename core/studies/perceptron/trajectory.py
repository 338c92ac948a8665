"""What is kept of the study of the perceptron: how every run ended, and the way of those of the first seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

import numpy as np

from core.schedule import recorded_steps
from core.studies.perceptron.experiment import Perceptron
from core.trajectory import UNFINISHED, Array, Part, Trajectory

OUTCOMES = ("fitted", "step_limit", "diverged", "unfinished")

FRAME_GROWTH = 1.25
"""Ratio of successive recorded steps."""

AXES: Mapping[str, tuple[str, ...]] = {
    "signal": ("snapshot", "cell"),
    "noise": ("snapshot", "cell"),
    "unfitted": ("snapshot", "cell"),
    "direction": ("snapshot", "cell", "dimension"),
    "outcome": ("run",),
    "end_step": ("run",),
    "events": ("run",),
    "end_unfitted": ("run",),
    "end_signal": ("run",),
    "end_noise": ("run",),
}
"""The arrays and their axes; runs are `Perceptron.cells`, cells are those of the first seed, which come first.

signal: w_1; noise: |w_perp|; unfitted: training points with y f < kappa; direction: w_perp / |w_perp|, 0 where w is 0;
events: steps that moved the run. A run at its limit of events is `step_limit`; none can diverge, for a step is at most
learning_rate |x| / sqrt(d) long.
"""


def snapshots(experiment: Perceptron) -> Array:
    """Return the recorded steps, (snapshot,): to the number that a run at the limit of events takes at most, on average
    (one batch in P / B has the last unfitted point)."""
    most = experiment.event_limit * experiment.n_train[-1] // experiment.batch_size[0]
    return np.array(recorded_steps(most, FRAME_GROWTH))


@dataclass(frozen=True, eq=False)
class PerceptronTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Perceptron

    axes: ClassVar[Mapping[str, tuple[str, ...]]] = AXES
    outcomes: ClassVar[tuple[str, ...]] = OUTCOMES

    @classmethod
    def join(cls, experiment: Perceptron, parts: Sequence[Part]) -> Self:
        """Put the arrays of several shards into one trajectory; runs that no shard has are unfinished."""
        arrays: dict[str, Array] = {}
        for name, axes in AXES.items():
            sample, cells = parts[0][1][name], "cell" in axes
            shape = [*sample.shape]
            shape[axes.index("cell" if cells else "run")] = experiment.cells_a_seed if cells else experiment.runs
            blank = UNFINISHED if name == "outcome" else np.nan if sample.dtype.kind == "f" else 0
            whole = np.full(shape, blank, sample.dtype)
            for runs, part in parts:
                kept = [run for run in runs if run < experiment.cells_a_seed] if cells else list(runs)
                if cells:
                    whole[:, kept] = part[name]
                else:
                    whole[kept] = part[name]
            arrays[name] = whole
        return cls(experiment, arrays)

    @cached_property
    def steps(self) -> Array:
        """The recorded steps, (snapshot,)."""
        return snapshots(self.experiment)
