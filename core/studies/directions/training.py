"""Networks on data sets in training: one run, on a training set of its own, with the steps of `core.training.flow`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from core.datasets import Source, Task, load
from core.networks import Stack, small_stack
from core.observables.extremal import extremal_of
from core.studies.directions.experiment import Directions
from core.studies.directions.recording import DirectionRecording, Network, what_stays
from core.studies.directions.trajectory import DirectionTrajectory
from core.training.flow import Sample
from core.training.full_batch import PAUSES_TO_A_CHECK, FullBatch, error, flat, sample_of
from core.trajectory import DIVERGED, FITTED, STATIONARY, STEP_LIMIT

FALLEN = 0.97
"""Between scheduled steps a loss is recorded that is this fraction of that at the last snapshot."""


def begin(experiment: Directions, runs: Sequence[int], source: Source, device: str) -> DirectionTraining:
    """Return the untrained network of one run; on the CPU, a shard of its own."""
    [run] = runs
    count, seed = experiment.cells[run]
    task = load(experiment.dataset, n_train=count, seed=seed, source=source)
    sample = sample_of(experiment.dataset, task, experiment.loss)
    stack = small_stack(
        seeds=[seed],
        dim=sample.x.shape[1],
        width=experiment.width,
        sigma=experiment.sigma,
        balance=1,
        paired=experiment.paired,
        dtype=sample.x.dtype,
    )
    return DirectionTraining(
        experiment=experiment,
        test=task,
        descent=FullBatch(stack, sample, experiment.target_loss),
        recording=_recording(experiment, stack, sample) if run == 0 else DirectionRecording(experiment.width),
        scheduled=DirectionTrajectory.scheduled(experiment).tolist(),
    )


def _recording(experiment: Directions, stack: Stack, sample: Sample) -> DirectionRecording:
    """Return a recording with motion: where every unit would turn to is known before the first step."""
    zeros = torch.zeros_like(sample.y)
    x, residual = sample.x.numpy(), sample.residual(zeros).numpy()
    sign = np.sign(stack.head[0].numpy())
    extremal = extremal_of(stack.first[0].T.numpy(), sign, x, residual)
    still = what_stays(extremal, sign.astype(np.int8), x, sample.y.numpy(), flat=flat(experiment.dataset))
    return DirectionRecording(experiment.width, still, extremal.direction)


@dataclass
class DirectionTraining:
    """One network in training, which ends as soon as its loss is the target's share of that of f = 0.

    It also ends at rest, where the loss falls no more and no living unit grows, at the limit, or not finite.
    """

    experiment: Directions
    test: Task
    descent: FullBatch
    recording: DirectionRecording
    scheduled: list[int]
    place: int = 0  # in `scheduled`, of the next one
    shown: float = math.inf  # the loss at the last snapshot
    live: int = 1

    def advance(self, step: int) -> int:
        """Train up to the next pause and return it."""
        return self.descent.advance(step, self.scheduled[self.place])

    def record(self, step: int) -> bool:
        """Record a snapshot if it is due or the loss has fallen; end the run if it has reached its end."""
        self.descent.pauses += 1
        due = step >= self.scheduled[self.place]
        self.place += due
        fallen = self.descent.loss < FALLEN * self.shown
        shown = due or (fallen and self.recording.motion)
        if shown:
            self.recording.write(step, self._network())
            self.shown = self.descent.loss
        outcome = self._outcome(step, check=due or self.descent.pauses % PAUSES_TO_A_CHECK == 0)
        if outcome is not None:
            self.recording.end(step, self._network(), outcome, self._test_error())
            self.live = 0
        return shown

    def _outcome(self, step: int, *, check: bool) -> int | None:
        if not math.isfinite(self.descent.loss):
            return DIVERGED
        if self.descent.loss <= self.descent.target:
            return FITTED
        if step and check and self.descent.rests():
            return STATIONARY
        return STEP_LIMIT if step >= self.experiment.step_limit else None

    def _network(self) -> Network:
        stack = self.descent.stack
        weight, head = (part[0].numpy().astype(np.float64) for part in (stack.first, stack.head))
        return Network(self.descent.time, self.descent.loss, weight.T, head)

    def _test_error(self) -> float:
        return error(self.experiment.dataset, self.descent.stack, self.test, self.descent.sample.x.dtype)[1]
