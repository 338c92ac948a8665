"""What is kept of networks on a line while they train: the motion of the first, and the end of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.studies.kinks.experiment import Kinks
from core.studies.kinks.trajectory import MOTION
from core.trajectory import UNFINISHED, Array

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


@dataclass(eq=False)
class KinkRecording:
    """The arrays of one shard's runs (see `trajectory.AXES`); `motion` says whether its first run is watched."""

    experiment: Kinks
    count: int
    motion: bool
    snapshots: list[dict[str, Array]] = field(default_factory=list)

    def __post_init__(self) -> None:
        neurons, points = (self.count, self.experiment.width), (self.count, len(self.experiment.x))
        self.ends: dict[str, Array] = {
            "outcome": np.full(self.count, UNFINISHED, np.int8),
            "end_step": np.zeros(self.count, np.int32),
            "end_time": np.full(self.count, np.nan),
            "escape_step": np.full(self.count, -1, np.int32),
            "escape_time": np.full(self.count, np.nan),
            "end_output": np.full(points, np.nan),
            "end_weight": np.full(neurons, np.nan, np.float32),
            "end_bias": np.full(neurons, np.nan, np.float32),
            "end_head": np.full(neurons, np.nan, np.float32),
        }

    @property
    def arrays(self) -> Mapping[str, Array]:
        """The arrays so far."""
        moved = {name: np.stack([one[name] for one in self.snapshots]) for name in MOTION} if self.motion else {}
        return moved | self.ends

    def write(self, step: int, state: LineState) -> None:
        """Keep the first run's state, and every run's as its last one so far; a step kept before is not kept twice."""
        self.ends["end_step"][state.rows] = step
        self.ends["end_time"][state.rows] = state.time
        for name in ("output", "weight", "bias", "head"):
            self.ends[f"end_{name}"][state.rows] = getattr(state, name)
        if not self.motion or 0 not in state.rows or (self.snapshots and self.snapshots[-1]["step"] == step):
            return
        kept: dict[str, Array] = {
            "step": np.array(step, np.int32),
            "time": np.array(state.time[0]),
            "output": state.output[0].copy(),
        }
        for name in ("weight", "bias", "head"):
            kept[name] = getattr(state, name)[0].astype(np.float32)
        self.snapshots.append(kept)

    def escaped(self, rows: Array, step: int, time: Array) -> None:
        """Note that the loss of `rows` has begun to fall."""
        self.ends["escape_step"][rows], self.ends["escape_time"][rows] = step, time

    def end(self, rows: Array, outcomes: Array) -> None:
        """Note how `rows` ended."""
        self.ends["outcome"][rows] = outcomes
