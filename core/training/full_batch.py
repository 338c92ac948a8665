"""One small network on a data set, trained by full-batch gradient descent whose rate follows the run (`flow`).

What the studies of directions and of greedy construction have in common: how inputs are prepared, how many steps are
taken between two looks at the loss, and how often the learning rate is found anew.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from core.datasets import CATALOGUE, Task
from core.networks import Stack
from core.training import flow
from core.training.flow import Checked, Sample
from core.trajectory import Array

AT_ONCE = 10
"""The largest number of steps between two pauses of the loop, at which the loss is computed."""

PAUSES_AT_ONE_RATE = 2
"""Pauses for which a learning rate serves, after the first ones: to compute it costs as much as three steps."""

PAUSES_TO_A_CHECK = 20
"""Pauses between two checks whether the run is at rest."""

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


def sample_of(dataset: str, task: Task, loss: str) -> Sample:
    """Return a task's training points as the units see them, in float64 where inputs are few."""
    x = prepared(dataset, task.train_inputs)
    dtype = torch.float64 if x.shape[1] <= FEW_INPUTS else torch.float32
    return Sample(torch.from_numpy(x).to(dtype), torch.from_numpy(task.train_labels.copy()).to(dtype), loss)


@dataclass
class FullBatch:
    """One network and its points; fitted when its loss is `share` of that of f = 0."""

    stack: Stack
    sample: Sample
    share: float
    output: Tensor = field(init=False)  # (1, point), f at the last pause
    checked: Checked = field(init=False)
    time: float = 0.0
    pauses: int = 0
    rate: float = 0.0
    vector: Tensor = field(default_factory=lambda: torch.zeros(1, 0))  # of the power iteration
    pace: float = 0.0  # by how much log loss fell a step, between the last two pauses

    def __post_init__(self) -> None:
        self.output = self.stack(self.sample.x)
        self.checked = Checked(self.sample.losses(self.output), torch.zeros(1, dtype=self.sample.y.dtype))

    @property
    def target(self) -> float:
        """The loss at which the run is fitted."""
        return self.share * float(self.sample.losses(torch.zeros_like(self.output))[0])

    @property
    def loss(self) -> float:
        """The loss at the last pause."""
        return float(self.sample.losses(self.output)[0])

    def advance(self, step: int, last: int) -> int:
        """Train up to the next pause and return it: a few steps, fewer where the target is near at the present pace."""
        if not self.pauses % PAUSES_AT_ONE_RATE or self.pauses < PAUSES_TO_A_CHECK or self.vector.shape[1] == 0:
            self.rate = self._learning_rate()
        distance = math.log(max(self.loss / self.target, 1.0))
        near = distance / self.pace if self.pace > 0 else AT_ONCE
        to = min(step + max(1, min(AT_ONCE, int(near))), last)
        before = self.loss
        rates = torch.full((1,), self.rate, dtype=self.sample.y.dtype)
        flow.step(self.stack, self.sample, rates, step, to - step)
        self.time += self.rate * (to - step)
        self.output = self.stack(self.sample.x)
        self.pace = math.log(before / self.loss) / (to - step) if 0 < self.loss < math.inf else 0.0
        return to

    def rests(self, still: float = flow.STILL, within: float = flow.STILL_TIME) -> bool:
        """Return whether the loss falls by less than a share of itself in a time, and no living unit grows."""
        time = torch.full_like(self.checked.time, self.time)
        resting, self.checked = flow.at_rest(
            self.stack, self.sample, self.output, time, self.checked, still=still, within=within
        )
        return bool(resting[0])

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


def error(dataset: str, stack: Stack, task: Task, dtype: torch.dtype) -> tuple[Array, float]:
    """Return f on the test points, (point,), and their share on the wrong side: f = 0 counts half, NaN makes NaN."""
    x = torch.from_numpy(prepared(dataset, task.test_inputs)).to(dtype)
    output = stack(x)[0].numpy()
    margin = output * task.test_labels
    share = float(np.mean((margin < 0) + 0.5 * (margin == 0))) if np.isfinite(margin).all() else math.nan
    return output, share
