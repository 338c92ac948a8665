"""What is kept of networks on a line while they train: the motion of the first, and the end of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.recording import MotionRecording
from core.studies.kinks.experiment import Kinks
from core.trajectory import Array

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LineState:
    """Networks at a step, each array with leading axis run."""

    rows: NDArray[np.int64]  # (run,): the runs of the shard that still train
    time: Floats  # (run,)
    output: Floats  # (run, point)
    weight: Floats  # (run, neuron)
    bias: Floats  # (run, neuron)
    head: Floats  # (run, neuron)


class KinkRecording(MotionRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`); with `motion`, its first run is shown in motion."""

    def __init__(self, experiment: Kinks, runs: int, *, motion: bool) -> None:
        super().__init__(runs)
        self.motion = motion
        neurons, points = (runs, experiment.width), (runs, len(experiment.x))
        self.ends |= {
            "end_time": np.full(runs, np.nan),
            "escape_step": np.full(runs, -1, np.int32),
            "escape_time": np.full(runs, np.nan),
            "end_output": np.full(points, np.nan),
            "end_weight": np.full(neurons, np.nan, np.float32),
            "end_bias": np.full(neurons, np.nan, np.float32),
            "end_head": np.full(neurons, np.nan, np.float32),
        }

    def write(self, step: int, state: LineState) -> None:
        """Keep the first run's state, and every run's as its last one so far."""
        self.ends["end_step"][state.rows] = step
        self.ends["end_time"][state.rows] = state.time
        for name in ("output", "weight", "bias", "head"):
            self.ends[f"end_{name}"][state.rows] = getattr(state, name)
        if self.motion and 0 in state.rows:
            units = {name: getattr(state, name)[0].astype(np.float32) for name in ("weight", "bias", "head")}
            self.show(step, time=np.array(state.time[0]), output=state.output[0].copy(), **units)

    def escaped(self, rows: Array, step: int, time: Array) -> None:
        """Note that the loss of `rows` has begun to fall."""
        self.ends["escape_step"][rows], self.ends["escape_time"][rows] = step, time

    def end(self, rows: Array, outcomes: Array) -> None:
        """Note how `rows` ended."""
        self.ends["outcome"][rows] = outcomes
