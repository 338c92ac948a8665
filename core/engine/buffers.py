"""The memory in which one network at a time trains: small enough for the caches, padded to whole tiles."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.engine.activations import RELU
from core.engine.compiled import inner
from core.engine.tiles import ROWS, VECTOR

Floats = NDArray[Any]
Scratch = dict[Any, Any]
"""Where buffers are kept between calls with networks of the same shape."""


class Weights(NamedTuple):
    """The weights of all runs, contiguous arrays of one float type; a perceptron has width 0 and head (run, dim)."""

    first: Floats  # (run, dim, width)
    hidden: Floats  # (depth - 1, run, width, width): fan_in, fan_out
    head: Floats  # (run, width)


class Buffers(NamedTuple):
    """One network and its activations on a batch, padded with zeros.

    batch and dim are rounded up to whole rows of tiles, unit (the width) to whole vectors; a perceptron has depth 0.
    """

    inputs: Floats  # (batch, dim)
    first: Floats  # (dim, unit)
    hidden: Floats  # (depth - 1, unit, unit): fan_in, fan_out
    head: Floats  # (unit,), a perceptron's (dim,)
    before: Floats  # (depth, batch, unit): pre-activations; the memory of `after` for ReLU, which needs only its output
    after: Floats  # (depth, batch, unit): activations, without their gain
    flow: Floats  # (batch, unit): -rate dloss / d pre-activation of a layer
    below: Floats  # (batch, unit): the same of the layer below it
    push: Floats  # (batch,): -rate dloss / d (head . last activation)


def kept(weights: Weights, activation: int, points: int, scratch: Scratch | None) -> Buffers:
    """Return the buffers in `scratch`, made the first time: that takes as long as ten steps of few points."""
    if scratch is None:
        return made(weights, activation, points)
    if ("cpu", points) not in scratch:
        scratch["cpu", points] = made(weights, activation, points)
    buffers: Buffers = scratch["cpu", points]
    return buffers


def made(weights: Weights, activation: int, points: int) -> Buffers:
    """Return buffers of zeros for a batch of `points`."""
    dtype, (_, dim, width) = weights.head.dtype, weights.first.shape
    depth = len(weights.hidden) + 1 if width else 0
    lanes = VECTOR // dtype.itemsize
    batch, tall, wide = _up(points, ROWS), _up(dim, ROWS), _up(width, lanes)

    def zeros(*shape: int) -> Floats:
        """Begin at a cache line: a vector load across two of them takes twice the time."""
        size = math.prod(shape)
        memory = np.zeros(size + 64 // dtype.itemsize, dtype)
        skipped = -memory.ctypes.data % 64 // dtype.itemsize
        return memory[skipped : skipped + size].reshape(shape)

    after = zeros(depth, batch, wide)
    return Buffers(
        inputs=zeros(batch, tall),
        first=zeros(tall, wide),
        hidden=zeros(len(weights.hidden), wide, wide),
        head=zeros(wide if depth else tall),
        before=after if activation == RELU else zeros(depth, batch, wide),
        after=after,
        flow=zeros(batch, wide),
        below=zeros(batch, wide),
        push=zeros(batch),
    )


def _up(count: int, step: int) -> int:
    """Return the least multiple of `step` that is at least `count`."""
    return -(-count // step) * step


@inner
def load(buffers, weights, run):  # type: ignore[no-untyped-def]
    """Copy a network into the buffers, and zeros around it: the network before may have left NaNs there."""
    first, hidden, head = buffers.first, buffers.hidden, buffers.head
    _, dim, width = weights.first.shape
    out = weights.head.shape[1]  # the width, but for a perceptron
    zero = head.dtype.type(0)
    for d in range(len(first)):
        for j in range(first.shape[1]):
            first[d, j] = weights.first[run, d, j] if d < dim and j < width else zero
    for layer in range(len(hidden)):
        for i in range(hidden.shape[1]):
            for j in range(hidden.shape[2]):
                hidden[layer, i, j] = weights.hidden[layer, run, i, j] if i < width and j < width else zero
    for j in range(len(head)):
        head[j] = weights.head[run, j] if j < out else zero


@inner
def store(buffers, weights, run):  # type: ignore[no-untyped-def]
    """Copy the network in the buffers back."""
    first, hidden, head = buffers.first, buffers.hidden, buffers.head
    _, dim, width = weights.first.shape
    for d in range(dim):
        for j in range(width):
            weights.first[run, d, j] = first[d, j]
    for layer in range(len(hidden)):
        for i in range(width):
            for j in range(width):
                weights.hidden[layer, run, i, j] = hidden[layer, i, j]
    for j in range(weights.head.shape[1]):
        weights.head[run, j] = head[j]
