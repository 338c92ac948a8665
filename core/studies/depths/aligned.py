"""Aligned layers: the starts of which theory follows one mode, or several side by side, at any depth."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.randomness import generator
from core.studies.depths.experiment import Depths
from core.training.descent import Networks, Points

Floats = NDArray[np.float64]

DIMENSION = 8
"""Inputs of the ReLU networks."""


def one_mode(experiment: Depths, depth: int) -> tuple[Points, Networks]:
    """Return x, and ReLU networks of a depth of which the starts are the runs, N = N0 on x.

    Every layer is |a| u v^T, with v the u of the layer below, entries of u above 0, and |a| = (N0 / |x|)^(1/D). With
    noise, all layers are scaled alike to bring N back to N0, if it is above 0.
    """
    rng = generator("init", experiment.seed)
    toward = _unit(rng.standard_normal(DIMENSION))
    starts = np.array(experiment.starts)
    size = (starts / experiment.norm) ** (1 / depth)  # (run,)
    layers, below = [], toward
    for layer in range(depth):
        above = _unit(np.abs(rng.standard_normal(experiment.width))) if layer < depth - 1 else np.ones(1)
        apart = rng.standard_normal((len(above), len(below))) / np.sqrt(len(above) * len(below))
        layers.append(size[:, None, None] * (np.outer(above, below) + experiment.noise * apart))
        below = above
    points = Points(experiment.norm * toward[None], np.ones(1), np.full(1, experiment.p))
    drawn = Networks.of(*layers[:-1], head=layers[-1][:, 0])
    if experiment.noise:
        logit = drawn.logits(points.x)[:, 0]
        scale = (starts / np.where(logit > 0, logit, starts)) ** (1 / depth)
        layers = [scale[:, None, None] * layer for layer in layers]
    return points, Networks.of(*layers[:-1], head=layers[-1][:, 0])


@dataclass(eq=False)
class LinearNetwork:
    """W_D ... W_1 on white inputs and the target U diag(s) V^T: f = |target - W_D ... W_1|^2 / 2 is descended."""

    target: Floats  # (mode, mode)
    left: Floats  # (mode, mode): U
    right: Floats  # (mode, mode): V
    layers: list[Floats]  # (run, mode, mode) each, first layer first

    @classmethod
    def aligned(cls, experiment: Depths, depth: int) -> LinearNetwork:
        """Return networks whose layers fit each other, each mode of strength N0, in bases drawn by the seed."""
        rng, count = generator("data", experiment.seed), len(experiment.strengths)
        bases = [np.linalg.qr(rng.standard_normal((count, count)))[0] for _ in range(depth + 1)]
        size = np.array(experiment.starts)[:, None, None] ** (1 / depth)
        layers = [size * (above @ below.T) for below, above in pairwise(bases)]
        return cls(bases[-1] @ np.diag(experiment.strengths) @ bases[0].T, bases[-1], bases[0], layers)

    def strengths(self) -> Floats:
        """Return u_k^T W v_k, (run, mode)."""
        return np.asarray(np.einsum("ik,rij,jk->rk", self.left, self._products()[-1], self.right))

    def step(self, rate: float) -> None:
        """Take one step of descent."""
        below = self._products()  # below[l] = W_l ... W_1
        back = self.target - below[-1]
        moves = []
        for layer in range(len(self.layers) - 1, -1, -1):
            moves.append(back @ np.swapaxes(below[layer - 1], 1, 2) if layer else back)
            back = np.swapaxes(self.layers[layer], 1, 2) @ back
        for weights, move in zip(reversed(self.layers), moves, strict=True):
            weights += rate * move

    def _products(self) -> list[Floats]:
        found = [self.layers[0]]
        for weights in self.layers[1:]:
            found.append(weights @ found[-1])
        return found


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / np.linalg.norm(vector))
