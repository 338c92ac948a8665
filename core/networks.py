"""Many networks of one shape as one stack: parameters with a leading axis `run`, their forward pass and one SGD step.

The network of Sclocchi, Geiger, Wyart 2023 (2301.13703): no biases, weights N(0, 1),

    z_l = a_{l-1} W_l / sqrt(fan_in),   a_l = phi(z_l),   f = a_L . v / width       (head 1/width, not 1/sqrt(width))

with phi scaled to unit second moment on N(0, 1). The gradients are written by hand: for these small matrices autograd
costs more than the arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from core.randomness import generator

SECOND_MOMENT = {"relu": 0.5, "gelu": 0.42522148257029874}
"""E[act(z)^2] for z ~ N(0, 1); tests integrate it."""

POINTS_AT_ONCE = 512
"""Rows of a forward pass over a data set: the activations of a bank stay in the cache."""


WORTH_CHOOSING = 2048
"""Units of a whole stack from which on picking out the points that are short saves more than it costs."""


def gain(activation: str) -> float:
    """Return the factor that gives the activation unit second moment."""
    return float(SECOND_MOMENT[activation] ** -0.5)


@dataclass(frozen=True)
class Workspace:
    """What a step writes to, so that it allocates nothing of size: one tensor (run, batch, width) a layer of each."""

    before: list[Tensor]  # pre-activations; the same memory as `after` for ReLU, which needs only its output
    after: list[Tensor]  # activations
    flow: list[Tensor]  # -rate * dloss / d pre-activation

    def of(self, rows: Tensor) -> Workspace:
        """Return the workspace of some points of each run, `rows` (run, point)."""
        runs, batch, width = self.after[0].shape
        flat = (rows + torch.arange(0, runs * batch, batch)[:, None]).view(-1)

        def chosen(part: Tensor) -> Tensor:
            return part.view(-1, width).index_select(0, flat).view(*rows.shape, width)

        after = [chosen(part) for part in self.after]
        before = after if self.before is self.after else [chosen(part) for part in self.before]
        return Workspace(before, after, [torch.empty_like(part) for part in after])


@dataclass(frozen=True)
class Stack:
    """Networks of one shape: `weights[l]` (run, fan_in, fan_out), `head` (run, width); `step` changes them in place."""

    weights: list[Tensor]
    head: Tensor
    activation: str
    _spaces: dict[int, Workspace] = field(default_factory=dict, repr=False, compare=False)

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

        A point with its margin has no gradient. Late in training few points are short of it, and only those of a batch
        go through the backward pass (digits: one in ten, measured).

        Returns:
            For each run whether any point of the batch was short of the margin, (run,) bool: where none was, the run
            did not move.
        """
        space = self._workspace(len(inputs))
        shared = inputs.expand(len(self.head), *inputs.shape)
        below = [shared, *space.after]
        for layer, weight in enumerate(self.weights):
            before = space.before[layer]
            torch.baddbmm(before, below[layer], weight, beta=0, alpha=self._factor(layer), out=before)
            self._activate(before, space.after[layer])
        to_output = self._factor(len(self.weights))
        output = torch.bmm(space.after[-1], self.head[:, :, None])[:, :, 0].mul_(to_output).sub_(initial)
        short = output.mul_(labels) < margin  # (run, batch)
        push = (short * labels).mul_(rate * to_output)  # -rate * dloss/df * df/d(last . head)
        count = short.sum(dim=1)
        if not self.head.is_cuda:  # where looking at a number costs nothing
            most = int(count.max())
            if most == 0:
                return count > 0
            if most <= len(inputs) // 2 and self.head.numel() >= WORTH_CHOOSING:
                rows = short.to(torch.uint8).topk(most, dim=1).indices
                shared, space, push = inputs[rows], space.of(rows), push.gather(1, rows)
        self._descend(shared, space, push)
        return count > 0

    def _descend(self, inputs: Tensor, space: Workspace, push: Tensor) -> None:
        """Move the weights by the points (run, point, ...) that `push` (run, point) weighs."""
        below, flow = [inputs, *space.after], space.flow[-1]
        torch.mul(push[:, :, None], self.head[:, None, :], out=flow)
        self.head.add_(torch.bmm(push[:, None, :], space.after[-1])[:, 0, :])
        for layer in range(len(self.weights) - 1, -1, -1):
            self._through(flow, space, layer)
            weight, factor = self.weights[layer], self._factor(layer)
            if layer:
                down = space.flow[layer - 1]
                torch.baddbmm(down, flow, weight.transpose(1, 2), beta=0, alpha=factor, out=down)
            weight.baddbmm_(below[layer].transpose(1, 2), flow, alpha=factor)
            flow = space.flow[layer - 1]

    def _workspace(self, batch: int) -> Workspace:
        if batch not in self._spaces:
            shape = (len(self.head), batch, self.width)
            layers = range(len(self.weights))
            after = [self.head.new_empty(shape) for _ in layers]
            before = after if self.activation == "relu" else [self.head.new_empty(shape) for _ in layers]
            self._spaces[batch] = Workspace(before, after, [self.head.new_empty(shape) for _ in layers])
        return self._spaces[batch]

    def _factor(self, layer: int) -> float:
        """Return what the products of a layer are multiplied by: 1/sqrt(fan_in), or 1/width for the head, and the gain
        of the activation below."""
        hidden = layer < len(self.weights)
        scale = self.weights[layer].shape[1] ** -0.5 if hidden else 1 / self.width
        return float(scale * gain(self.activation)) if layer else float(scale)

    def _activate(self, before: Tensor, after: Tensor) -> None:
        """Write the activation without its gain."""
        if self.activation == "relu":
            torch.clamp(before, min=0, out=after)
        else:
            torch.ops.aten.gelu.out(before, out=after)

    def _through(self, flow: Tensor, space: Workspace, layer: int) -> None:
        """Multiply the flow by the derivative of the activation, in place; ReLU's is 0 at 0."""
        if self.activation == "relu":
            torch.ops.aten.threshold_backward.grad_input(flow, space.after[layer], 0, grad_input=flow)
        else:
            torch.ops.aten.gelu_backward.grad_input(flow, space.before[layer], grad_input=flow)

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
        scale = self._factor(0)
        at_origin = torch.einsum("d,rdh->rh", origin, self.weights[0]) * scale
        growth = torch.einsum("d,rdh->rh", direction, self.weights[0]) * scale
        position = -at_origin / growth
        if len(self.weights) == 1:
            sensitivity = self.head * self._factor(1)
        else:
            points = at_origin[:, None, :] + position[:, :, None] * growth[:, None, :]  # (run, kink, unit)
            sensitivity = self._sensitivity(points).diagonal(dim1=1, dim2=2)
        return position, sensitivity * growth.abs(), growth > 0

    def _first(self, inputs: Tensor) -> Tensor:
        """Return the first pre-activations of shared inputs, (run, point, width)."""
        shared = inputs.expand(len(self.head), *inputs.shape)
        return torch.bmm(shared, self.weights[0]).mul_(self._factor(0))

    def _layers(self, first: Tensor) -> tuple[list[Tensor], Tensor]:
        """Return the pre-activations of every layer, and the last activation without its gain."""
        before, after = [first], torch.empty_like(first)
        self._activate(first, after)
        for layer in range(1, len(self.weights)):
            before.append(torch.bmm(after, self.weights[layer]).mul_(self._factor(layer)))
            after = torch.empty_like(first)
            self._activate(before[-1], after)
        return before, after

    def _after_first(self, first: Tensor) -> Tensor:
        _, last = self._layers(first)
        return torch.bmm(last, self.head[:, :, None])[:, :, 0].mul_(self._factor(len(self.weights)))

    def _sensitivity(self, first: Tensor) -> Tensor:
        """Return df/da_1 at points given by their first pre-activations, (run, point, unit)."""
        before, _ = self._layers(first)
        flow = (self.head * self._factor(len(self.weights)))[:, None, :].expand_as(first).contiguous()
        for layer in range(len(self.weights) - 1, 0, -1):
            self._through(flow, Workspace(before, before, []), layer)
            flow = torch.bmm(flow, self.weights[layer].transpose(1, 2)).mul_(self._factor(layer))
        return flow


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
