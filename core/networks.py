"""Many networks of one shape as one stack: parameters with a leading axis `run`, their forward pass and their kinks.

The network of Sclocchi, Geiger, Wyart 2023 (2301.13703): no biases, weights N(0, 1),

    z_l = a_{l-1} W_l / sqrt(fan_in),   a_l = phi(z_l),   f = a_L . v / width       (head 1/width, not 1/sqrt(width))

with phi scaled to unit second moment on N(0, 1); or, for studies of a network's scale, without any factor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.engine import cpu
from core.engine.activations import GELU, RELU
from core.engine.buffers import Weights
from core.randomness import generator

SECOND_MOMENT = {"relu": 0.5, "gelu": 0.42522148257029874}
"""E[act(z)^2] for z ~ N(0, 1); tests integrate it."""

POINTS_AT_ONCE = 4096
"""Rows of a GPU's forward pass over a data set, which bound its memory."""

CODES = {"relu": RELU, "gelu": GELU}


def gain(activation: str) -> float:
    """Return the factor that gives the activation unit second moment."""
    return float(SECOND_MOMENT[activation] ** -0.5)


@dataclass(frozen=True)
class Stack:
    """Networks of one shape and float type; training changes them in place (`core.engine`).

    A perceptron is the network without hidden layers, f = w . x / sqrt(dim): its `first` has width 0, its head is w.
    """

    first: Tensor  # (run, dim, width)
    hidden: Tensor  # (depth - 1, run, width, width)
    head: Tensor  # (run, width)
    activation: str
    mean_field: bool = True
    """Whether layers have the factors above; else f is the plain sum of head * relu(w . x), every factor 1."""
    scratch: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    """What an engine keeps from one call to the next."""

    @property
    def width(self) -> int:
        """Units of a hidden layer."""
        return self.head.shape[1]

    @property
    def weights(self) -> list[Tensor]:
        """The matrices of the layers, (run, fan_in, fan_out) each."""
        return [self.first, *self.hidden] if self.first.shape[2] else []

    def take(self, chosen: Tensor) -> Stack:
        """Return a copy of the runs where `chosen` is true."""
        return Stack(self.first[chosen], self.hidden[:, chosen], self.head[chosen], self.activation, self.mean_field)

    def parameters(self) -> list[Tensor]:
        """Return all parameter tensors, each with leading axis run."""
        return [*self.weights, self.head]

    def arrays(self) -> Weights:
        """Return first, hidden and head as arrays on the same memory."""
        return Weights(self.first.numpy(), self.hidden.numpy(), self.head.numpy())

    @property
    def activation_code(self) -> int:
        """The activation as the compiled engine names it."""
        return CODES[self.activation]

    def factors(self) -> NDArray[Any]:
        """Return the factor of every layer, the head's last, in the weights' float type."""
        return np.array([self.factor(layer) for layer in range(len(self.weights) + 1)], self.head.numpy().dtype)

    def __call__(self, inputs: Tensor) -> Tensor:
        """Return f of shared inputs (point, dim) as (run, point)."""
        if not self.head.is_cuda:
            return torch.from_numpy(
                cpu.outputs(
                    self.activation_code, self.arrays(), self.factors(), inputs.contiguous().numpy(), self.scratch
                )
            )
        return torch.cat([self.by_torch(part) for part in torch.split(inputs, POINTS_AT_ONCE)], dim=1)

    def by_torch(self, inputs: Tensor) -> Tensor:
        """Return f as a call does, by torch: all networks at once, as a GPU likes it."""
        last = inputs.expand(len(self.head), *inputs.shape)
        if self.weights:
            _, last = self._layers(torch.bmm(last, self.first).mul_(self.factor(0)))
        return torch.bmm(last, self.head[:, :, None])[:, :, 0].mul_(self.factor(len(self.weights)))

    def factor(self, layer: int) -> float:
        """Return what the products of a layer are multiplied by: 1/sqrt(fan_in), or 1/width for the head, and the gain
        of the activation below."""
        if not self.mean_field:
            return 1.0
        if layer == 0:
            return float(self.first.shape[1] ** -0.5)
        scale = self.width**-0.5 if layer < len(self.weights) else 1 / self.width
        return float(scale * gain(self.activation))

    def activate(self, before: Tensor, after: Tensor) -> None:
        """Write the activation without its gain."""
        if self.activation == "relu":
            torch.clamp(before, min=0, out=after)
        else:
            torch.ops.aten.gelu.out(before, out=after)

    def through(self, flow: Tensor, before: Tensor, after: Tensor) -> None:
        """Multiply the flow by the derivative of the activation, in place; ReLU's is 0 at 0."""
        if self.activation == "relu":
            torch.ops.aten.threshold_backward.grad_input(flow, after, 0, grad_input=flow)
        else:
            torch.ops.aten.gelu_backward.grad_input(flow, before, grad_input=flow)

    def on_line(self, origin: Tensor, direction: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return where each first-layer unit switches on the line origin + s direction, and the jump of df/ds there.

        Unit j switches at s_j = -(w_j . origin) / (w_j . direction) (in one dimension the kink -b/w; Maennel, Bousquet,
        Gelly 2018, 1803.08367). The jump is df/da_j at that point times the jump of da_j/ds; for a smooth activation it
        is the change of slope from far left to far right of the switch. (Activations here go without their gain, whose
        slope then changes by 1; the gain is in the factor of what comes next.)

        Returns:
            position in units of s, not finite where the unit never switches; slope_jump; whether the unit is on to the
            right of its switch. Each (run, unit).
        """
        scale = self.factor(0)
        at_origin = torch.einsum("d,rdh->rh", origin, self.weights[0]) * scale
        growth = torch.einsum("d,rdh->rh", direction, self.weights[0]) * scale
        position = -at_origin / growth
        if len(self.weights) == 1:
            sensitivity = self.head * self.factor(1)
        else:
            points = at_origin[:, None, :] + position[:, :, None] * growth[:, None, :]  # (run, kink, unit)
            sensitivity = self._sensitivity(points).diagonal(dim1=1, dim2=2)
        return position, sensitivity * growth.abs(), growth > 0

    def tangent_features(self, inputs: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Return, for each layer from the head down, the two vectors whose outer product is df/dW at every point.

        The lower one, (run, point, fan_in), is what the layer reads times its factor; the upper one, (run, point,
        fan_out), is df / d pre-activation, 1 for the head. The tangent kernel of two points is the sum over layers of
        the product of both dot products (Jacot, Gabriel, Hongler 2018, 1806.07572), and needs no autograd.
        """
        wide = inputs.expand(len(self.head), *inputs.shape)
        if not self.weights:
            return [(wide * self.factor(0), wide.new_ones(*wide.shape[:2], 1))]
        top = len(self.weights)
        before, last = self._layers(torch.bmm(wide, self.first).mul_(self.factor(0)))
        found = [(last * self.factor(top), last.new_ones(*last.shape[:2], 1))]
        flow = (self.head * self.factor(top))[:, None, :].expand_as(last).contiguous()
        for layer in range(top - 1, -1, -1):
            self.through(flow, before[layer], before[layer])
            below = wide
            if layer:
                below = torch.empty_like(before[layer - 1])
                self.activate(before[layer - 1], below)
            found.append((below * self.factor(layer), flow))
            flow = torch.bmm(flow, self.weights[layer].transpose(1, 2)).mul_(self.factor(layer))
        return found

    def tangent_kernel(self, inputs: Tensor) -> Tensor:
        """Return K(x, x') = df(x)/dw . df(x')/dw of shared inputs (point, dim) as (run, point, point)."""
        grams = [
            torch.bmm(below, below.transpose(1, 2)) * torch.bmm(flow, flow.transpose(1, 2))
            for below, flow in self.tangent_features(inputs)
        ]
        return torch.stack(grams).sum(0)

    def tangent_diagonal(self, inputs: Tensor) -> Tensor:
        """Return K(x, x), (run, point)."""
        parts = [below.square().sum(2) * flow.square().sum(2) for below, flow in self.tangent_features(inputs)]
        return torch.stack(parts).sum(0)

    def _layers(self, first: Tensor) -> tuple[list[Tensor], Tensor]:
        """Return the pre-activations of every layer, and the last activation without its gain."""
        before, after = [first], torch.empty_like(first)
        self.activate(first, after)
        for layer in range(1, len(self.weights)):
            before.append(torch.bmm(after, self.weights[layer]).mul_(self.factor(layer)))
            after = torch.empty_like(first)
            self.activate(before[-1], after)
        return before, after

    def _sensitivity(self, first: Tensor) -> Tensor:
        """Return df/da_1 at points given by their first pre-activations, (run, point, unit)."""
        before, _ = self._layers(first)
        flow = (self.head * self.factor(len(self.weights)))[:, None, :].expand_as(first).contiguous()
        for layer in range(len(self.weights) - 1, 0, -1):
            self.through(flow, before[layer], before[layer])
            flow = torch.bmm(flow, self.weights[layer].transpose(1, 2)).mul_(self.factor(layer))
        return flow


def perceptrons(runs: int, dim: int, device: torch.device) -> Stack:
    """Return `runs` perceptrons with w = 0: without f at initialization, every first w is that one."""
    first = torch.zeros(runs, dim, 0, device=device)
    return Stack(first, first.new_zeros(0, runs, 0, 0), first.new_zeros(runs, dim), "relu")


def small_stack(
    *, seeds: Sequence[int], dim: int, width: int, sigma: float, balance: float, paired: bool, dtype: torch.dtype
) -> Stack:
    """Return a network of one hidden layer for each seed, f = sum_j a_j relu(v_j . x), at a small or large scale.

    v_j ~ N(0, sigma^2 / (width balance)), |a_j| = balance |v_j|, the setting of Maennel, Bousquet, Gelly 2018
    (1803.08367) where balance is 1. Paired, the second half of the units repeats the first half's v with the opposite
    a; else each sign is drawn.
    """
    drawn, heads = [], []
    for seed in seeds:
        rng, count = generator("init", seed), width // 2 if paired else width
        v = rng.standard_normal((count, dim)) * sigma / np.sqrt(width * balance)
        a = balance * np.linalg.norm(v, axis=1) * np.where(rng.random(count) < 0.5, -1.0, 1.0)
        drawn.append((np.concatenate([v, v]) if paired else v).T)
        heads.append(np.concatenate([a, -a]) if paired else a)
    first, head = (torch.from_numpy(np.ascontiguousarray(np.stack(part))).to(dtype) for part in (drawn, heads))
    return Stack(first, first.new_zeros(0, len(first), width, width), head, "relu", mean_field=False)


def initial_stack(
    *, runs: int, dim: int, width: int, depth: int, activation: str, seed: int, device: torch.device
) -> Stack:
    """Return `runs` copies of the network that `seed` draws: every weight N(0, 1)."""
    rng = generator("init", seed)

    def drawn(*shape: int) -> Tensor:
        values = torch.from_numpy(rng.standard_normal(shape, dtype=np.float32)).to(device)
        return values.expand(runs, *shape).contiguous()

    first = drawn(dim, width)
    inner = [drawn(width, width) for _ in range(depth - 1)]
    hidden = torch.stack(inner) if inner else first.new_empty(0, runs, width, width)
    return Stack(first, hidden, drawn(width), activation)


def glorot_stack(dim: int, width: int, depth: int, seed: int, device: torch.device) -> Stack:
    """Return one network of weights uniform in +- sqrt(6 / (fan_in + fan_out)); without hidden layers linear."""
    rng = generator("init", seed)

    def drawn(fan_in: int, fan_out: int, *shape: int) -> Tensor:
        reach = np.sqrt(6 / (fan_in + fan_out))
        return torch.from_numpy(rng.uniform(-reach, reach, shape).astype(np.float32)).to(device)

    if depth == 0:
        head = drawn(dim, 1, 1, dim)
        return Stack(head.new_empty(1, dim, 0), head.new_empty(0, 1, 0, 0), head, "relu", mean_field=False)
    first = drawn(dim, width, 1, dim, width)
    inner = [drawn(width, width, 1, width, width) for _ in range(depth - 1)]
    hidden = torch.stack(inner) if inner else first.new_empty(0, 1, width, width)
    return Stack(first, hidden, drawn(width, 1, 1, width), "relu", mean_field=False)


def with_constant(inputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the inputs with a constant 1 as the last one: its weights are the units' biases."""
    if (inputs[:, -1] == 1).all():
        return np.array(inputs, order="C")
    return np.hstack([inputs, np.ones((len(inputs), 1), np.float32)])
