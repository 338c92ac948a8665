"""A small convolutional network for images: initialize, forward, and the steps of plain SGD.

After the replications of Nakkiran et al. 2019 (1905.11604): convolutions of 3 x 3 filters, 2 x 2 max-pooling after the
first two, a dense layer, ReLU throughout, Xavier-uniform weights and zero biases (Glorot & Bengio 2010), no momentum
and no weight decay. `depth` counts the convolutions. The loss is the mean of log(1 + exp(-y f)), or, of several
outputs, one a class, softmax cross-entropy.

The gradient is written out with torch's own kernels, as autograd does not run in inference mode, which every training
here runs in. On a processor channels come last, and one thread takes the steps: measured on one of two shared AVX-512
cores (batch 32, depth 4, 32 filters, 512 dense units, CIFAR-10), 102 steps a second; by autograd 82, and with channels
first 53. A second thread made all of them slower while others used the machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from core.images import SHAPES, image_shape
from core.randomness import generator
from core.softmax import force

DEPTHS = range(1, 5)
POOLED = 2
"""So many convolutions, the first ones, are pooled."""
AT_ONCE = 128
"""Points of a forward pass over a data set: 17 MB for 32 filters on CIFAR-10. On a processor 500 at once
take half as long again (measured)."""

Shape = tuple[int, int, int]


@dataclass(frozen=True)
class ConvolutionalNetwork:
    """One network; training changes its tensors in place."""

    shape: Shape  # channels, height, width of an image
    kernels: list[Tensor]  # (filter, channel or filter below, 3, 3) each
    biases: list[Tensor]  # (filter,) each
    dense: Tensor  # (unit, filter * height * width), after pooling, in this order
    dense_bias: Tensor  # (unit,)
    head: Tensor  # (unit,), or (class, unit)
    head_bias: Tensor  # (1,), or (class,)

    @property
    def depth(self) -> int:
        """How many convolutions it has."""
        return len(self.kernels)

    @property
    def memory_format(self) -> torch.memory_format:
        """Where channels lie in memory: last on a processor (twice as fast, measured), first on a GPU."""
        return torch.contiguous_format if self.dense.is_cuda else torch.channels_last

    def parameters(self) -> list[Tensor]:
        """Return all parameter tensors, the dense layer's weights first."""
        return [self.dense, *self.kernels, *self.biases, self.dense_bias, self.head, self.head_bias]

    def images(self, inputs: Tensor) -> Tensor:
        """Return inputs (point, dim) as images (point, channel, row, column)."""
        return inputs.view(-1, *self.shape).contiguous(memory_format=self.memory_format)


@dataclass(frozen=True)
class Layer:
    """What a convolution leaves for the backward pass."""

    below: Tensor  # (point, channel, row, column)
    before: Tensor  # (point, filter, row, column): pre-activations
    places: Tensor | None  # where in each 2 x 2 the largest was, if pooled
    after: Tensor  # (point, filter, row, column), pooled


@dataclass(frozen=True)
class Gradient:
    """Of the loss; the dense layer's weights may be many, so theirs is left as the product of two small matrices."""

    flow: Tensor  # (point, unit): dloss / d pre-activation of the dense layer
    below: Tensor  # (point, filter * height * width): what that layer reads
    others: list[Tensor]  # of all parameters but the first

    def whole(self) -> list[Tensor]:
        """Return the gradient of every parameter, in their order."""
        return [self.flow.t() @ self.below, *self.others]


def build(
    dataset: str, depth: int, filters: int, width: int, seed: int, device: str = "cpu", *, classes: int = 2
) -> ConvolutionalNetwork:
    """Return the network that `seed` draws for a data set's images: U(-b, b), b = sqrt(6 / (fan_in + fan_out)).

    A convolution's fan_in and fan_out are 9 times the channels below and above it. Two classes have one output, more
    have one each.

    Raises:
        ValueError: the data set has no images, or the depth is out of range.
    """
    shape = image_shape(dataset)
    if shape is None:
        raise ValueError(f"dataset: one with images, whose name begins with {', '.join(SHAPES)}; {dataset!r} came.")
    if depth not in DEPTHS:
        raise ValueError(f"depth: {DEPTHS[0]} to {DEPTHS[-1]} convolutions; {depth} came.")
    rng = generator("init", seed)

    def drawn(*size: int, fans: int) -> Tensor:
        bound = np.sqrt(6 / fans)
        return torch.from_numpy(rng.uniform(-bound, bound, size).astype(np.float32)).to(device)

    channels = [shape[0]] + [filters] * depth
    kernels = [drawn(n, m, 3, 3, fans=9 * (m + n)) for m, n in pairwise(channels)]
    shrink = 2 ** min(depth, POOLED)
    below = filters * (shape[1] // shrink) * (shape[2] // shrink)
    outputs = classes if classes > 2 else 1
    dense = drawn(width, below, fans=below + width)
    head = drawn(*(outputs,) * (outputs > 1), width, fans=width + outputs)
    biases = [dense.new_zeros(filters) for _ in kernels]
    network = ConvolutionalNetwork(
        shape, kernels, biases, dense, dense.new_zeros(width), head, dense.new_zeros(outputs)
    )
    # A clone, as one input channel lies first and last at once, and `contiguous` would leave that to chance.
    kernels[:] = [kernel.clone(memory_format=network.memory_format) for kernel in kernels]
    return network


def forward(network: ConvolutionalNetwork, inputs: Tensor) -> tuple[list[Layer], Tensor, Tensor]:
    """Return what each convolution leaves, the dense layer's activations (point, unit) and f.

    f is (point,), or (point, class) of several outputs.
    """
    below, layers = network.images(inputs), []
    for number, (kernel, bias) in enumerate(zip(network.kernels, network.biases, strict=True)):
        before = torch.conv2d(below, kernel, bias, padding=1)
        after, places = before, None
        if number < POOLED:
            after, places = torch.ops.aten.max_pool2d_with_indices(before, [2, 2])
        layers.append(Layer(below, before, places, after.clamp_(min=0)))  # ReLU and pooling commute
        below = after
    hidden = torch.addmm(network.dense_bias, below.flatten(1), network.dense.t()).clamp_(min=0)
    if network.head.dim() == 2:
        return layers, hidden, torch.addmm(network.head_bias, hidden, network.head.t())
    return layers, hidden, torch.addmv(network.head_bias, hidden, network.head)


def gradient(network: ConvolutionalNetwork, inputs: Tensor, labels: Tensor) -> Gradient:
    """Return the gradient of the mean over the batch (point, dim), (point,) of the loss.

    Labels are +-1, or classes as whole numbers where there are several outputs.
    """
    layers, hidden, output = forward(network, inputs)
    if network.head.dim() == 2:
        push = force(output, labels)  # (point, class)
        flow = torch.ops.aten.threshold_backward(push @ network.head, hidden, 0)
        upper = [flow.sum(0), push.t() @ hidden, push.sum(0)]
    else:
        push = labels * torch.sigmoid(-labels * output) / -len(labels)  # dloss/df
        flow = torch.ops.aten.threshold_backward(push[:, None] * network.head, hidden, 0)
        upper = [flow.sum(0), push @ hidden, push.sum()[None]]
    down = (flow @ network.dense).view(layers[-1].after.shape).contiguous(memory_format=network.memory_format)
    kernels: list[Tensor] = []
    biases: list[Tensor] = []
    for number in reversed(range(network.depth)):
        down, kernel, bias = _through(layers[number], network.kernels[number], down, lowest=number == 0)
        kernels.insert(0, kernel)
        biases.insert(0, bias)
    return Gradient(flow, layers[-1].after.flatten(1), [*kernels, *biases, *upper])


def _through(layer: Layer, kernel: Tensor, down: Tensor, *, lowest: bool) -> tuple[Tensor, Tensor, Tensor]:
    """Return the gradient of what a convolution reads (none for the lowest), of its kernel and of its bias."""
    aten = torch.ops.aten
    down = aten.threshold_backward(down, layer.after, 0)
    if layer.places is not None:
        down = aten.max_pool2d_with_indices_backward(
            down, layer.before, [2, 2], [2, 2], [0, 0], [1, 1], False, layer.places
        )
    wanted = [not lowest, True, True]
    found: tuple[Tensor, Tensor, Tensor] = aten.convolution_backward(
        down, layer.below, kernel, [len(kernel)], [1, 1], [1, 1], [1, 1], False, [0, 0], 1, wanted
    )
    return found


@torch.inference_mode()
def sgd_steps(network: ConvolutionalNetwork, x: Tensor, y: Tensor, batches: Tensor, rate: float) -> None:
    """Take one step of plain SGD a batch (step, batch), in place: rows of x (point, dim) and of y (point,), +-1
    or, of several outputs, classes as whole numbers.

    A rate that is too large gives NaN, no error. Outside of a training that has seen to it, call
    `torch.set_num_threads(1)` before: on shared cores a second thread made steps slower (measured).
    """
    _, *others = network.parameters()
    for rows in batches:
        found = gradient(network, x.index_select(0, rows), y.index_select(0, rows))
        network.dense.addmm_(found.flow.t(), found.below, alpha=-rate)
        torch._foreach_add_(others, found.others, alpha=-rate)


@torch.inference_mode()
def outputs(network: ConvolutionalNetwork, x: Tensor, at_once: int = AT_ONCE) -> Tensor:
    """Return f of inputs (point, dim), (point,) or (point, class), so many points at a time."""
    return torch.cat([forward(network, part)[2] for part in torch.split(x, at_once)])
