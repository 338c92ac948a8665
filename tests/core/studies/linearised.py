"""The linearised twin of a network: the same initialization, batches and loss, on the tangent features before training.

With F = grad f(w0, x) . (w - w0) a step of SGD adds learning rate / B * y_i K(x, x_i) for every point of the batch that
is short of its margin, K the tangent kernel at initialization: so the twin is a kernel machine, exactly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from core.batches import batches
from core.datasets import Source, load
from core.networks import initial_stack
from core.studies.explorer.experiment import Explorer

Floats = NDArray[np.float64]


class Twin(NamedTuple):
    """The end of a linearised training."""

    test_output: Floats  # F, (point,)
    relative_weight_change: float  # |w - w0| / |w0|
    fitted: bool


def linearised(experiment: Explorer, alpha: float, temperature: float, seed: int, source: Source) -> Twin:
    """Train the twin of one of the Explorer's networks until every training point has its margin 1/alpha."""
    task = load(experiment.dataset, n_train=experiment.n_train, seed=seed, source=source)
    stack = initial_stack(
        runs=1,
        dim=task.train_inputs.shape[1],
        width=experiment.width,
        depth=experiment.depth,
        activation=experiment.activation,
        seed=seed,
        device=torch.device("cpu"),
    )
    inputs = torch.from_numpy(np.concatenate([task.train_inputs, task.test_inputs]))
    every = stack.tangent_kernel(inputs)[0].double().numpy()  # (point, point)
    n, labels = experiment.n_train, task.train_labels.astype(np.float64)
    columns = np.ascontiguousarray(every[:, :n].T)  # (training point, point)
    rate = experiment.learning_rate(temperature) / experiment.batch_size
    output, weight, step = np.zeros(len(inputs)), np.zeros(n), 0
    for chunk in batches(n, experiment.batch_size, seed):
        for batch in chunk:
            short = batch[labels[batch] * output[batch] < 1 / alpha]
            if len(short):
                weight[short] += rate * labels[short]
                output += (rate * labels[short]) @ columns[short]
        step += len(chunk)
        fitted = bool((labels * output[:n] >= 1 / alpha).all())
        if fitted or step >= experiment.step_limit:
            break
    size = sum(float(one.double().square().sum()) for one in stack.parameters())
    change = float(weight @ columns[:, :n] @ weight)
    return Twin(output[n:], float(np.sqrt(change / size)), fitted)
