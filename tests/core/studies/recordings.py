"""Small recordings, and what is kept of them once they are open."""

from __future__ import annotations

import numpy as np

from core.recorded.recorded import Recorded
from core.studies.own_network.experiment import OwnNetwork
from core.studies.own_network.training import Kept, Opening
from core.studies.own_network.trajectory import OwnNetworkTrajectory
from core.training import follow


def recorded(points: int = 120, classes: int = 3, *, images: bool = False, explainers: bool = True) -> Recorded:
    """A network that learns one class after the other, of points whose inputs tell the classes."""
    rng = np.random.default_rng(0)
    labels = np.arange(points) % classes
    steps = np.array([0, 1, 2, 4, 8, 16, 32, 64])
    learned = np.linspace(0, 1, len(steps))[:, None] > rng.random(points)
    predictions = np.where(learned, labels, rng.integers(classes, size=(len(steps), points)))
    shape = (points, 1, 4, 4) if images else (points, 5)
    inputs = rng.normal(size=shape) + 2 * labels.reshape(points, *[1] * (len(shape) - 1)) * (
        rng.random(shape[1:]) < 0.5
    )
    brought = {"mine": np.where(rng.random(points) < 0.7, labels, 0), "mine over time": predictions}
    return Recorded(
        steps=steps,
        predictions=predictions,
        labels=labels,
        inputs=inputs.astype(np.float32) if images else None,
        explainers=brought if explainers else {},
        curves={"train_loss": np.linspace(1, 0, len(steps))},
    )


def opened_of(found: Recorded) -> OwnNetworkTrajectory:
    """Open a recording in this process."""
    experiment = OwnNetwork(step_limit=int(found.steps[-1]))
    arrays = follow(Opening(found, Kept.of(found))).arrays
    return OwnNetworkTrajectory.join(experiment, [([0], arrays)])


def opened(**how: bool) -> OwnNetworkTrajectory:
    """Open a small recording."""
    return opened_of(recorded(**how))  # type: ignore[arg-type]
