"""SGD on the CPU, compiled for the machine it runs on: one network after the other, many steps each.

Batched matrix products move every network's weights through the caches at every step. Here a network is copied into a
buffer that fits the caches, takes all its steps up to the next snapshot there, and is copied back; and the backward
pass goes over the points with a gradient only, network by network. Only numpy arrays come in and go out.

Axes: a batch of points, dim inputs, width units in each of depth layers; fan_in and fan_out are those of a layer. The
buffers' own sizes are these, rounded up to whole tiles (`core.engine.buffers`).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.engine import buffers as memory
from core.engine.activations import GELU, RELU, activate, through
from core.engine.buffers import Floats, Scratch, Weights, load, store
from core.engine.compiled import entry, inner, source, summing
from core.engine.tiles import multiply, multiply_add, multiply_transposed

Integers = NDArray[np.int64]

HINGE, LOGISTIC, SQUARED = range(3)

AT_ONCE = 64
"""Points of a forward pass over a data set: their activations stay next to the core."""


@summing
def _dot(a, layer, row, b):  # type: ignore[no-untyped-def]
    """Return a[layer, row] . b."""
    total = b[0] * 0
    for j in range(len(b)):
        total += a[layer, row, j] * b[j]
    return total


@inner
def _last(inputs, after):  # type: ignore[no-untyped-def]
    """Return what the head reads, with an axis of layers: the last activations, or the inputs of a perceptron."""
    return after if len(after) else inputs.reshape((1, inputs.shape[0], inputs.shape[1]))


@inner
def _forward(activation, space, factors):  # type: ignore[no-untyped-def]
    """Fill the pre-activations and activations of every layer: z = factor a_below W, (batch, fan_out)."""
    before, after = space.before, space.after  # (depth, batch, width)
    layers, points, width = after.shape
    page, size = points * width * after.itemsize, after.itemsize
    for layer in range(layers):
        factor = factors[layer]
        z = before.ctypes.data + layer * page
        if layer == 0:  # (batch, width) = (batch, dim) (dim, width)
            dim = len(space.first)
            a, weight = space.inputs.ctypes.data, space.first.ctypes.data
            multiply(size, a, dim, 1, weight, z, points, width, dim, factor)
        else:  # (batch, width) = (batch, width) (width, width)
            a = after.ctypes.data + (layer - 1) * page
            weight = space.hidden.ctypes.data + (layer - 1) * width * width * size
            multiply(size, a, width, 1, weight, z, points, width, width, factor)
        activate(activation, before, after, layer)


@inner
def _push(loss, label, output, margin):  # type: ignore[no-untyped-def]
    """Return -dloss/dF at one point; the loss is margin l(y F / margin), with margin = 1/alpha.

    hinge: l(u) = max(0, 1 - u), so max(0, margin - y F); logistic: l(u) = log(1 + exp(-u)); squared:
    margin (y - F / margin)^2 / 2, which for y = +-1 is l(u) = (1 - u)^2 / 2 and takes any other target y as well.
    """
    if loss == HINGE:
        return label if label * output < margin else label * 0
    if loss == LOGISTIC:
        return label / (1 + math.exp(label * output / margin))
    return label - output / margin


@inner
def _pushed(loss, activation, space, labels, initial, margin, rate, factors):  # type: ignore[no-untyped-def]
    """Return how many points of the batch have a gradient, after moving them to the front of every buffer.

    Fills `push`, (points,), with -rate dloss / d (head . last activation).
    """
    inputs, before, after = space.inputs, space.before, space.after
    layers, _, width = after.shape
    last, top, to_output = _last(inputs, after), max(layers - 1, 0), factors[layers]
    points = 0
    for i in range(len(labels)):
        output = _dot(last, top, i, space.head) * to_output - initial[i]  # F = f - f at initialization
        force = _push(loss, labels[i], output, margin)
        if force == 0:
            continue
        if points < i:
            for j in range(inputs.shape[1]):
                inputs[points, j] = inputs[i, j]
            for layer in range(layers):
                for j in range(width):
                    after[layer, points, j] = after[layer, i, j]
                if activation == GELU:
                    for j in range(width):
                        before[layer, points, j] = before[layer, i, j]
        space.push[points] = force * rate * to_output
        points += 1
    return points


@inner
def _step(loss, activation, space, labels, initial, margin, rate, factors):  # type: ignore[no-untyped-def]
    """Take one step of the network in the buffers; return whether any point had a gradient."""
    first, head, before, after, push = space.first, space.head, space.before, space.after, space.push
    layers, batch, width = after.shape
    dim, size = len(first), after.itemsize
    _forward(activation, space, factors)
    points = _pushed(loss, activation, space, labels, initial, margin, rate, factors)  # <= batch
    if points == 0:
        return False
    flow, below = space.flow, space.below  # (points, width)
    for i in range(points):
        for j in range(width):
            flow[i, j] = push[i] * head[j]  # (points, width) = (points, 1) (1, width)
    last, top = _last(space.inputs, after), max(layers - 1, 0)
    for i in range(points):
        for j in range(len(head)):
            head[j] += push[i] * last[top, i, j]  # (width,) = (points,) (points, width)
    for layer in range(layers - 1, -1, -1):
        through(activation, flow, before, after, layer, points)
        factor, out = factors[layer], flow.ctypes.data
        if layer == 0:  # (dim, width) += (dim, points) (points, width)
            a = space.inputs.ctypes.data
            multiply_add(size, a, 1, dim, out, first.ctypes.data, dim, width, points, factor)
        else:
            weight = space.hidden.ctypes.data + (layer - 1) * width * width * size  # (fan_in, fan_out)
            a = after.ctypes.data + (layer - 1) * batch * width * size  # (points, fan_in)
            # (points, fan_in) = (points, fan_out) (fan_out, fan_in), before the weights move
            multiply_transposed(size, out, weight, below.ctypes.data, points, width, factor)
            # (fan_in, fan_out) += (fan_in, points) (points, fan_out)
            multiply_add(size, a, 1, width, out, weight, width, width, points, factor)
            flow, below = below, flow
    return True


def _compiled(source: str) -> tuple[Any, Any]:
    """Return what `advance` and `outputs` call; `source` names the compiled code on disk (`core.engine.compiled`)."""

    @entry
    def steps(loss, activation, weights, factors, x, y, initial, batches, margin, rate, last_update, step, space):  # type: ignore[no-untyped-def]
        source  # noqa: B018  (in the closure, and so in the name)
        inputs = space.inputs  # (batch, dim)
        labels, start = np.empty(batches.shape[1], y.dtype), np.empty(batches.shape[1], y.dtype)  # (batch,)
        for run in range(len(margin)):
            load(space, weights, run)
            for k in range(len(batches)):
                for i in range(len(labels)):
                    row = batches[k, i]
                    for d in range(x.shape[1]):
                        inputs[i, d] = x[row, d]
                    labels[i], start[i] = y[row], initial[row]
                if _step(loss, activation, space, labels, start, margin[run], rate[run], factors):
                    last_update[run] = step + k + 1
            store(space, weights, run)

    @entry
    def forward(activation, weights, factors, x, found, space):  # type: ignore[no-untyped-def]
        source  # noqa: B018
        inputs, after = space.inputs, space.after
        layers, last = len(after), _last(inputs, after)
        for run in range(len(found)):
            load(space, weights, run)
            for start in range(0, len(x), AT_ONCE):
                count = min(AT_ONCE, len(x) - start)
                for i in range(count):
                    for d in range(x.shape[1]):
                        inputs[i, d] = x[start + i, d]
                _forward(activation, space, factors)
                for i in range(count):
                    found[run, start + i] = _dot(last, max(layers - 1, 0), i, space.head) * factors[layers]

    return steps, forward


_steps, _outputs = _compiled(source())


def advance(
    loss: int,
    activation: int,
    weights: Weights,
    factors: Floats,
    x: Floats,
    y: Floats,
    initial: Floats,
    batches: Integers,
    margin: Floats,
    rate: Floats,
    last_update: Integers,
    step: int,
    scratch: Scratch | None = None,
) -> None:
    """Take one SGD step a batch with every network, in place.

    Args:
        loss, activation: HINGE, LOGISTIC or SQUARED (see `_push`); RELU or GELU.
        weights: of all networks.
        factors: (depth + 1,): what the products of each layer are multiplied by, the head's last.
        x: (point, dim); y: (point,) labels; initial: (point,), f at initialization.
        batches: (step, batch), rows of x; all networks share them.
        margin: (run,), 1/alpha; rate: (run,), learning rate / batch size.
        last_update: (run,), set to the number of the last step in which any point of the batch had a gradient.
        step: steps taken before.
        scratch: where buffers are kept between calls with networks of the same shape.

    Raises:
        TypeError: the arrays are not of one float type.
    """
    _of_one_type(*weights, factors, x, y, initial, margin, rate)
    space = memory.kept(weights, activation, batches.shape[1], scratch)
    _steps(loss, activation, weights, factors, x, y, initial, batches, margin, rate, last_update, step, space)


def outputs(activation: int, weights: Weights, factors: Floats, x: Floats, scratch: Scratch | None = None) -> Floats:
    """Return f of every network at every point, (run, point); see `advance` for the arguments."""
    _of_one_type(*weights, factors, x)
    found = np.empty((len(weights.head), len(x)), x.dtype)
    _outputs(activation, weights, factors, x, found, memory.kept(weights, activation, AT_ONCE, scratch))
    return found


def _of_one_type(*arrays: Floats) -> None:
    """Refuse what the tiles, which work on addresses, would misread."""
    found = {array.dtype.char for array in arrays}
    if found not in ({"f"}, {"d"}):
        got = ", ".join(sorted({str(array.dtype) for array in arrays}))
        raise TypeError(f"arrays: all float32 or all float64; got {got}.")


def prepare() -> None:
    """Compile what training runs call, in both precisions; from then on it comes from the cache beside this file."""
    for real in (np.float32, np.float64):
        weights = Weights(np.zeros((1, 1, 1), real), np.zeros((0, 1, 1, 1), real), np.zeros((1, 1), real))
        factors, one, x = np.ones(2, real), np.ones(1, real), np.ones((1, 1), real)
        initial = outputs(RELU, weights, factors, x)[0]
        batches, last_update = np.zeros((1, 1), np.int64), np.zeros(1, np.int64)
        advance(HINGE, RELU, weights, factors, x, one, initial, batches, one, one, last_update, 0)
