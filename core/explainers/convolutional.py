"""The convolutional explainers: the network of `core.convolution`, small, at each of its depths."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.batches import batches
from core.convolution import ConvolutionalNetwork, build, gradient, outputs
from core.explainers import Floats
from core.explainers.multilayer import OWN_SEEDS

FILTERS, WIDTH = 32, 128
BATCH = 32
PASSES, FEWEST_STEPS = 8, 480
"""Times each training point is seen on average, or more where there are few points."""
RATE = 1.5e-3
WARM_UP = 0.1
"""Share of the steps over which the rate rises. Without it every unit may die at once (measured: CIFAR-10 halves, one
convolution, rate 2e-3); after it the rate falls to 0 along a cosine."""


def fit_convolutional(
    dataset: str, inputs: Floats, labels: NDArray[Any], *, depth: int, seed: int, device: str, classes: int = 2
) -> Callable[[Floats], NDArray[Any]]:
    """Return a network of `depth` convolutions for a data set's images (point, dim), labels (point,).

    Labels are +-1, and its answers whether a point is of class +1; of more classes both are whole numbers. Trained by
    Adam (Kingma & Ba 2014, 1412.6980): it is to be a good classifier, not an example of plain SGD.
    """
    torch.set_num_threads(1)  # as in a training
    network = build(dataset, depth, FILTERS, WIDTH, OWN_SEEDS + seed, device, classes=classes)
    x, y = (torch.from_numpy(np.array(part)).to(device) for part in (inputs, labels))
    train(network, x, y, OWN_SEEDS + seed)

    def classify(points: Floats) -> NDArray[Any]:
        found = outputs(network, torch.from_numpy(np.array(points, np.float32)).to(device))
        answers: NDArray[Any] = (found > 0 if classes == 2 else found.argmax(1)).cpu().numpy()
        return answers

    return classify


@torch.inference_mode()
def train(network: ConvolutionalNetwork, x: Tensor, y: Tensor, seed: int) -> None:
    """Train the network, in place, on x (point, dim) and y (point,)."""
    parameters, batch = network.parameters(), min(BATCH, len(y))
    steps = max(PASSES * len(y) // batch, FEWEST_STEPS)
    optimiser = torch.optim.Adam(parameters, lr=RATE, fused=True)
    step = 0
    for chunk in batches(len(y), batch, seed):
        for rows in torch.from_numpy(chunk[: steps - step]).to(y.device):
            for parameter, slope in zip(parameters, gradient(network, x[rows], y[rows]).whole(), strict=True):
                parameter.grad = slope
            optimiser.param_groups[0]["lr"] = RATE * share(step / steps)
            optimiser.step()
            step += 1
        if step == steps:
            break


def share(progress: float) -> float:
    """Return the share of the full rate at a share of the steps, 0 to 1."""
    return min(1.0, (progress + 1e-3) / WARM_UP) * (1 + math.cos(math.pi * progress)) / 2
