"""Convolutional networks over the phase plane: many of one shape, trained by torch one after the other.

A small stand-in for the convolutional network of Sclocchi, Geiger, Wyart 2023 (2301.13703), in its convention: weights
N(0, 1), no biases, and with phi the ReLU scaled to unit second moment

    z_l = conv(a_{l-1}, W_l) / sqrt(9 channels below),   a_l = phi(z_l),   f = v . mean over places of a_L / channels

with 3 x 3 filters, stride 2, and width, 2 width, 4 width of them. The gradient is written out with torch's own kernels,
as autograd does not run in inference mode, and runs over the points of a batch that have one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.images import image_shape
from core.networks import gain
from core.randomness import generator
from core.training.shard import Shard

AT_ONCE = 128
"""Points of a forward pass over a data set."""
STRIDE, BORDER = [2, 2], [1, 1]


@dataclass(frozen=True)
class ConvolutionalStack:
    """Networks of one shape; training changes them in place."""

    shape: tuple[int, int, int]  # channels, height, width of an image
    kernels: list[Tensor]  # (run, filter, channel below, 3, 3) each
    head: Tensor  # (run, filter)

    def take(self, chosen: Tensor) -> ConvolutionalStack:
        """Return a copy of the runs where `chosen` is true."""
        return ConvolutionalStack(self.shape, [kernel[chosen] for kernel in self.kernels], self.head[chosen])

    def parameters(self) -> list[Tensor]:
        """Return all parameter tensors, each with leading axis run."""
        return [*self.kernels, self.head]

    def factor(self, layer: int) -> float:
        """Return what the products of a layer are multiplied by, the gain of the ReLU below included."""
        if layer == len(self.kernels):
            return gain("relu") / self.head.shape[1]
        scale = float((9 * self.kernels[layer].shape[2]) ** -0.5)
        return scale * gain("relu") if layer else scale

    def network(self, run: int) -> Network:
        """Return a copy of one network."""
        layout = torch.contiguous_format if self.head.is_cuda else torch.channels_last
        kernels = [kernel[run].clone(memory_format=layout) for kernel in self.kernels]
        factors = [self.factor(layer) for layer in range(len(kernels) + 1)]
        return Network(self.shape, kernels, self.head[run].clone(), factors, layout)

    def __call__(self, inputs: Tensor) -> Tensor:
        """Return f of shared inputs (point, dim) as (run, point)."""
        networks = [self.network(run) for run in range(len(self.head))]
        return torch.stack([torch.cat([n.forward(part)[1] for part in torch.split(inputs, AT_ONCE)]) for n in networks])

    def tangent_kernel(self, inputs: Tensor) -> Tensor:
        """Return K(x, x') = df(x)/dw . df(x')/dw of shared inputs (point, dim) as (run, point, point)."""
        runs = range(len(self.head))
        return torch.stack([sum_of(g @ g.t() for g in self.network(run).gradients(inputs)) for run in runs])

    def tangent_diagonal(self, inputs: Tensor) -> Tensor:
        """Return K(x, x), (run, point)."""
        parts, runs = torch.split(inputs, AT_ONCE), range(len(self.head))
        found = [
            torch.cat([sum_of(g.square().sum(1) for g in self.network(run).gradients(part)) for part in parts])
            for run in runs
        ]
        return torch.stack(found)


def sum_of(parts: Iterator[Tensor]) -> Tensor:
    """Return the sum of tensors of one shape."""
    return torch.stack(list(parts)).sum(0)


@dataclass(frozen=True)
class Network:
    """One of a stack, in memory of its own."""

    shape: tuple[int, int, int]
    kernels: list[Tensor]  # (filter, channel below, 3, 3) each
    head: Tensor  # (filter,)
    factors: list[float]
    layout: torch.memory_format

    def forward(self, inputs: Tensor) -> tuple[list[Tensor], Tensor]:
        """Return the images and every layer's activations without gain, and f (point,)."""
        after = [inputs.view(-1, *self.shape).contiguous(memory_format=self.layout)]
        for kernel, factor in zip(self.kernels, self.factors, strict=False):
            after.append(torch.conv2d(after[-1], kernel * factor, stride=STRIDE, padding=BORDER).clamp_(min=0))
        return after, after[-1].mean((2, 3)) @ self.head * self.factors[-1]

    def step(self, inputs: Tensor, labels: Tensor, initial: Tensor, margin: Tensor, rate: Tensor) -> bool:
        """Take a step on a batch; return whether any point had a gradient."""
        after, output = self.forward(inputs)
        short = ((output - initial) * labels < margin).nonzero()[:, 0]
        if not len(short):
            return False
        force = labels[short] * rate
        after = [one.index_select(0, short).contiguous(memory_format=self.layout) for one in after]
        flow = self._from_head(after[-1]) * force[:, None, None, None]
        self.head.add_(force @ after[-1].mean((2, 3)), alpha=self.factors[-1])
        for layer in reversed(range(len(self.kernels))):
            flow = torch.ops.aten.threshold_backward(flow, after[layer + 1], 0)
            kernel, factor = self.kernels[layer], self.factors[layer]
            below, found = _through(flow, after[layer], kernel, lowest=layer == 0)
            kernel.add_(found, alpha=factor)
            if layer:
                flow = below * factor
        return True

    def gradients(self, inputs: Tensor) -> Iterator[Tensor]:
        """Yield df/dw of every point, (point, weight), layer by layer from the head down."""
        after, _ = self.forward(inputs)
        yield after[-1].mean((2, 3)) * self.factors[-1]
        flow = self._from_head(after[-1])
        for layer in reversed(range(len(self.kernels))):
            flow = torch.ops.aten.threshold_backward(flow, after[layer + 1], 0)
            below = torch.nn.functional.unfold(after[layer].contiguous(), 3, padding=1, stride=2)  # (point, 9 c, place)
            yield torch.bmm(flow.flatten(2), below.transpose(1, 2)).flatten(1) * self.factors[layer]
            if layer:
                flow = _through(flow, after[layer], self.kernels[layer], lowest=False)[0] * self.factors[layer]

    def _from_head(self, top: Tensor) -> Tensor:
        """Return df / d the last activations."""
        places = top.shape[2] * top.shape[3]
        flow = (self.head * (self.factors[-1] / places))[None, :, None, None].expand_as(top)
        return flow.contiguous(memory_format=self.layout)


def _through(flow: Tensor, below: Tensor, kernel: Tensor, *, lowest: bool) -> tuple[Tensor, Tensor]:
    """Return the gradient of what a convolution reads (none for the lowest) and of its kernel."""
    found: tuple[Tensor, Tensor, Any] = torch.ops.aten.convolution_backward(
        flow, below, kernel, None, STRIDE, BORDER, [1, 1], False, [0, 0], 1, [not lowest, True, False]
    )
    return found[0], found[1]


class ConvolutionShard(Shard[ConvolutionalStack]):
    """Convolutional networks in training."""

    def advance(self, points: Any, batches: Tensor, step: int) -> None:
        """Take a step on each batch (step, batch) of training rows, after `step` steps."""
        (x, f0), y = points.train, points.labels
        for run in range(len(self.rows)):
            network = self.stack.network(run)
            for number, rows in enumerate(batches):
                inputs, labels, initial = (part.index_select(0, rows) for part in (x, y, f0))
                if network.step(inputs, labels, initial, self.margin[run, 0], self.rate[run, 0]):
                    self.last_update[run] = step + number + 1
            for whole, own in zip(self.stack.parameters(), [*network.kernels, network.head], strict=True):
                whole[run] = own


def initial_convolutions(
    *, runs: int, dataset: str, width: int, depth: int, seed: int, device: torch.device
) -> ConvolutionalStack:
    """Return `runs` copies of the network that `seed` draws: every weight N(0, 1).

    Raises:
        ValueError: the data set has no images.
    """
    shape = image_shape(dataset)
    if shape is None:
        raise ValueError(f"dataset: one with images; {dataset!r} came.")
    rng = generator("init", seed)
    channels = [shape[0], *(width * 2**layer for layer in range(depth))]

    def drawn(*size: int) -> Tensor:
        values = torch.from_numpy(rng.standard_normal(size, dtype=np.float32)).to(device)
        return values.expand(runs, *size).contiguous()

    kernels = [drawn(above, below, 3, 3) for below, above in pairwise(channels)]
    return ConvolutionalStack(shape, kernels, drawn(channels[-1]))
