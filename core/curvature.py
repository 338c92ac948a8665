"""Networks on squared loss in NumPy: steps, Hessian-vector products, and the sharpness by Lanczos iterations.

The sharpness is the top eigenvalue of the Hessian of the loss. Many networks of one shape go as one stack; axes: run,
point, and the units of a layer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr  # type: ignore[import-untyped]

Floats = NDArray[Any]
"""Of float32 or float64, that of the weights."""
Product = Callable[[Floats], Floats]
"""Multiplies directions (run, parameter) with a matrix a run."""

COLD, WARM = 20, 8
"""Lanczos steps at initialization, and after it from the eigenvector of the last time."""
NOISE = 1e-3
"""Of a warm start, so that it is not blind to an eigenvector that overtakes."""


class Pass(NamedTuple):
    """What a pass through the networks leaves: of each layer its inputs, its slopes, and dL / d(its outputs)."""

    below: list[Floats]  # (1 or run, point, fan_in) each, a constant 1 last where there are biases
    before: list[Floats]  # (run, point, fan_out) of each hidden layer: what its units receive
    slope: list[Floats]  # (run, point, fan_out) of each hidden layer
    back: list[Floats]  # (run, point, fan_out) of each layer, before its units
    gap: Floats  # f - y, (run, point, output)


@dataclass(eq=False)
class Networks:
    """Networks of one shape on the same points, stepped in place; L = mean over points of |f - y|^2 / 2.

    A layer gives act(factor W a), the last one without act; with `constant`, every layer also reads a constant 1, whose
    weights are its biases.
    """

    x: Floats  # (point, dim)
    y: Floats  # (point, output), or (run, point, output)
    layers: list[Floats]  # (run, fan_out, fan_in) each, the bias last
    activation: str = "tanh"
    """tanh, or gelu: z Phi(z)."""
    factors: Sequence[float] = ()
    """One a layer; by default all are 1."""
    constant: bool = True

    def step(self, rate: Floats) -> Floats:
        """Take one step at the learning rates (run,); return the loss before it, (run,)."""
        now = self.passed()
        for layer, factor, back, below in zip(self.layers, self._factors, now.back, now.below, strict=True):
            layer -= (rate[:, None, None] * factor).astype(layer.dtype) * (np.swapaxes(back, 1, 2) @ below)
        return _loss(now.gap)

    def gradient(self) -> Floats:
        """Return the gradient of L, (run, parameter), in the order of the Hessian's."""
        now = self.passed()
        found = [
            factor * (np.swapaxes(back, 1, 2) @ below)
            for factor, back, below in zip(self._factors, now.back, now.below, strict=True)
        ]
        return np.concatenate([part.reshape(len(part), -1) for part in found], axis=1)

    def loss(self) -> Floats:
        """Return the loss, (run,)."""
        return _loss(self._up()[-1])

    def parameters(self) -> list[Floats]:
        """Return the weights, each with leading axis run."""
        return self.layers

    def passed(self) -> Pass:
        """Go through the networks and back."""
        below, before, gap = self._up()
        slope = [_slope(self.activation, z) for z in before]
        back = [gap / gap.shape[1]]
        for at in range(len(self.layers) - 1, 0, -1):
            back.insert(0, self._down(back[0], self.layers[at], at) * slope[at - 1])
        return Pass(below, before, slope, back, gap)

    def hessian(self) -> Product:
        """Return what multiplies directions (run, parameter) with the Hessian of L, at the weights as they are now.

        It is the derivative of the gradient along the direction (Pearlmutter 1994), forward over backward.
        """
        now, layers = self.passed(), [layer.copy() for layer in self.layers]
        runs, sizes = len(layers[0]), [layer[0].size for layer in layers]
        bent = [  # dL / d(what a hidden unit gives), times the second derivative of its activation
            self._down(now.back[at + 1], layers[at + 1], at + 1) * _bend(self.activation, z)
            for at, z in enumerate(now.before)
        ]

        def product(direction: Floats) -> Floats:
            parts = np.split(direction, np.cumsum(sizes)[:-1], axis=1)
            ways = [part.reshape(layer.shape) for part, layer in zip(parts, layers, strict=True)]
            moves, received = [np.zeros_like(now.below[0])], list[Floats]()  # of `below` and `before`
            for at, (layer, way) in enumerate(zip(layers, ways, strict=True)):
                move = now.below[at] @ np.swapaxes(way, 1, 2) + moves[-1] @ np.swapaxes(layer, 1, 2)
                received.append(self._factors[at] * move)
                if at < len(now.slope):
                    moves.append(self._padded(received[-1] * now.slope[at], 0))
            turn = received[-1] / now.gap.shape[1]  # of `back`
            found = list[Floats]()
            for at in range(len(layers) - 1, -1, -1):
                grown = np.swapaxes(turn, 1, 2) @ now.below[at] + np.swapaxes(now.back[at], 1, 2) @ moves[at]
                found.insert(0, self._factors[at] * grown)
                if at:
                    turned = self._down(turn, layers[at], at) + self._down(now.back[at], ways[at], at)
                    turn = turned * now.slope[at - 1] + bent[at - 1] * received[at - 1]
            return np.concatenate([part.reshape(runs, -1) for part in found], axis=1)

        return product

    @property
    def _factors(self) -> Sequence[float]:
        return self.factors or (1.0,) * len(self.layers)

    def _up(self) -> tuple[list[Floats], list[Floats], Floats]:
        """Return the inputs of every layer, what hidden units receive, and f - y."""
        below, before = [self._padded(self.x[None], 1)], list[Floats]()
        for layer, factor in zip(self.layers, self._factors, strict=True):
            before.append(below[-1] @ np.swapaxes(layer, 1, 2))
            if factor != 1:
                before[-1] *= factor
            if len(before) < len(self.layers):
                below.append(self._padded(_act(self.activation, before[-1]), 1))
        return below, before[:-1], before[-1] - self.y

    def _down(self, back: Floats, layer: Floats, at: int) -> Floats:
        """Return dL / d(what a layer reads), from dL / d(what it gives)."""
        weights = layer[:, :, :-1] if self.constant else layer
        return np.asarray(self._factors[at] * (back @ weights))

    def _padded(self, act: Floats, value: float) -> Floats:
        """Return activity with a constant last if there are biases."""
        if not self.constant:
            return act
        return np.concatenate([act, np.full((*act.shape[:2], 1), value, act.dtype)], axis=2)


def _loss(gap: Floats) -> Floats:
    return np.asarray((gap**2).sum(axis=2).mean(axis=1) / 2)


def _act(activation: str, z: Floats) -> Floats:
    return np.asarray(np.tanh(z) if activation == "tanh" else z * ndtr(z))


def _slope(activation: str, z: Floats) -> Floats:
    return np.asarray(1 - np.tanh(z) ** 2 if activation == "tanh" else ndtr(z) + z * _bell(z))


def _bend(activation: str, z: Floats) -> Floats:
    """Return the second derivative of an activation."""
    if activation == "tanh":
        act = np.tanh(z)
        return np.asarray(-2 * act * (1 - act**2))
    return np.asarray((2 - z**2) * _bell(z))


def _bell(z: Floats) -> Floats:
    return np.asarray(np.exp(-(z**2) / 2) / (2 * np.pi) ** 0.5)


def uniform_layers(sizes: Sequence[int], draws: np.random.Generator) -> list[Floats]:
    """Return weights and biases that are uniform within 1 / sqrt(fan-in), (fan_out, fan_in + 1) a layer, bias last."""
    return [draws.uniform(-1, 1, (fan_out, fan_in + 1)) / np.sqrt(fan_in) for fan_in, fan_out in pairwise(sizes)]


def top(product: Product, start: Floats, steps: int) -> tuple[Floats, Floats]:
    """Return the largest eigenvalue, (run,), and its vector, (run, parameter), of symmetric matrices, by Lanczos.

    The basis is orthogonalised anew at every step. The largest, not the largest in size: a Hessian has negative ones.
    """
    basis = [start / np.linalg.norm(start, axis=1, keepdims=True)]
    images = []
    for _ in range(min(steps, start.shape[1])):
        images.append(product(basis[-1]))
        rest, span = images[-1], np.stack(basis, axis=2)  # (run, parameter, vector)
        for _ in range(2):
            rest = rest - (span @ (np.swapaxes(span, 1, 2) @ rest[:, :, None]))[:, :, 0]
        size = np.linalg.norm(rest, axis=1, keepdims=True)
        if (size < 1e-12).all():
            break
        basis.append(rest / np.maximum(size, np.finfo(rest.dtype).tiny))
    span = np.stack(basis[: len(images)], axis=2)
    small = np.swapaxes(span, 1, 2) @ np.stack(images, axis=2)
    values, vectors = np.linalg.eigh((small + np.swapaxes(small, 1, 2)) / 2)
    return values[:, -1], (span @ vectors[:, :, -1:])[:, :, 0]
