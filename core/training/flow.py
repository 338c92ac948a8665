"""Gradient flow of small networks, by full-batch gradient descent whose learning rate adapts to the run.

    eta = min(C1 / mean_i |r_i| |x_i|, C2 / lambda_max(NTK)),    r = -dl/df

The first bounds by how much a direction turns in a step, the second keeps the step stable (the bound is 2). So a run of
any data and scale takes thousands of steps and no hand-tuned rate; the sum of the rates is the time of gradient flow.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from core.engine import advance
from core.networks import Stack

C1, C2 = 0.05, 1.0

AT_ONE_RATE = 10
"""The largest number of steps taken at one learning rate."""

CHECK = 10
"""Pauses between learning rates from one check whether a run is at rest to the next."""

FITTED_SHARE = 1e-8
"""Interpolated is a loss below this share of that of f = 0."""

NO_GROWTH = 1e-3
"""A unit grows if its rate s G is above this fraction of mean |r| |x|, which bounds every rate."""

STILL = 1e-4
"""The loss is at rest when it falls by less than this fraction of itself in a time of STILL_TIME / mean |r| |x|."""
STILL_TIME = 50.0

EXACT_POINTS = 64
"""The largest number of points at which lambda_max is computed exactly; on more, by a power iteration.

On 1,024 points eigvalsh takes as long as twelve steps of 256 units, the iteration as long as an eighth of one. It
approaches lambda_max from below, and C2 leaves a factor of 2 to the bound of stability; on 160 digits it stayed within
1e-6 (measured)."""
POWERS = 8
"""Products of a power iteration each time that lambda_max is needed; it continues from the vector of the last time."""


@dataclass(frozen=True)
class Sample:
    """The points, as the networks see them."""

    x: Tensor  # (point, dim), a constant input included where there is a bias
    y: Tensor  # (point,)
    loss: str

    @property
    def length(self) -> Tensor:
        """|x|, (point,)."""
        return self.x.square().sum(1).sqrt()

    @cached_property
    def products(self) -> Tensor:
        """x_i . x_k, (point, point)."""
        return self.x @ self.x.T

    def losses(self, output: Tensor) -> Tensor:
        """Return the loss of outputs (run, point) as (run,)."""
        if self.loss == "squared":
            return (output - self.y).square().mean(1) / 2
        return torch.nn.functional.softplus(-output * self.y).mean(1)

    def residual(self, output: Tensor) -> Tensor:
        """Return r = -dl/df, as output."""
        return self.y - output if self.loss == "squared" else self.y * torch.sigmoid(-self.y * output)

    def curvature(self, output: Tensor) -> Tensor:
        """Return d2l/df2, as output."""
        if self.loss == "squared":
            return torch.ones_like(output)
        p = torch.sigmoid(self.y * output)
        return p * (1 - p)

    def scale(self, output: Tensor) -> Tensor:
        """Return mean |r| |x|, which bounds the rate of every direction, (run,)."""
        return (self.residual(output).abs() * self.length).mean(1)


@dataclass(frozen=True)
class Checked:
    """What a check for rest compares with: the state at the last check that came late enough, (run,) each."""

    loss: Tensor
    time: Tensor

    def take(self, chosen: Tensor) -> Checked:
        """Return the runs where `chosen` is true."""
        return Checked(self.loss[chosen], self.time[chosen])


def step(stack: Stack, sample: Sample, rate: Tensor, taken: int, count: int) -> None:
    """Take `count` steps with every network, in place, each at its own learning rate, (run,); `taken` came before."""
    points = len(sample.y)
    batches = torch.arange(points).expand(count, points)  # (step, batch): every step sees all points
    margin, unused = torch.ones_like(rate), torch.zeros(len(rate), dtype=torch.long)
    data = (sample.x, sample.y, torch.zeros_like(sample.y))
    advance(stack, sample.loss, data, batches, margin, rate / points, unused, taken)


def learning_rate(scale: Tensor, stiffness: Tensor) -> Tensor:
    """Return eta from mean |r| |x| and lambda_max of the kernel, (run,) each."""
    tiny = torch.finfo(scale.dtype).tiny
    return torch.minimum(C1 / scale.clamp(min=tiny), C2 / stiffness.clamp(min=tiny)).clamp(max=1e12)


def exact_rate(stack: Stack, sample: Sample, output: Tensor) -> Tensor:
    """Return the learning rate of each run, (run,), from lambda_max of its kernel on all points."""
    kernel = tangent_kernel(stack, sample, sample.curvature(output))
    return learning_rate(sample.scale(output), largest_eigenvalue(kernel))


def at_rest(
    stack: Stack,
    sample: Sample,
    output: Tensor,
    time: Tensor,
    checked: Checked,
    *,
    still: float = STILL,
    within: float = STILL_TIME,
) -> tuple[Tensor, Checked]:
    """Return in which runs neither the loss falls nor an active unit grows, (run,), and what to compare with next.

    A unit is active if it is on at one point or more; where none of them grows (no "escape neuron"), a stationary point
    is a local minimum (Wu, Simsek, Ged 2024, 2402.05626).
    """
    loss, scale = sample.losses(output), sample.scale(output)  # (run,)
    enough = (time - checked.time) * scale > within
    slow = enough & (checked.loss - loss < still * checked.loss)
    now = Checked(torch.where(enough, loss, checked.loss), torch.where(enough, time, checked.time))
    return slow & (growth_rate(stack, sample.x, sample.residual(output)) <= NO_GROWTH * scale), now


def growth_rate(stack: Stack, x: Tensor, residual: Tensor) -> Tensor:
    """Return the largest rate s G(u) = d log|v|/dt of an active unit of sign s, direction u, (run,)."""
    before = torch.matmul(x, stack.first)  # (run, point, unit)
    g = torch.einsum("rp,rpu->ru", residual, before.clamp(min=0)) / len(x)  # (run, unit)
    length = stack.first.norm(dim=1).clamp(min=torch.finfo(x.dtype).tiny)  # (run, unit)
    active = (before > 0).any(1)
    return torch.where(active, stack.head.sign() * g / length, -torch.inf).amax(1).clamp(min=0)


def tangent_kernel(stack: Stack, sample: Sample, curvature: Tensor) -> Tensor:
    """Return the kernel of gradients on the points over their number, weighted by the loss's curvature.

    NTK_ik = (1/K) (c_i c_k)^1/2 sum_j (a_j^2 1_i 1_k x_i . x_k + relu(v_j . x_i) relu(v_j . x_k)), (run, K, K).
    """
    before = torch.matmul(sample.x, stack.first)  # (run, point, unit)
    on, after = (before > 0).to(before.dtype), before.clamp(min=0)  # (run, point, unit)
    kernel = torch.matmul(on * stack.head.square()[:, None], on.transpose(1, 2)) * sample.products
    kernel += torch.matmul(after, after.transpose(1, 2))
    root = curvature.sqrt()  # (run, point)
    return kernel * root[:, :, None] * root[:, None, :] / len(sample.y)


def largest_eigenvalue(kernel: Tensor) -> Tensor:
    """Return the largest eigenvalue of symmetric matrices (run, K, K), NaN where a matrix is not finite."""
    finite = torch.isfinite(kernel).all(2).all(1)
    largest = torch.linalg.eigvalsh(torch.where(finite[:, None, None], kernel, 0.0))[:, -1]
    return torch.where(finite, largest, torch.nan)


def power_iteration(kernel: Tensor, start: Tensor, products: int = POWERS) -> tuple[Tensor, Tensor]:
    """Return a lower bound on the largest eigenvalue of positive kernels (run, K, K), and the vector that gives it.

    |A v| of a unit vector v after some products: it is at least v . A v, and at most lambda_max.

    Args:
        kernel: symmetric, no eigenvalue below 0.
        start: (run, K), not 0; the vector of the last time, if there was one.
        products: how many, one or more.
    """
    vector, length = start, start.norm(dim=1)
    tiny = torch.finfo(kernel.dtype).tiny
    for _ in range(products):
        vector = torch.einsum("rik,rk->ri", kernel, vector / length.clamp(min=tiny)[:, None])
        length = vector.norm(dim=1)
    moved = length > tiny  # a kernel of zeros keeps the start, so that the next time has one
    return length, torch.where(moved[:, None], vector / length.clamp(min=tiny)[:, None], start)
