"""Many networks of one shape as one stack: parameters with a leading axis `run`, their forward pass and one SGD step.

The network of Sclocchi, Geiger, Wyart 2023 (2301.13703): no biases, weights N(0, 1),

    z_l = a_{l-1} W_l / sqrt(fan_in),   a_l = phi(z_l),   f = a_L . v / width       (head 1/width, not 1/sqrt(width))

with phi scaled to unit second moment on N(0, 1). The gradients are written by hand: for these small matrices autograd
costs more than the arithmetic.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core.randomness import generator

SECOND_MOMENT = {"relu": 0.5, "gelu": 0.42522148257029874}
"""E[act(z)^2] for z ~ N(0, 1); tests integrate it."""

POINTS_AT_ONCE = 512
"""Rows of a forward pass over a data set: the activations of a bank stay in the cache."""


def gain(activation: str) -> float:
    """Return the factor that gives the activation unit second moment."""
    return float(SECOND_MOMENT[activation] ** -0.5)


@dataclass(frozen=True)
class Stack:
    """Networks of one shape: `weights[l]` (run, fan_in, fan_out), `head` (run, width); `step` changes them in place."""

    weights: list[Tensor]
    head: Tensor
    activation: str

    @property
    def width(self) -> int:
        """Units of a hidden layer."""
        return self.head.shape[1]

    def take(self, chosen: Tensor) -> Stack:
        """Return a copy of the runs where `chosen` is true."""
        return Stack([w[chosen] for w in self.weights], self.head[chosen], self.activation)

    def parameters(self) -> list[Tensor]:
        """Return all parameter tensors, each with leading axis run."""
        return [*self.weights, self.head]

    def __call__(self, inputs: Tensor) -> Tensor:
        """Return f of shared inputs (point, dim) as (run, point)."""
        parts = [self._after_first(self._first(part)) for part in torch.split(inputs, POINTS_AT_ONCE)]
        return torch.cat(parts, dim=1)

    def step(self, inputs: Tensor, labels: Tensor, initial: Tensor, margin: Tensor, rate: Tensor) -> Tensor:
        """Take one SGD step on the mean hinge loss max(0, margin - y F) of a batch that all runs share.

        Args:
            inputs: (batch, dim); labels: (batch,), +-1; initial: f at initialisation on the batch, (batch,).
            margin: 1/alpha, (run, 1); rate: learning rate / batch size, (run, 1).

        Returns:
            For each run whether any point of the batch was short of the margin, (run,) bool: where none was, the run
            did not move.
        """
        before, after = self._forward(self._first(inputs))
        output = torch.bmm(after[-1], self.head[:, :, None])[:, :, 0].div_(self.width).sub_(initial)
        short = output.mul_(labels) < margin  # (run, batch)
        push = (short * labels).mul_(rate / self.width)  # -rate * dloss/df / width
        flow = push[:, :, None] * self.head[:, None, :]  # (run, batch, width)
        self.head.add_(_rows(push, after[-1]))
        for layer in range(len(self.weights) - 1, -1, -1):
            flow.mul_(self._slope(before[layer])).mul_(self._scale(layer))
            below = inputs.expand(len(self.head), *inputs.shape) if layer == 0 else after[layer - 1]
            down = torch.bmm(flow, self.weights[layer].transpose(1, 2)) if layer else flow
            self.weights[layer].baddbmm_(below.transpose(1, 2), flow)
            flow = down
        return short.any(dim=1)

    def on_line(self, origin: Tensor, direction: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return where each first-layer unit switches on the line origin + s direction, and the jump of df/ds there.

        Unit j switches at s_j = -(w_j . origin) / (w_j . direction) (in one dimension the kink -b/w; Maennel, Bousquet,
        Gelly 2018, 1803.08367). The jump is df/da_j at that point times the jump of da_j/ds; for a smooth activation it
        is the change of slope from far left to far right of the switch.

        Returns:
            position in units of s, not finite where the unit never switches; slope_jump; whether the unit is on to the
            right of its switch. Each (run, unit).
        """
        scale = self._scale(0)
        at_origin = torch.einsum("d,rdh->rh", origin, self.weights[0]) * scale
        growth = torch.einsum("d,rdh->rh", direction, self.weights[0]) * scale
        position = -at_origin / growth
        if len(self.weights) == 1:
            sensitivity = self.head / self.width
        else:
            points = at_origin[:, None, :] + position[:, :, None] * growth[:, None, :]  # (run, kink, unit)
            sensitivity = self._sensitivity(points).diagonal(dim1=1, dim2=2)
        return position, sensitivity * self._steepness() * growth.abs(), growth > 0

    def _first(self, inputs: Tensor) -> Tensor:
        shared = inputs.expand(len(self.head), *inputs.shape)
        return torch.bmm(shared, self.weights[0]).mul_(self._scale(0))

    def _forward(self, first: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Return pre-activations and activations of every layer, each (run, point, width)."""
        before, after = [first], [self._act(first)]
        for layer in range(1, len(self.weights)):
            before.append(torch.bmm(after[-1], self.weights[layer]).mul_(self._scale(layer)))
            after.append(self._act(before[-1]))
        return before, after

    def _after_first(self, first: Tensor) -> Tensor:
        last = self._forward(first)[1][-1]
        return torch.bmm(last, self.head[:, :, None])[:, :, 0].div_(self.width)

    def _sensitivity(self, first: Tensor) -> Tensor:
        """Return df/da_1 at points given by their first pre-activations, (run, point, unit)."""
        before, _ = self._forward(first)
        flow = (self.head / self.width)[:, None, :].expand_as(before[-1])
        for layer in range(len(self.weights) - 1, 0, -1):
            flow = torch.bmm(flow * self._slope(before[layer]), self.weights[layer].transpose(1, 2))
            flow = flow * self._scale(layer)
        return flow

    def _scale(self, layer: int) -> float:
        """Return the factor of a layer's products; ReLU's gain goes in here, since relu(c z) = c relu(z)."""
        fan_in_scale = float(self.weights[layer].shape[1] ** -0.5)
        return fan_in_scale * gain("relu") if self.activation == "relu" else fan_in_scale

    def _act(self, z: Tensor) -> Tensor:
        if self.activation == "relu":
            return z.clamp(min=0)
        return torch.nn.functional.gelu(z).mul_(gain("gelu"))

    def _slope(self, z: Tensor) -> Tensor:
        """Return the derivative of `_act`; for ReLU 0 at z = 0."""
        if self.activation == "relu":
            return z > 0
        bell = torch.exp(z.square() / -2).mul_(z / math.sqrt(2 * math.pi))
        return torch.special.ndtr(z).add_(bell).mul_(gain("gelu"))

    def _steepness(self) -> float:
        """Return by how much the slope of `_act` changes from far left to far right."""
        return 1.0 if self.activation == "relu" else gain("gelu")


def _rows(weights: Tensor, vectors: Tensor) -> Tensor:
    """Return the weighted sum of each run's rows: (run, row), (run, row, unit) -> (run, unit)."""
    return torch.bmm(weights[:, None, :], vectors)[:, 0, :]


def initial_stack(
    *, runs: int, dim: int, width: int, depth: int, activation: str, seed: int, device: torch.device
) -> Stack:
    """Return `runs` copies of the network that `seed` draws: every weight N(0, 1)."""
    rng = generator("init", seed)

    def drawn(*shape: int) -> Tensor:
        values = torch.from_numpy(rng.standard_normal(shape, dtype=np.float32)).to(device)
        return values.expand(runs, *shape).contiguous()

    fan_ins = [dim] + [width] * (depth - 1)
    return Stack([drawn(fan_in, width) for fan_in in fan_ins], drawn(width), activation)
