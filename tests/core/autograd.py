"""Losses and Hessians of the networks of `core.curvature`, by torch's autograd."""

from collections.abc import Callable

import numpy as np
import torch

from core.curvature import Networks

ACTIVATIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "tanh": torch.tanh,
    "gelu": torch.nn.functional.gelu,
}


def flat(found: Networks, run: int) -> torch.Tensor:
    """The weights of a network, (parameter,)."""
    return torch.cat([torch.tensor(layer[run]).ravel() for layer in found.layers])


def loss(found: Networks, weights: torch.Tensor, run: int) -> torch.Tensor:
    """The loss as torch has it, of flat weights."""
    act, start = torch.tensor(found.x), 0
    for place, layer in enumerate(found.layers):
        own = weights[start : start + layer[0].size].reshape(layer.shape[1:])
        start += layer[0].size
        act = act @ own[:, :-1].T + own[:, -1] if found.constant else act @ own.T
        act = act * (found.factors[place] if found.factors else 1)
        act = ACTIVATIONS[found.activation](act) if place < len(found.layers) - 1 else act
    y = torch.tensor(found.y if found.y.ndim == 2 else found.y[run])
    return ((act - y) ** 2).sum(1).mean() / 2


def hessians(found: Networks) -> np.ndarray:
    """The Hessians of all networks, (run, parameter, parameter)."""
    of, runs = torch.autograd.functional.hessian, range(len(found.layers[0]))
    return np.stack([of(lambda weights, run=run: loss(found, weights, run), flat(found, run)).numpy() for run in runs])
