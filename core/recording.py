"""What the recordings of most studies have in common: recorded steps, snapshots, and how each run ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.trajectory import DIVERGED, UNFINISHED, Array, Trajectory, blank

Floats = NDArray[np.float32]


class Recording:
    """The arrays of one shard's runs; a study adds its own to `outcome` and `end_step`, (run,)."""

    def __init__(self, trajectory: type[Trajectory], experiment: Any, runs: int) -> None:
        self.trajectory = trajectory
        self.steps = trajectory.scheduled(experiment)
        self.arrays: dict[str, Array] = {
            "outcome": np.full(runs, UNFINISHED, np.int8),
            "end_step": np.zeros(runs, np.int32),
        }

    @property
    def unfinished(self) -> NDArray[np.bool_]:
        """Whether each run still trains, (run,)."""
        return np.asarray(self.arrays["outcome"] == UNFINISHED)

    def after(self, step: int) -> int:
        """Return the next recorded step."""
        return int(self.steps[np.searchsorted(self.steps, step, side="right")])

    def snapshot(self, step: int) -> int:
        """Return the first snapshot at or after `step`."""
        return int(np.searchsorted(self.steps, step))


class AllStepsRecording(Recording):
    """Of runs that take all their steps, or are not a number from some step on."""

    def write(self, step: int, **state: Array) -> None:
        """Keep a state, arrays by name without their axis of snapshots, in the snapshot of a recorded step."""
        at = self.snapshot(step)
        for name, values in state.items():
            self.arrays[name][at] = values

    def end(self, step: int, ended: NDArray[np.bool_], outcome: NDArray[np.int64]) -> None:
        """Note how those of `ended` that still trained ended, (run,) both."""
        fresh = ended & self.unfinished
        self.arrays["outcome"][fresh], self.arrays["end_step"][fresh] = outcome[fresh], step


class FollowedRecording(AllStepsRecording):
    """Of such runs, whose loss is seen at every step."""

    def follow(self, step: int, loss: NDArray[np.float64]) -> None:
        """Note the loss before a step of every run, (run,); NaN where a run has diverged."""
        raise NotImplementedError


class EarlyEndRecording(Recording):
    """Of runs that may end at any step and keep their last state in all later snapshots."""

    def write(self, step: int, rows: Array, state: Mapping[str, Array]) -> None:
        """Keep what a study keeps of the state of the runs `rows` at a step."""
        raise NotImplementedError

    def keep(self, step: int, rows: Array, state: Mapping[str, Array]) -> None:
        """Keep the state of the runs `rows` in the snapshot of `step` and, until they move on, in every later one."""
        for name, values in state.items():
            self.arrays[name][self.snapshot(step) :, rows] = values

    def end(self, rows: Array, outcomes: Array, end_steps: Array) -> None:
        """Note how and when `rows` ended; what a diverged run shows from then on is blank, not its last numbers."""
        self.arrays["outcome"][rows] = outcomes
        self.arrays["end_step"][rows] = end_steps
        moving = [name for name, axes in self.trajectory.axes.items() if axes[:2] == ("snapshot", "run")]
        for row, end_step in zip(rows[outcomes == DIVERGED], end_steps[outcomes == DIVERGED], strict=True):
            for name in moving:
                array = self.arrays[name]
                array[self.snapshot(end_step) :, row] = blank(name, array.dtype)


class MotionRecording:
    """Of runs of which the first is also shown in motion, at steps of its own besides the scheduled ones."""

    def __init__(self, runs: int) -> None:
        self.snapshots: list[dict[str, Array]] = []
        self.ends: dict[str, Array] = {
            "outcome": np.full(runs, UNFINISHED, np.int8),
            "end_step": np.zeros(runs, np.int32),
        }

    @property
    def arrays(self) -> Mapping[str, Array]:
        """The arrays so far."""
        names = self.snapshots[0] if self.snapshots else ()
        return {name: np.stack([one[name] for one in self.snapshots]) for name in names} | self.ends

    def show(self, step: int, **state: Array) -> None:
        """Keep a state of the first run, arrays by name; a step kept before is not kept twice."""
        if not self.snapshots or self.snapshots[-1]["step"] != step:
            self.snapshots.append({"step": np.array(step, np.int32), **state})


def error(output: Floats, labels: Floats) -> Floats:
    """Return the share of points on the wrong side, (run,); F = 0 counts half, and a NaN anywhere makes NaN.

    A plain mean(y F <= 0) calls a NaN correct, and a diverged run perfect.
    """
    agreement = np.sign(output * labels)  # (run, point)
    share: Floats = ((1 - agreement) / 2).mean(axis=1, dtype=np.float64).astype(np.float32)
    return share


def rounded(values: Floats, fraction_bits: int) -> Floats:
    """Return values with `fraction_bits` bits of fraction, of float32's 23; NaN and infinities as they are."""
    drop = np.uint32(23 - fraction_bits)
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
    coarse = ((bits + (np.uint32(1) << (drop - np.uint32(1)))) >> drop) << drop
    return np.where(np.isfinite(values), coarse.view(np.float32), values)
