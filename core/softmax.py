"""Networks of several outputs, one a class: softmax cross-entropy, and a dense network that is trained on it.

Loss: the mean over points of log sum_k exp(f_k) - f_y, whose gradient is softmax(f) less 1 at the point's class. As for
two classes weights are Xavier-uniform, and the inputs' constant 1 is the bias of the first layer, the only one. The
gradient is written out with torch, as autograd does not run in inference mode (tested against it).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from core.randomness import generator

POINTS_AT_ONCE = 1024
"""Rows of a forward pass over a data set."""


def force(output: Tensor, labels: Tensor) -> Tensor:
    """Return the gradient of the mean loss in f, both (point, class); labels (point,) are whole numbers."""
    push = torch.softmax(output, 1)
    push[torch.arange(len(labels), device=labels.device), labels] -= 1
    return push.div_(len(labels))


@dataclass(frozen=True)
class DenseNetwork:
    """f = relu(... relu(x W_0) ...) W_depth, without factors; training changes it in place."""

    weights: list[Tensor]  # (fan_in, fan_out) each, the first layer's first, the head's last

    def __call__(self, inputs: Tensor) -> Tensor:
        """Return f of inputs (point, dim) as (point, class)."""
        return torch.cat([self._layers(part)[-1] for part in torch.split(inputs, POINTS_AT_ONCE)])

    def gradient(self, inputs: Tensor, labels: Tensor) -> list[Tensor]:
        """Return the gradient of the mean loss of a batch (point, dim), (point,) in every matrix."""
        *below, output = self._layers(inputs)
        flow = force(output, labels)  # (point, fan_out): dloss / d pre-activation
        found: list[Tensor] = []
        for layer in reversed(range(len(self.weights))):
            found.insert(0, below[layer].t() @ flow)  # (fan_in, fan_out)
            if layer:
                flow = torch.ops.aten.threshold_backward(flow @ self.weights[layer].t(), below[layer], 0)
        return found

    def _layers(self, inputs: Tensor) -> list[Tensor]:
        """Return what every layer reads, (point, fan_in) each, and f in the end."""
        found = [inputs]
        for weight in self.weights[:-1]:
            found.append((found[-1] @ weight).clamp_(min=0))
        return [*found, found[-1] @ self.weights[-1]]


def build(dim: int, width: int, depth: int, classes: int, seed: int, device: torch.device) -> DenseNetwork:
    """Return the network of `depth` hidden layers that `seed` draws: U(-b, b), b = sqrt(6 / (fan_in + fan_out))."""
    rng, sizes = generator("init", seed), [dim, *[width] * depth, classes]
    drawn = []
    for below, above in pairwise(sizes):
        bound = np.sqrt(6 / (below + above))
        drawn.append(torch.from_numpy(rng.uniform(-bound, bound, (below, above)).astype(np.float32)).to(device))
    return DenseNetwork(drawn)


@torch.inference_mode()
def sgd_steps(network: DenseNetwork, x: Tensor, y: Tensor, batches: Tensor, rate: float) -> None:
    """Take one step of plain SGD a batch (step, batch), in place: rows of x (point, dim) and of classes y (point,).

    A rate that is too large gives NaN, no error.
    """
    for rows in batches:
        found = network.gradient(x.index_select(0, rows), y.index_select(0, rows))
        torch._foreach_add_(network.weights, found, alpha=-rate)
