"""The explainers of one hidden layer: a few ReLU units, the best of several restarts."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.batches import CHUNK, batches
from core.engine import advance
from core.explainers import Classifier, Floats
from core.explainers.components import reduction
from core.networks import Stack
from core.randomness import generator

RESTARTS = 8
"""A poor minimum would look like complexity: of 8 restarts of 4 units on XOR, one to four end with every point right
(measured); the lowest training loss tells which."""
MANY_INPUTS = 64
"""Beyond so many inputs a network sees their principal components. Small digits' own 64 inputs give 16 units .98 and 4
units .965 on three training sets, 30 components .963 to .981 and .962 to .966 (measured)."""
BATCH = 32
RATE = 4.0
"""Learning rate at the start, divided by the mean of |x|²; it falls to 0 along a cosine."""
FEWEST_STEPS, MOST_STEPS = 8_192, 65_536
"""Eight steps a training point, within these. The sinusoid's 8,192 points need them (.97 with 16 units; .92 with half
as many, measured): a linear function is learnt long before the sine."""
TOGETHER = 8
"""Steps between two restorations of the constant unit."""
OWN_SEEDS = 2**31
"""Added to seeds: beyond those of networks under study, whose weights and batches an explainer must not share."""


def fit_multilayer(inputs: Floats, labels: Floats, *, width: int, seed: int) -> Classifier:
    """Return a network f = c + sum_j a_j relu(w_j . x + b_j) of `width` units for inputs (point, dim), labels (point,).

    Xavier-uniform weights, zero biases, SGD on the mean of log(1 + exp(-y f)); a restart that diverges is not chosen.
    """
    reduced = reduction(inputs, many=MANY_INPUTS, evened=True)
    x, y = _tensors(reduced(inputs)), torch.from_numpy(np.array(labels, np.float32))
    size = float(x.square().sum(1).mean())
    stack = initial(x.shape[1], width, math.sqrt(size), OWN_SEEDS + seed)
    train(stack, x, y, RATE / size, OWN_SEEDS + seed)
    loss = torch.nn.functional.softplus(-y * stack(x)).mean(1)
    chosen = torch.arange(RESTARTS) == loss.nan_to_num(nan=math.inf).argmin()
    best = stack.take(chosen)

    def classify(points: Floats) -> NDArray[np.bool_]:
        positive: NDArray[np.bool_] = best(_tensors(reduced(points)))[0].numpy() > 0
        return positive

    return classify


def _tensors(inputs: Floats) -> Tensor:
    """Return inputs (point, dim) with a constant 1 appended, whose weights are the units' biases."""
    return torch.from_numpy(np.hstack([inputs, np.ones((len(inputs), 1))]).astype(np.float32))


def initial(dim: int, width: int, constant: float, seed: int) -> Stack:
    """Return the restarts; their last unit, beyond `width`, is the same `constant` everywhere, its head weight 0.

    That weight is the output's bias in units of the constant, which is as long as an input is: else it would learn
    slower than the other weights.
    """
    rng = generator("init", seed)
    first, head = np.zeros((RESTARTS, dim, width + 1)), np.zeros((RESTARTS, width + 1))
    first[:, :-1, :width] = rng.uniform(-1, 1, (RESTARTS, dim - 1, width)) * math.sqrt(6 / (dim - 1 + width))
    first[:, -1, width] = constant
    head[:, :width] = rng.uniform(-1, 1, (RESTARTS, width)) * math.sqrt(6 / (width + 1))
    weights = torch.from_numpy(first).float()
    hidden = weights.new_zeros(0, RESTARTS, width + 1, width + 1)
    return Stack(weights, hidden, torch.from_numpy(head).float(), "relu", mean_field=False)


def train(stack: Stack, x: Tensor, y: Tensor, rate: float, seed: int) -> None:
    """Train the restarts, in place, on x (point, dim) and y (point,); their constant unit is restored as they go."""
    one, last_update = torch.ones(RESTARTS), torch.zeros(RESTARTS, dtype=torch.long)
    points, fixed = (x, y, torch.zeros(len(y))), stack.first[:, :, -1].clone()
    for progress, rows in _chunks(len(y), seed):
        falling = rate * (1 + math.cos(math.pi * progress)) / 2
        step_size = torch.full((RESTARTS,), falling / rows.shape[1])
        for few in torch.split(rows, TOGETHER):
            advance(stack, "logistic", points, few, one, step_size, last_update, 0)
            stack.first[:, :, -1] = fixed


def _chunks(n_train: int, seed: int) -> Iterator[tuple[float, Tensor]]:
    """Yield the share of the training that is behind, and batches (step, batch), to the end of the training."""
    count = min(max(8 * n_train, FEWEST_STEPS), MOST_STEPS) // CHUNK
    stream = batches(n_train, min(BATCH, n_train), seed)
    for chunk in range(count):
        yield chunk / count, torch.from_numpy(next(stream))
