"""ReLU networks on averaged digits, trained by AdamW with their gradients in closed form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.batches import batches
from core.datasets import Source, Task, load
from core.randomness import generator
from core.recording import AllStepsRecording
from core.studies.small_mnist.experiment import SmallMnist
from core.studies.small_mnist.trajectory import MEASURES, SmallMnistTrajectory
from core.training.one_by_one import OneByOneTraining

Floats = NDArray[Any]
"""Of float32 in training; the formulas hold in any precision."""

FIRST, SECOND, TINY = 0.9, 0.999, 1e-8
"""Of Adam (Kingma, Ba 2014, 1412.6980): what moments keep, and what is added to their root."""
DEVIATION = 0.3081
"""Of MNIST's pixels from 0 to 1: images come divided by it, and less their mean."""


def begin(experiment: SmallMnist, runs: Sequence[int], source: Source, device: str) -> SmallMnistTraining:
    """Return the networks of some initialization scales at step 0; on the CPU.

    Raises:
        core.datasets.DataError: MNIST's files are absent or damaged.
    """
    task = load("mnist_ten", n_train=experiment.n_train, seed=experiment.seed, source=source)
    draws, layers = generator("init", experiment.seed), []
    for fan_in, fan_out in pairwise(experiment.widths):
        layers.append((draws.uniform(-1, 1, (fan_out, fan_in + 1)) / fan_in**0.5).astype(np.float32))
    chunks = batches(experiment.n_train, experiment.batch_size, experiment.seed)
    return SmallMnistTraining(
        experiment=experiment,
        images=Images.of(task, int(experiment.side)),
        networks=[Network([experiment.scales[run] * layer for layer in layers]) for run in runs],
        stream=(rows for chunk in chunks for rows in chunk),
        recording=SmallMnistRecording(experiment, len(runs)),
    )


@dataclass(frozen=True, eq=False)
class Images:
    """Averaged images with a constant 1 last, and their digits one-hot."""

    train: Floats  # (image, pixel + 1)
    train_y: Floats  # (image, 10)
    test: Floats
    test_y: Floats

    @classmethod
    def of(cls, task: Task, side: int) -> Images:
        """Return a task's images, averaged to side x side pixels."""
        ones = np.eye(10, dtype=np.float32)
        train, test = (averaged(inputs, side) for inputs in (task.train_inputs, task.test_inputs))
        labels = (one.astype(int) for one in (task.train_labels, task.test_labels))
        train_y, test_y = (ones[digits] for digits in labels)
        return cls(with_one(train), train_y, with_one(test), test_y)


def averaged(inputs: Floats, side: int) -> Floats:
    """Return normalized images (image, 784) as pixels less their mean, averaged to (image, side * side)."""
    of = 28 // side
    pooled = (DEVIATION * inputs).reshape(-1, side, of, side, of).mean(axis=(2, 4))
    return np.asarray(pooled.reshape(len(inputs), -1).astype(np.float32))


def with_one(act: Floats) -> Floats:
    """Return activity with a constant 1 last, which carries the bias."""
    return np.concatenate([act, np.ones((len(act), 1), act.dtype)], axis=1)


@dataclass(eq=False)
class Network:
    """A ReLU network, stepped in place by AdamW on the mean over points and outputs of (f - Y)^2."""

    layers: list[Floats]  # (fan_out, fan_in + 1) each, the bias last
    steps: int = 0
    first: list[Floats] = field(default_factory=list)  # moments of the gradient
    second: list[Floats] = field(default_factory=list)

    def __call__(self, x: Floats) -> Floats:
        """Return the outputs at points with a constant 1, (point, output)."""
        return self._passed(x)[1]

    def _passed(self, x: Floats) -> tuple[list[Floats], Floats]:
        below = [x]
        for layer in self.layers[:-1]:
            below.append(with_one(np.maximum(below[-1] @ layer.T, 0)))
        return below, np.asarray(below[-1] @ self.layers[-1].T)

    def gradient(self, x: Floats, y: Floats) -> list[Floats]:
        """Return the gradient of the loss, layer by layer."""
        below, output = self._passed(x)
        back = 2 * (output - y) / output.dtype.type(y.size)
        found = [back.T @ below[-1]]
        for layer, act, before in zip(self.layers[:0:-1], below[:0:-1], below[-2::-1], strict=True):
            back = (back @ layer[:, :-1]) * (act[:, :-1] > 0)
            found.insert(0, back.T @ before)
        return found

    def step(self, x: Floats, y: Floats, rate: float, decay: float) -> None:
        """Take one step of AdamW (Loshchilov, Hutter 2017, 1711.05101), as torch has it."""
        if not self.first:
            self.first, self.second = ([np.zeros_like(layer) for layer in self.layers] for _ in range(2))
        self.steps += 1
        size, spread = rate / (1 - FIRST**self.steps), (1 - SECOND**self.steps) ** -0.5
        for layer, move, first, second in zip(self.layers, self.gradient(x, y), self.first, self.second, strict=True):
            layer *= layer.dtype.type(1 - rate * decay)
            first += layer.dtype.type(1 - FIRST) * (move - first)
            second += layer.dtype.type(1 - SECOND) * (move * move - second)
            layer -= layer.dtype.type(size) * first / (layer.dtype.type(spread) * np.sqrt(second) + TINY)

    @property
    def norm(self) -> float:
        """Of all weights and biases."""
        return float(np.sqrt(sum(float((layer.astype(np.float64) ** 2).sum()) for layer in self.layers)))


class SmallMnistRecording(AllStepsRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: SmallMnist, runs: int) -> None:
        super().__init__(SmallMnistTrajectory, experiment, runs)
        self.arrays |= {name: np.full((len(self.steps), runs), np.nan, np.float32) for name in MEASURES}


@dataclass(eq=False)
class SmallMnistTraining(OneByOneTraining):
    """Networks in training."""

    experiment: SmallMnist
    images: Images
    networks: list[Network]
    stream: Iterator[NDArray[np.int64]]
    recording: SmallMnistRecording

    def train(self, start: int, stop: int) -> None:
        """Take the steps from `start` up to `stop`."""
        images, live = self.images, [self.networks[run] for run in self.unfinished]
        for rows in islice(self.stream, stop - start):
            for network in live:
                x, y = images.train[rows], images.train_y[rows]
                network.step(x, y, self.experiment.rate, self.experiment.decay)

    def measure(self, run: int, step: int) -> Mapping[str, Any]:
        """Return what is measured of a run (`trajectory.MEASURES`)."""
        network = self.networks[run]
        found = {"norm": network.norm}
        sets = {"train": (self.images.train, self.images.train_y), "test": (self.images.test, self.images.test_y)}
        for kind, (x, y) in sets.items():
            output = network(x)
            found[f"{kind}_loss"] = float(((output - y) ** 2).mean(dtype=np.float64))
            found[f"{kind}_error"] = float((output.argmax(axis=1) != y.argmax(axis=1)).mean())
        return found
