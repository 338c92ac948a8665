"""Networks on data sets in training: one run, on a training set of its own, with the steps of `core.training.flow`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from core.datasets import CATALOGUE, Source, Task, load
from core.networks import Stack, small_stack
from core.studies.directions.alignment import extremal_of
from core.studies.directions.experiment import Directions
from core.studies.directions.recording import DirectionRecording, Network, what_stays
from core.studies.directions.trajectory import DirectionTrajectory
from core.training import flow
from core.training.flow import Checked, Sample
from core.trajectory import DIVERGED, FITTED, STATIONARY, STEP_LIMIT, Array

AT_ONCE = 10
"""The largest number of steps between two pauses of the loop, at which the loss is computed."""

AT_ONE_RATE = 2
"""Pauses for which a learning rate serves, after the first ones: to compute it costs as much as three steps."""

CHECK = 20
"""Pauses between two checks whether the run is at rest."""


FALLEN = 0.97
"""Between scheduled steps a loss is recorded that is this fraction of that at the last snapshot."""

PLANE = 2.0
"""What the coordinates of the 2-D tasks, about two standard deviations wide, are divided by: then they fill [-1, 1]
beside their constant 1, as points on a line do."""

CONSTANT = 0.5
"""The constant input beside inputs of length 1."""

FEW_INPUTS = 32
"""Up to so many inputs steps are in float64, which slides along the borders of the data cleanly. Beyond, float32 takes
half the time; on 80 to 320 digits counts differed by 0 to 2 of 2 to 35 (measured)."""


def prepared(dataset: str, inputs: Array) -> Array:
    """Return a data set's inputs (point, dimension) as the units see them, with a constant in the last column."""
    if flat(dataset):
        return np.hstack([inputs[:, :2] / PLANE, inputs[:, 2:]]).astype(np.float64)
    wide = inputs.astype(np.float64)
    length = np.linalg.norm(wide, axis=1, keepdims=True)
    return np.hstack([wide / np.maximum(length, 1e-12), np.full((len(wide), 1), CONSTANT)])


def flat(dataset: str) -> bool:
    """Whether the inputs are two and a constant."""
    return CATALOGUE[dataset].dimension == 3


def begin(experiment: Directions, runs: Sequence[int], source: Source, device: str) -> DirectionTraining:
    """Return the untrained network of one run; on the CPU, a shard of its own."""
    [run] = runs
    count, seed = experiment.cells[run]
    task = load(experiment.dataset, n_train=count, seed=seed, source=source)
    x = prepared(experiment.dataset, task.train_inputs)
    dtype = torch.float64 if x.shape[1] <= FEW_INPUTS else torch.float32
    stack = small_stack(
        seeds=[seed],
        dim=x.shape[1],
        width=experiment.width,
        sigma=experiment.sigma,
        balance=1,
        paired=experiment.paired,
        dtype=dtype,
    )
    inputs, labels = (torch.from_numpy(part).to(dtype) for part in (x, task.train_labels.copy()))
    sample = Sample(inputs, labels, experiment.loss)
    output = stack(sample.x)
    return DirectionTraining(
        experiment=experiment,
        sample=sample,
        test=task,
        stack=stack,
        output=output,
        recording=_recording(experiment, stack, sample) if run == 0 else DirectionRecording(experiment.width),
        checked=Checked(sample.losses(output), torch.zeros(1, dtype=dtype)),
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
    sample: Sample
    test: Task
    stack: Stack
    output: Tensor  # (1, point), f at the last pause
    recording: DirectionRecording
    checked: Checked
    scheduled: list[int]
    time: float = 0.0
    pauses: int = 0
    place: int = 0  # in `scheduled`, of the next one
    rate: float = 0.0
    vector: Tensor = field(default_factory=lambda: torch.zeros(1, 0))  # of the power iteration
    shown: float = math.inf  # the loss at the last snapshot
    pace: float = 0.0  # by how much log loss fell a step, between the last two pauses
    live: int = 1

    @property
    def target(self) -> float:
        """The loss at which the run is fitted."""
        return self.experiment.target_loss * float(self.sample.losses(torch.zeros_like(self.output))[0])

    @property
    def loss(self) -> float:
        """The loss at the last pause."""
        return float(self.sample.losses(self.output)[0])

    def advance(self, step: int) -> int:
        """Train up to the next pause and return it: a few steps, fewer where the target is near at the present pace."""
        if not self.pauses % AT_ONE_RATE or self.pauses < CHECK or self.vector.shape[1] == 0:
            self.rate = self._learning_rate()
        distance = math.log(max(self.loss / self.target, 1.0))
        near = distance / self.pace if self.pace > 0 else AT_ONCE
        to = min(step + max(1, min(AT_ONCE, int(near))), self.scheduled[self.place])
        before = self.loss
        rates = torch.full((1,), self.rate, dtype=self.sample.y.dtype)
        flow.step(self.stack, self.sample, rates, step, to - step)
        self.time += self.rate * (to - step)
        self.output = self.stack(self.sample.x)
        self.pace = math.log(before / self.loss) / (to - step) if 0 < self.loss < math.inf else 0.0
        return to

    def record(self, step: int) -> bool:
        """Record a snapshot if it is due or the loss has fallen; end the run if it has reached its end."""
        self.pauses += 1
        due = step >= self.scheduled[self.place]
        self.place += due
        fallen = self.loss < FALLEN * self.shown
        shown = due or (fallen and self.recording.motion)
        if shown:
            self.recording.write(step, self._network())
            self.shown = self.loss
        outcome = self._outcome(step, check=due or self.pauses % CHECK == 0)
        if outcome is not None:
            self.recording.end(step, self._network(), outcome, self._test_error())
            self.live = 0
        return shown

    def _learning_rate(self) -> float:
        """Return eta; lambda_max exactly for few points, else by a power iteration from the vector of the last time."""
        sample = self.sample
        kernel = flow.tangent_kernel(self.stack, sample, sample.curvature(self.output))
        if len(sample.y) <= flow.EXACT_POINTS:
            stiffness = flow.largest_eigenvalue(kernel)
        else:
            first = self.vector.shape[1] == 0
            start = torch.linspace(1, 2, len(sample.y), dtype=kernel.dtype)[None] if first else self.vector
            stiffness, self.vector = flow.power_iteration(kernel, start, flow.POWERS * (8 if first else 1))
        return float(flow.learning_rate(sample.scale(self.output), stiffness)[0])

    def _outcome(self, step: int, *, check: bool) -> int | None:
        if not math.isfinite(self.loss):
            return DIVERGED
        if self.loss <= self.target:
            return FITTED
        if step and check:
            time = torch.full_like(self.checked.time, self.time)
            resting, self.checked = flow.at_rest(self.stack, self.sample, self.output, time, self.checked)
            if resting[0]:
                return STATIONARY
        return STEP_LIMIT if step >= self.experiment.step_limit else None

    def _network(self) -> Network:
        weight, head = (part[0].numpy().astype(np.float64) for part in (self.stack.first, self.stack.head))
        return Network(self.time, self.loss, weight.T, head)

    def _test_error(self) -> float:
        """Return the share of test points on the wrong side; f = 0 counts half."""
        x = torch.from_numpy(prepared(self.experiment.dataset, self.test.test_inputs)).to(self.sample.x.dtype)
        margin = self.stack(x)[0].numpy() * self.test.test_labels
        return float(np.mean((margin < 0) + 0.5 * (margin == 0))) if np.isfinite(margin).all() else math.nan
