"""tanh networks in full-batch gradient descent, and the sharpness of their loss by Hessian-vector products."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.datasets import Source
from core.randomness import generator
from core.studies.edge.experiment import Edge
from core.studies.edge.recording import EdgeRecording
from core.trajectory import DIVERGED, STEP_LIMIT

Floats = NDArray[np.float64]

BLOWN_UP = 1e6
"""A loss beyond this counts as diverged, finite or not; no initial loss is above 2."""
COLD, WARM = 20, 8
"""Lanczos steps at initialization, and at the recorded steps after it, from the eigenvector of the one before."""
NOISE = 1e-3
"""Of a warm start, so that it is not blind to an eigenvector that overtakes."""


def begin(experiment: Edge, runs: Sequence[int], source: Source, device: str) -> EdgeTraining:
    """Return the networks of some learning rates at step 0; on the CPU, and with no files."""
    x = np.linspace(-1, 1, experiment.n)
    sizes, draws, layers = (1, *experiment.widths, 1), generator("init", experiment.seed), []
    for fan_in, fan_out in pairwise(sizes):
        layer = draws.uniform(-1, 1, (fan_out, fan_in + 1)) / np.sqrt(fan_in)
        layers.append(np.repeat(layer[None], len(runs), axis=0))
    networks = Networks(x[:, None], np.cos(experiment.degree * np.arccos(x)), layers)
    rate = np.array([experiment.rates[run] for run in runs])
    noise = generator("noise", experiment.seed)
    parameters = sum(layer[0].size for layer in layers)
    top = np.repeat(noise.standard_normal((1, parameters)), len(runs), axis=0)
    return EdgeTraining(experiment, networks, rate, top, noise, EdgeRecording(experiment, len(runs)))


class Pass(NamedTuple):
    """What a pass through the networks leaves: of each layer its inputs, a constant 1 last, and dL / d(its outputs)."""

    below: list[Floats]  # (1 or run, point, fan_in + 1) each
    back: list[Floats]  # (run, point, fan_out) each, before tanh
    gap: Floats  # f - y, (run, point)


@dataclass(eq=False)
class Networks:
    """tanh networks of one shape with biases on the same points, stepped in place; L = mean of (f - y)^2 / 2."""

    x: Floats  # (point, dim)
    y: Floats  # (point,)
    layers: list[Floats]  # (run, fan_out, fan_in + 1) each, the bias last

    def step(self, rate: Floats) -> Floats:
        """Take one step at the learning rates (run,); return the loss before it, (run,)."""
        now = self.passed()
        for layer, back, below in zip(self.layers, now.back, now.below, strict=True):
            layer -= rate[:, None, None] * (np.swapaxes(back, 1, 2) @ below)
        return np.asarray((now.gap**2).mean(axis=1) / 2)

    def passed(self) -> Pass:
        """Go through the networks and back."""
        below = [_with_one(self.x[None])]
        for layer in self.layers[:-1]:
            below.append(_with_one(np.tanh(below[-1] @ np.swapaxes(layer, 1, 2))))
        gap = (below[-1] @ np.swapaxes(self.layers[-1], 1, 2))[:, :, 0] - self.y
        back = [gap[:, :, None] / len(self.y)]
        for layer, act in zip(self.layers[:0:-1], below[:0:-1], strict=True):
            back.insert(0, (back[0] @ layer[:, :, :-1]) * (1 - act[:, :, :-1] ** 2))
        return Pass(below, back, gap)

    def hessian(self) -> Callable[[Floats], Floats]:
        """Return what multiplies directions (run, parameter) with the Hessian of L, at the weights as they are now.

        It is the derivative of the gradient along the direction (Pearlmutter 1994), forward over backward.
        """
        now, layers = self.passed(), [layer.copy() for layer in self.layers]
        runs = len(layers[0])

        def product(direction: Floats) -> Floats:
            ends = np.cumsum([layer[0].size for layer in layers])[:-1]
            ways = [
                part.reshape(layer.shape) for part, layer in zip(np.split(direction, ends, axis=1), layers, strict=True)
            ]
            moves = [np.zeros_like(now.below[0])]  # of `below`, along the direction
            for layer, way, act, after in zip(layers, ways, now.below, (*now.below[1:], None), strict=True):
                move = act @ np.swapaxes(way, 1, 2) + moves[-1] @ np.swapaxes(layer, 1, 2)
                if after is not None:
                    slope = 1 - after[:, :, :-1] ** 2
                    moves.append(np.pad(move * slope, ((0, 0), (0, 0), (0, 1))))
            turn = move / len(self.y)  # of `back`
            found = list[Floats]()
            for at in range(len(layers) - 1, -1, -1):
                found.insert(0, np.swapaxes(turn, 1, 2) @ now.below[at] + np.swapaxes(now.back[at], 1, 2) @ moves[at])
                if at:
                    act, moved = now.below[at][:, :, :-1], moves[at][:, :, :-1]
                    pulled = now.back[at] @ layers[at][:, :, :-1]
                    turned = turn @ layers[at][:, :, :-1] + now.back[at] @ ways[at][:, :, :-1]
                    turn = turned * (1 - act**2) - 2 * pulled * act * moved
            return np.concatenate([part.reshape(runs, -1) for part in found], axis=1)

        return product


def _with_one(act: Floats) -> Floats:
    """Return activity with a constant 1 last, which carries the bias."""
    return np.concatenate([act, np.ones((*act.shape[:2], 1))], axis=2)


def top(product: Callable[[Floats], Floats], start: Floats, steps: int) -> tuple[Floats, Floats]:
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
        basis.append(rest / np.maximum(size, 1e-300))
    span = np.stack(basis[: len(images)], axis=2)
    small = np.swapaxes(span, 1, 2) @ np.stack(images, axis=2)
    values, vectors = np.linalg.eigh((small + np.swapaxes(small, 1, 2)) / 2)
    return values[:, -1], (span @ vectors[:, :, -1:])[:, :, 0]


@dataclass(eq=False)
class EdgeTraining:
    """Networks that take all their steps, or are not a number from where they are found to have diverged."""

    experiment: Edge
    networks: Networks
    rate: Floats  # (run,)
    top: Floats  # (run, parameter): the first eigenvector of each Hessian, about
    noise: np.random.Generator
    recording: EdgeRecording

    @property
    def live(self) -> int:
        """How many runs still train."""
        return int(self.recording.unfinished.sum())

    def advance(self, step: int) -> int:
        """Train up to the next recorded step and return it."""
        to = self.recording.after(step)
        with np.errstate(over="ignore", invalid="ignore"):  # a diverging run is found at the next recorded step
            for _ in range(step, to):
                self.recording.follow(self.networks.step(self.rate))
        return to

    def record(self, step: int) -> bool:
        """Record every run; note those that diverged, and at the last step that the others ended."""
        last = step == self.experiment.step_limit
        with np.errstate(over="ignore", invalid="ignore"):
            loss = (self.networks.passed().gap ** 2).mean(axis=1) / 2
            lost = ~(loss < BLOWN_UP)
        if last:
            self.recording.follow(np.where(lost, np.nan, loss))
        for layer in self.networks.layers:
            layer[lost] = 0  # a state that is finite, and is not shown
        warm = self.top + NOISE * self.noise.standard_normal(self.top.shape[1])
        sharpness, self.top = top(self.networks.hessian(), warm, WARM if step else COLD)
        sharpness = np.where(lost | ~self.recording.unfinished, np.nan, sharpness)
        loss = np.where(np.isnan(sharpness), np.nan, loss)
        self.recording.cross(step, self.rate * sharpness)
        self.recording.write(step, loss=loss, sharpness=sharpness)
        self.recording.end(step, lost | last, np.where(lost, DIVERGED, STEP_LIMIT))
        self.rate = np.where(self.recording.arrays["outcome"] == DIVERGED, 0, self.rate)
        return True
