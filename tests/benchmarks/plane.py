"""A cold plane, timed beside the loop that a user would write: `python tests/benchmarks/plane.py [--workers N]`.

Both do the same work in the same run: networks of the preset explorer/digits, the same batches one step at a time, the
same snapshots looked at on the way. The plain loop is one `torch.nn.Module` a network, autograd and `torch.optim.SGD`;
it trains a sample of the runs to their end before and after ours, since all of them would take many minutes. Ours is
timed cold, with the start of its processes. Nothing here gates anything.
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

from core.batches import CHUNK, batches
from core.datasets import Source, Task, load
from core.experiment import Experiment
from core.lines import data_line
from core.networks import gain, initial_stack
from core.studies.explorer.trajectory import Cell, PlaneTrajectory, cells
from core.study import presets
from core.sweeps import train

SAMPLE = 12


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


def plain_loop(experiment: Experiment, cell: Cell, task: Task, steps: int) -> None:
    """Train one run for `steps` steps, looking at it where the stack does."""
    x, y, test = (torch.tensor(part) for part in (task.train_inputs, task.train_labels, task.test_inputs))
    line = data_line(task, experiment.line)
    origin, direction = torch.tensor(line.origin), torch.tensor(line.direction)
    grid = origin + torch.tensor(line.grid)[:, None] * direction
    net = Plain(experiment, x.shape[1], cell.seed)
    optimiser = torch.optim.SGD(net.parameters(), lr=experiment.learning_rate(cell.temperature))
    with torch.no_grad():
        first = net(x)
    recorded = set(PlaneTrajectory.scheduled(experiment).tolist())
    stream = batches(experiment.n_train, experiment.batch_size, cell.seed)
    for step in range(steps):
        if step % CHUNK == 0:
            chunk = torch.from_numpy(next(stream))
        rows = chunk[step % CHUNK]
        loss = torch.relu(1 / cell.alpha - y[rows] * (net(x[rows]) - first[rows])).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step + 1 in recorded:
            with torch.no_grad():
                (net(test) > 0).numpy()
                torch.relu(1 / cell.alpha - y * (net(x) - first)).mean()
                net(grid)
                -(origin @ net.weights[0]) / (direction @ net.weights[0])


def main() -> None:
    """Time both and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default="explorer/digits")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(1)
    experiment = presets()[options.preset].experiment
    task = load(experiment.dataset, n_train=experiment.n_train, seed=0)
    every = cells(experiment)
    start = time.perf_counter()
    trajectory = train(experiment, source=Source(), device="cpu", workers=options.workers)
    seconds = time.perf_counter() - start
    steps = int(trajectory["end_step"].sum())
    ends = trajectory["end_step"]
    sample = [int(run) for run in np.argsort(ends)[:: len(ends) // SAMPLE] if ends[run] < 5_000]

    def plain_rate() -> float:
        start = time.perf_counter()
        for run in sample:
            plain_loop(experiment, every[run], task, int(ends[run]))
        return float(ends[sample].sum()) / (time.perf_counter() - start)

    plain_loop(experiment, every[sample[0]], task, 50)
    plain = plain_rate()
    start = time.perf_counter()
    train(experiment, source=Source(), device="cpu", workers=options.workers)
    again = time.perf_counter() - start
    ours = steps / seconds
    outcomes = np.bincount(trajectory["outcome"], minlength=3)
    print(f"plane {options.preset}: {len(every)} runs, {outcomes[0]} fitted, {outcomes[1]} at the step limit, ", end="")
    print(f"{outcomes[2]} diverged; {steps:,} network-steps")
    print(f"ours, {options.workers} processes, cold: {seconds:6.1f} s {ours:10,.0f} network-steps/s")
    print(f"ours, processes running:  {again:6.1f} s {steps / again:10,.0f} network-steps/s")
    print(f"plain torch loop ({len(sample)} of the runs): {plain:10,.0f} network-steps/s")
    print(f"ratio: cold {ours / plain:.1f}, processes running {steps / again / plain:.1f}")


if __name__ == "__main__":
    main()
