"""A network that grows by a unit whenever it rests, and one that begins with all its units, on the same points."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from core.datasets import Source, Task, load
from core.networks import Stack, small_stack
from core.observables.directions import cosines, groups
from core.observables.extremal import fastest
from core.randomness import generator
from core.recording import EarlyEndRecording
from core.studies.greedy.experiment import Greedy
from core.studies.greedy.trajectory import MOVING, GreedyTrajectory
from core.training import flow
from core.training.flow import Checked, Sample
from core.training.full_batch import PAUSES_TO_A_CHECK, FullBatch, error, sample_of
from core.trajectory import DIVERGED, FITTED, STATIONARY, STEP_LIMIT, UNFINISHED, Array

MOST_UNITS = 64
"""A network that is built stops growing here."""
COLUMNS = 8
"""Units that are not there yet are zeros, which cost a step as much as others: room is made for so many at a time."""
RADIUS = 1e-3
"""|a| and |v| of the unit that is added."""
STILL, WITHIN = 1e-2, 10.0
"""A network that is built rests when its loss falls by less than 1 % of itself in a time of 10 / mean |r| |x|, and no
living unit grows. Resting longer moves no unit's place: on 320 digits a tenth of the time gave the same four units
(measured)."""
CANDIDATES = 64
"""Directions that are followed to find the one that grows fastest, for either sign: random ones, and the points with
the largest residuals."""


def begin(experiment: Greedy, runs: Sequence[int], source: Source, device: str) -> GreedyTraining:
    """Return the two networks of one training set at step 0; on the CPU."""
    count, seed, _ = experiment.cells[runs[0]]
    task = load(experiment.dataset, n_train=count, seed=seed, source=source)
    sample = sample_of(experiment.dataset, task, "squared")
    dim, dtype = sample.x.shape[1], sample.x.dtype
    wide = small_stack(
        seeds=[seed], dim=dim, width=experiment.width, sigma=experiment.sigma, balance=1, paired=False, dtype=dtype
    )
    descents = [FullBatch(stack, sample, experiment.target_loss) for stack in (empty(dim, COLUMNS, dtype), wide)]
    return GreedyTraining(
        experiment=experiment,
        task=task,
        builder=Builder(descents[0], generator("batch", seed)),
        descents=descents,
        recording=GreedyRecording(experiment, len(runs)),
    )


def empty(dim: int, width: int, dtype: torch.dtype) -> Stack:
    """Return a network whose units are all zero: they stay so, for neither a nor v has a gradient there."""
    first = torch.zeros(1, dim, width, dtype=dtype)
    return Stack(first, first.new_zeros(0, 1, width, width), first.new_zeros(1, width), "relu", mean_field=False)


@dataclass(eq=False)
class Builder:
    """A network that is built: where its next unit goes."""

    descent: FullBatch
    random: np.random.Generator
    units: int = 0

    def grow(self) -> bool:
        """Put a tiny unit in the direction that grows fastest; return whether there was one, and room for it."""
        sample, output = self.descent.sample, self.descent.output
        residual = sample.residual(output)[0].numpy()
        direction, sign, rate = fastest(sample.x.numpy(), residual, self._starts(sample, residual))
        if self.units == MOST_UNITS or rate <= flow.NO_GROWTH * float(sample.scale(output)[0]):
            return False
        stack = self._with_room()
        stack.first[0, :, self.units] = torch.from_numpy(RADIUS * direction)
        stack.head[0, self.units] = RADIUS * sign
        self.units += 1
        self.descent.stack = stack
        self.descent.output = stack(sample.x)
        time = torch.full_like(self.descent.checked.time, self.descent.time)
        self.descent.checked = Checked(sample.losses(self.descent.output), time)
        return True

    def _with_room(self) -> Stack:
        old = self.descent.stack
        if self.units < old.width:
            return old
        stack = empty(old.first.shape[1], old.width + COLUMNS, old.first.dtype)
        stack.first[:, :, : old.width] = old.first
        stack.head[:, : old.width] = old.head
        return stack

    def _starts(self, sample: Sample, residual: Array) -> Array:
        """Return directions to follow, (candidate, dim)."""
        x = sample.x.numpy()
        worst = np.argsort(-np.abs(residual), kind="stable")[: CANDIDATES // 2]
        drawn = self.random.standard_normal((CANDIDATES - len(worst), x.shape[1])).astype(x.dtype)
        return np.concatenate([drawn, x[worst]])


class GreedyRecording(EarlyEndRecording):
    """The arrays of one training set's two runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: Greedy, runs: int) -> None:
        super().__init__(GreedyTrajectory, experiment, runs)
        self.arrays |= {name: np.full((len(self.steps), runs), np.nan, np.float32) for name in MOVING}
        self.arrays |= {name: np.full(runs, np.nan) for name in ("end_loss", "test_error", "agreement", "distance")}
        self.arrays["rest_step"] = np.full((runs, MOST_UNITS), -1, np.int32)
        self.arrays["rest_loss"] = np.full((runs, MOST_UNITS), np.nan, np.float32)


@dataclass(eq=False)
class GreedyTraining:
    """Both networks of a training set, the one that is built first, from recorded step to recorded step."""

    experiment: Greedy
    task: Task
    builder: Builder
    descents: list[FullBatch]
    recording: GreedyRecording

    @property
    def live(self) -> int:
        """How many of the two still train."""
        return int(self.recording.unfinished.sum())

    def advance(self, step: int) -> int:
        """Train both up to the next recorded step and return it."""
        to = self.recording.after(step)
        for run in np.flatnonzero(self.recording.unfinished).tolist():
            descent, at, outcome = self.descents[run], step, UNFINISHED
            while at < to and outcome == UNFINISHED:
                at = descent.advance(at, to)
                descent.pauses += 1
                outcome = self._outcome(run, at)
            if outcome != UNFINISHED:
                rows = np.array([run])
                self.recording.end(rows, np.array([outcome]), np.array([at]))
                self.recording.keep(at, rows, self._state(run))
        return to

    def record(self, step: int) -> bool:
        """Record those that still train; at the end, how the two compare."""
        if step == 0 and not self._grown(0):
            self.recording.end(np.array([0]), np.array([STATIONARY]), np.array([0]))
        for run in np.flatnonzero(self.recording.unfinished).tolist():
            self.recording.keep(step, np.array([run]), self._state(run))
        if not self.live:
            self._compare()
        return True

    def _outcome(self, run: int, step: int) -> int:
        descent = self.descents[run]
        if not math.isfinite(descent.loss):
            return DIVERGED
        if descent.loss <= descent.target:
            return FITTED
        if descent.pauses % PAUSES_TO_A_CHECK == 0:
            if run:
                if descent.rests():
                    return STATIONARY
            elif descent.rests(STILL, WITHIN) and not self._grown(step):
                return STATIONARY
        return STEP_LIMIT if step >= self.experiment.step_limit else UNFINISHED

    def _grown(self, step: int) -> bool:
        """Add a unit to the network that is built, and note at which loss; return whether there was one to add."""
        place, loss = self.builder.units, self._share(0)
        if not self.builder.grow():
            return False
        self.recording.arrays["rest_step"][0, place] = step
        self.recording.arrays["rest_loss"][0, place] = loss
        return True

    def _share(self, run: int) -> float:
        """Return the loss over that of f = 0."""
        descent = self.descents[run]
        return descent.loss * descent.share / descent.target

    def _state(self, run: int) -> Mapping[str, Any]:
        """Return what is recorded of a run (`trajectory.MOVING`)."""
        stack = self.descents[run].stack
        v, a = stack.first[0].T.numpy().astype(np.float64), stack.head[0].numpy().astype(np.float64)
        if not (np.isfinite(v).all() and np.isfinite(a).all()):
            return dict.fromkeys(MOVING, np.nan)
        radius = np.abs(a) * np.linalg.norm(v, axis=1)
        count = groups(cosines(v), np.sign(a).astype(np.int8), radius).count
        units = self.experiment.width if run else self.builder.units
        return {"loss": self._share(run), "directions": count, "units": units}

    def _compare(self) -> None:
        """Note the losses and test errors, and how far apart the two networks' outputs are on test points."""
        kept, outputs = self.recording.arrays, []
        for run, descent in enumerate(self.descents):
            output, wrong = error(self.experiment.dataset, descent.stack, self.task, descent.sample.x.dtype)
            outputs.append(output.astype(np.float64))
            kept["end_loss"][run], kept["test_error"][run] = self._share(run), wrong
        built, trained = outputs
        if np.isfinite(built).all() and np.isfinite(trained).all() and trained.any():
            kept["agreement"][:] = np.mean(np.sign(built) == np.sign(trained))
            kept["distance"][:] = np.sqrt(np.mean((built - trained) ** 2) / np.mean(trained**2))
