"""What recording costs, how large its files are, and how long one takes to open: `python -m tests.benchmarks.record`.

In one run, so that a busy machine slows both sides alike: training steps of the example's ResNet, and looks at 2,000
test points. The example's training is 50 passes over CIFAR-10's 50,000 images, 150 snapshots of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn

from core.comparison.compared import explainer_predictions
from core.comparison.curves import curves, facts, staircase
from core.record import Recorder
from core.recorded.opened import keep, kept, read
from core.recorded.recorded import Recorded, encoded
from core.studies.own_network.experiment import OwnNetwork
from core.studies.own_network.tables import TABLES
from core.studies.own_network.training import Kept, Opening
from core.studies.own_network.trajectory import OwnNetworkTrajectory
from core.training import follow
from tests.examples.resnet import resnet

SNAPSHOTS, STEPS = 150, 50 * 50_000 // 128


def seconds(what: Callable[[], object], times: int) -> float:
    """The median of the processor's seconds."""
    found = []
    for _ in range(times):
        begun = time.process_time()
        what()
        found.append(time.process_time() - begun)
    return float(np.median(found))


def cost() -> None:
    """A step of training against a look."""
    torch.set_num_threads(1)
    model, x, y = resnet(), torch.randn(128, 3, 32, 32), torch.arange(128) % 10
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    rec = Recorder(torch.randn(2000, 3, 32, 32), torch.arange(2000) % 10, last_step=10**6)

    def step() -> None:
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    step()
    look = iter(range(10**6))
    a_step, a_look = seconds(step, 30), seconds(lambda: rec(next(look), model), 9)
    share = SNAPSHOTS * a_look / (STEPS * a_step)
    print(f"a step {1000 * a_step:.0f} ms, a look {1000 * a_look:.0f} ms; {SNAPSHOTS} in {STEPS:,} steps: {share:.1%}")


def opening() -> None:
    """150 snapshots of 10,000 points of ten classes, with eight explainers: file, and time to all numbers."""
    rng = np.random.default_rng(0)
    labels = rng.integers(10, size=10_000)

    def right(share: float) -> np.ndarray:
        return np.where(rng.random(10_000) < share, labels, (labels + rng.integers(1, 4, size=10_000)) % 10)

    found = Recorded(
        steps=np.arange(SNAPSHOTS),
        predictions=np.stack([right(share) for share in np.linspace(0.1, 0.9, SNAPSHOTS)]),
        labels=labels,
        explainers={f"explainer {number}": right(0.3 + number / 20) for number in range(7)},
        margins=rng.normal(size=(SNAPSHOTS, 10_000)),
    )
    content = encoded(found)
    print(f"a file of {SNAPSHOTS} x 10,000 predictions with margins: {len(content) / 1e6:.1f} MB")
    folder = Path("/tmp/trainscope-benchmark")

    def everything() -> None:
        digest = keep(read(content), folder)
        opened = follow(Opening(kept(digest, folder), Kept.of(kept(digest, folder))))
        trajectory = OwnNetworkTrajectory.join(OwnNetwork(step_limit=SNAPSHOTS - 1), [([0], opened.arrays)])
        staircase(trajectory)
        for name in explainer_predictions(trajectory):
            facts(trajectory, name)
            curves(trajectory, name, miller_madow=True)
        for table in TABLES.values():
            table(trajectory)

    def first() -> None:
        digest = keep(read(content), folder)
        opened = follow(Opening(kept(digest, folder), Kept.of(kept(digest, folder))))
        trajectory = OwnNetworkTrajectory.join(OwnNetwork(step_limit=SNAPSHOTS - 1), [([0], opened.arrays)])
        name = next(iter(explainer_predictions(trajectory)))
        facts(trajectory, name)
        curves(trajectory, name, miller_madow=True)

    print(f"opened, with baselines and intervals of one explainer: {seconds(first, 1):.1f} s")
    print(f"the same of all eight, the staircase and every table: {seconds(everything, 1):.1f} s")


if __name__ == "__main__":
    cost()
    opening()
