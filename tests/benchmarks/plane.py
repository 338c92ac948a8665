"""A cold plane, timed beside the loop that a user would write: `python tests/benchmarks/plane.py [--workers N]`.

Both do the same work in the same run: the networks of the preset explorer/digits, their batches, one step at a time. The
plain loop is one `torch.nn.Module` a network, autograd and `torch.optim.SGD`, for a sample of the runs and a few hundred
steps each, since all of them would take most of an hour. Nothing here gates anything.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
import torch
from torch import nn

from core.batches import batches
from core.datasets import Source, Task, load
from core.experiments import Experiment
from core.networks import gain, initial_stack
from core.presets import PRESETS
from core.sweeps import train
from core.trajectory import Cell, cells

SAMPLE = 8
SAMPLE_STEPS = 400


class Plain(nn.Module):
    """One network of the family, as one would write it."""

    def __init__(self, experiment: Experiment, dim: int, seed: int) -> None:
        super().__init__()
        shape = {"width": experiment.width, "depth": experiment.depth, "activation": experiment.activation}
        stack = initial_stack(runs=1, dim=dim, seed=seed, device=torch.device("cpu"), **shape)
        self.weights = nn.ParameterList([nn.Parameter(w[0].clone()) for w in stack.weights])
        self.head = nn.Parameter(stack.head[0].clone())
        self.act = torch.relu if experiment.activation == "relu" else nn.functional.gelu
        self.gain = gain(experiment.activation)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for w in self.weights:
            x = self.act(x @ w / w.shape[0] ** 0.5) * self.gain
        return x @ self.head / len(self.head)


def plain_loop(experiment: Experiment, cell: Cell, task: Task, steps: int) -> Plain:
    """Train one run for `steps` steps."""
    x, y = torch.tensor(task.train_inputs), torch.tensor(task.train_labels)
    net = Plain(experiment, x.shape[1], cell.seed)
    with torch.no_grad():
        first = net(x)
    optimiser = torch.optim.SGD(net.parameters(), lr=experiment.learning_rate(cell.temperature))
    stream = batches(experiment.n_train, experiment.batch_size, cell.seed)
    chunk = next(stream)
    for step in range(steps):
        if step and step % len(chunk) == 0:
            chunk = next(stream)
        rows = torch.from_numpy(chunk[step % len(chunk)])
        loss = torch.relu(1 / cell.alpha - y[rows] * (net(x[rows]) - first[rows])).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return net


def main() -> None:
    """Time both and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default="explorer/digits")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(1)
    experiment = PRESETS[options.preset].experiment
    task = load(experiment.dataset, n_train=experiment.n_train, seed=0)
    every = cells(experiment)
    sample = [every[i] for i in np.linspace(0, len(every) - 1, SAMPLE).astype(int)]

    def plain_rate() -> float:
        start = time.perf_counter()
        for cell in sample:
            plain_loop(experiment, cell, task, SAMPLE_STEPS)
        return SAMPLE * SAMPLE_STEPS / (time.perf_counter() - start)

    plain_loop(experiment, sample[0], task, 50)
    before = plain_rate()
    start = time.perf_counter()
    trajectory = train(experiment, source=Source(), device="cpu", workers=options.workers)
    seconds = time.perf_counter() - start
    after = plain_rate()
    steps = int(trajectory["end_step"].sum())
    ours, plain = steps / seconds, (before + after) / 2
    outcomes = np.bincount(trajectory["outcome"], minlength=3)
    print(f"plane {options.preset}: {len(every)} runs, {outcomes[0]} fitted, {outcomes[1]} at the step limit, ", end="")
    print(f"{outcomes[2]} diverged; {steps:,} network-steps in {seconds:.1f} s cold (processes, torch, snapshots)")
    print(f"ours, {options.workers} processes: {ours:10,.0f} network-steps/s")
    print(f"plain torch loop:  {plain:10,.0f} network-steps/s (before {before:,.0f}, after {after:,.0f})")
    print(f"ratio:             {ours / plain:10.1f}")


if __name__ == "__main__":
    main()
