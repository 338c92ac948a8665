"""The same steps through torch, for a GPU: every network of the stack at once, the step captured as a CUDA graph.

A step is some twenty small kernels, whose launches would cost more than their work; a graph launches them as one. It
reads its batch, its step number and the weights from memory that stays in place, so one graph serves a stack until runs
leave it. On the CPU, where tests run this file without a GPU, no graph is captured.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from core.networks import Stack

WORTH_CAPTURING = 4
"""A graph is captured when more steps than these are to come."""

Points = tuple[Tensor, Tensor, Tensor]


def push(loss: str, labels: Tensor, output: Tensor, margin: Tensor) -> Tensor:
    """Return -dloss/dF, (run, point), for labels (point,), F (run, point) and margin (run, 1); see `engine.advance`."""
    if loss == "hinge":
        return (labels * output < margin) * labels
    if loss == "logistic":
        return labels * torch.sigmoid(-labels * output / margin)
    return labels - output / margin


@dataclass(frozen=True)
class Workspace:
    """What a step writes to, so that it allocates nothing large: (run, batch, width) for each layer."""

    before: list[Tensor]  # pre-activations; the same memory as `after` for ReLU, which needs only its output
    after: list[Tensor]  # activations
    flow: list[Tensor]  # -rate * dloss / d pre-activation

    @classmethod
    def of(cls, stack: Stack, batch: int) -> Workspace:
        """Return an empty one."""
        shape = (len(stack.head), batch, stack.width)

        def empty() -> list[Tensor]:
            return [stack.head.new_empty(shape) for _ in stack.weights]

        after = empty()
        return cls(after if stack.activation == "relu" else empty(), after, empty())


def step(
    stack: Stack, space: Workspace, loss: str, inputs: Tensor, labels: Tensor, initial: Tensor, margin: Tensor,
    rate: Tensor,
) -> Tensor:  # fmt: skip
    """Take one step on a batch (inputs (batch, dim), labels and initial (batch,); margin and rate (run, 1)).

    Returns:
        For each run whether any point of the batch had a gradient, (run,) bool: where none had, it did not move.
    """
    weights, runs = stack.weights, len(stack.head)
    below = [inputs.expand(runs, *inputs.shape), *space.after]  # (run, batch, fan_in) each
    for layer, weight in enumerate(weights):  # (run, fan_in, fan_out)
        before = space.before[layer]  # (run, batch, fan_out)
        torch.baddbmm(before, below[layer], weight, beta=0, alpha=stack.factor(layer), out=before)
        stack.activate(before, space.after[layer])
    last, to_output = below[-1], stack.factor(len(weights))  # (run, batch, width); a perceptron's head reads the inputs
    output = torch.bmm(last, stack.head[:, :, None])[:, :, 0].mul_(to_output).sub_(initial)  # F, (run, batch)
    force = push(loss, labels, output, margin)  # (run, batch)
    moved = (force != 0).any(dim=1)  # (run,)
    force = force * (rate * to_output)  # (run, batch)
    if weights:
        flow = space.flow[-1]
        torch.mul(force[:, :, None], stack.head[:, None, :], out=flow)  # (run, batch, width)
    stack.head.add_(torch.bmm(force[:, None, :], last)[:, 0, :])  # (run, width)
    for layer in range(len(weights) - 1, -1, -1):
        stack.through(flow, space.before[layer], space.after[layer])
        weight, factor = weights[layer], stack.factor(layer)
        if layer:
            down = space.flow[layer - 1]  # (run, batch, fan_in) = (run, batch, fan_out) (run, fan_out, fan_in)
            torch.baddbmm(down, flow, weight.transpose(1, 2), beta=0, alpha=factor, out=down)
        weight.baddbmm_(below[layer].transpose(1, 2), flow, alpha=factor)  # += (fan_in, batch) (batch, fan_out)
        flow = space.flow[layer - 1]
    return moved


class Steps:
    """The steps of one stack on one training set: what a graph of them reads and writes, and the graph."""

    def __init__(self, stack: Stack, loss: str, points: Points, margin: Tensor, rate: Tensor, last: Tensor, batch: int):
        self.stack, self.loss, self.points, self.last = stack, loss, points, last
        self.margin, self.rate = margin[:, None], rate[:, None]
        self.space = Workspace.of(stack, batch)
        self.rows = torch.zeros(batch, dtype=torch.long, device=stack.head.device)
        self.number = torch.zeros((), dtype=torch.long, device=stack.head.device)
        self.graph: torch.cuda.CUDAGraph | None = None

    def one(self) -> None:
        """Take the step that `rows` and `number` name."""
        x, y, initial = (part.index_select(0, self.rows) for part in self.points)
        moved = step(self.stack, self.space, self.loss, x, y, initial, self.margin, self.rate)
        self.last.copy_(torch.where(moved, self.number, self.last))

    def take(self, batches: Tensor, first: int) -> None:
        """Take the steps number `first`, `first` + 1, ... on batches (step, batch)."""
        for k, rows in enumerate(batches):
            self.rows.copy_(rows)
            self.number.fill_(first + k)
            if self.graph is not None:
                self.graph.replay()
            elif self.rows.is_cuda and len(batches) - k > WORTH_CAPTURING:
                self.graph = self.captured()
            else:
                self.one()

    def captured(self) -> torch.cuda.CUDAGraph:
        """Take a step on the stream that then captures it: libraries set themselves up a stream, before."""
        graph, here = torch.cuda.CUDAGraph(), torch.cuda.current_stream()
        side: torch.cuda.Stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        side.wait_stream(here)
        with torch.cuda.stream(side):
            self.one()
        here.wait_stream(side)
        with torch.cuda.graph(graph, stream=side):
            self.one()  # noted, not taken
        return graph


def advance(
    stack: Stack,
    loss: str,
    points: Points,
    batches: Tensor,
    margin: Tensor,
    rate: Tensor,
    last_update: Tensor,
    step: int,
) -> None:
    """Take the steps of `engine.advance`."""
    key = (loss, batches.shape[1], *(part.data_ptr() for part in (*points, margin, rate, last_update)))
    if key not in stack.scratch:
        stack.scratch.clear()
        stack.scratch[key] = Steps(stack, loss, points, margin, rate, last_update, batches.shape[1])
    steps: Steps = stack.scratch[key]
    steps.take(batches, step + 1)
