"""tanh networks in gradient descent, with or without minibatches, and the sharpness of their loss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.batches import batches
from core.curvature import COLD, NOISE, WARM, Networks, top, uniform_layers
from core.datasets import Source, load
from core.randomness import generator
from core.studies.edge.experiment import Edge
from core.studies.edge.recording import EdgeRecording
from core.training.all_steps import AllStepsTraining

Floats = NDArray[Any]
CLASSES = 10


def begin(experiment: Edge, runs: Sequence[int], source: Source, device: str) -> EdgeTraining:
    """Return the networks of some runs at step 0; on the CPU.

    Raises:
        core.datasets.DataError: the digits cannot be drawn.
    """
    x, y = _points(experiment, source)
    drawn = uniform_layers((x.shape[1], *experiment.widths, y.shape[1]), generator("init", experiment.seed))
    layers = [np.repeat(layer[None].astype(x.dtype), len(runs), axis=0) for layer in drawn]
    cells = [experiment.cells[run] for run in runs]
    noise = generator("noise", experiment.seed)
    parameters = sum(layer[0].size for layer in layers)
    first = np.repeat(noise.standard_normal((1, parameters)).astype(x.dtype), len(runs), axis=0)
    return EdgeTraining(
        networks=Networks(x, y, layers),
        rate=np.array([rate for rate, _ in cells]),
        recording=EdgeRecording(experiment, len(runs)),
        top=first,
        noise=noise,
        drawn=[_rows(experiment.n, size, experiment.seed) for _, size in cells] if experiment.batch_sizes else [],
    )


def _points(experiment: Edge, source: Source) -> tuple[Floats, Floats]:
    """Return inputs (point, dim) and targets (point, output)."""
    if experiment.task == "chebyshev":
        x = np.linspace(-1, 1, experiment.n)
        return x[:, None], np.cos(experiment.degree * np.arccos(x))[:, None]
    task = load("digits_ten", n_train=experiment.n, seed=experiment.seed, source=source)
    return task.train_inputs, np.eye(CLASSES, dtype=np.float32)[task.train_labels.astype(int)]


def _rows(n: int, size: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Yield the points of one minibatch after the other."""
    for chunk in batches(n, size, seed):
        yield from chunk


@dataclass(eq=False, kw_only=True)
class EdgeTraining(AllStepsTraining):
    """The networks in training."""

    networks: Networks
    recording: EdgeRecording
    top: Floats  # (run, parameter): the first eigenvector of each Hessian, about
    noise: np.random.Generator
    drawn: list[Iterator[NDArray[np.int64]]]
    """The minibatches of every run; none where every step sees all points."""

    def take(self, step: int) -> None:
        """Take one step; with minibatches the loss of all points is known at recorded steps only."""
        if not self.drawn:
            super().take(step)
            return
        all_of = self.networks
        for run, drawn in enumerate(self.drawn):
            rows, layers = next(drawn), [layer[run : run + 1] for layer in all_of.layers]  # views: stepped in place
            replace(all_of, x=all_of.x[rows], y=all_of.y[rows], layers=layers).step(self.rate[run : run + 1])

    def measure(self, step: int) -> Mapping[str, Floats]:
        """Return the sharpness of every network."""
        warm = self.top + NOISE * self.noise.standard_normal(self.top.shape[1])
        sharpness, self.top = top(self.networks.hessian(), warm.astype(self.top.dtype), WARM if step else COLD)
        self.recording.cross(step, self.rate * sharpness)
        return {"sharpness": sharpness}
