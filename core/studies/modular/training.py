"""Networks with quadratic units on one-hot pairs, in full-batch gradient descent by their gradient in closed form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.datasets import Source
from core.observables.kernels import alignment, relative_change
from core.randomness import generator
from core.studies.modular.experiment import Modular
from core.studies.modular.observables import participation
from core.studies.modular.recording import ModularRecording
from core.training.one_by_one import OneByOneTraining

Floats = NDArray[Any]
"""Of float32 in training; the formulas hold in any precision."""

KERNEL_POINTS = 150
"""Training pairs on which the tangent kernel is measured."""


def begin(experiment: Modular, runs: Sequence[int], source: Source, device: str) -> ModularTraining:
    """Return the networks of some runs at step 0; on the CPU, and with no files."""
    networks, tasks = [], []
    for alpha, fraction, seed in (experiment.networks[run] for run in runs):
        tasks.append(Pairs.drawn(experiment.p, experiment.n_train(fraction), seed))
        draws = generator("init", seed)
        first = draws.standard_normal((experiment.width, 2 * experiment.p), np.float32)
        second = draws.standard_normal((experiment.p, experiment.width), np.float32)
        networks.append(Network(first, second, alpha))
    return ModularTraining(
        experiment=experiment,
        rates=[experiment.learning_rate(experiment.networks[run][0]) for run in runs],
        networks=networks,
        tasks=tasks,
        initial=[
            network(task.x) if experiment.subtract else np.zeros_like(task.y)
            for network, task in zip(networks, tasks, strict=True)
        ],
        kernels=[network.kernel(task.watched) for network, task in zip(networks, tasks, strict=True)],
        recording=ModularRecording(experiment, len(runs)),
    )


@dataclass(frozen=True, eq=False)
class Pairs:
    """All pairs (a, b) below p in a random order: those trained on first."""

    x: Floats  # (pair, 2p), one-hot
    y: Floats  # (pair, p), one-hot: (a + b) mod p
    n_train: int

    @classmethod
    def drawn(cls, p: int, n_train: int, seed: int) -> Pairs:
        """Return the pairs in the order that a seed draws."""
        a, b = np.divmod(generator("data", seed).permutation(p * p), p)
        ones = np.eye(p, dtype=np.float32)
        return cls(np.concatenate([ones[a], ones[b]], axis=1), ones[(a + b) % p], n_train)

    @property
    def watched(self) -> Floats:
        """The training pairs on which the kernel is measured, (pair, 2p)."""
        return self.x[: min(self.n_train, KERNEL_POINTS)]


@dataclass(eq=False)
class Network:
    """f(x) = alpha / (2 p N) W2 (W1 x)^2, stepped in place."""

    first: Floats  # W1, (unit, 2p)
    second: Floats  # W2, (output, unit)
    alpha: float

    @property
    def scale(self) -> Floats:
        """alpha / (2 p N), in the precision of the weights."""
        return np.asarray(self.alpha / (self.first.shape[1] * len(self.first)), self.first.dtype)

    def __call__(self, x: Floats) -> Floats:
        """Return f, (point, output)."""
        return np.asarray(self.scale * ((x @ self.first.T) ** 2 @ self.second.T))

    def step(self, x: Floats, y: Floats, initial: Floats, rate: float, loss: str) -> None:
        """Take one step of gradient descent on the loss of F = f - `initial`."""
        units = x @ self.first.T  # (point, unit)
        act = units * units
        gap = self.scale * (act @ self.second.T) - initial  # F, then the step's pull on it, (point, output)
        if loss == "squared":
            gap -= y
            pull = 2 * rate / gap.size
        else:
            gap = softmax(gap) - y
            pull = rate / len(gap)
        gap *= self.scale * self.first.dtype.type(pull)
        back = 2 * units * (gap @ self.second)  # (point, unit)
        self.second -= gap.T @ act
        self.first -= back.T @ x

    def kernel(self, x: Floats) -> NDArray[np.float64]:
        """Return the tangent kernel, the sum over outputs of grad f(x).grad f(x'), (point, point)."""
        first, second = self.first.astype(np.float64), self.second.astype(np.float64)
        units = x @ first.T
        own = len(second) * (units**2 @ (units**2).T)  # of W2
        below = 4 * ((units * (second**2).sum(axis=0)) @ units.T) * (x @ x.T)  # of W1
        return np.asarray(float(self.scale) ** 2 * (own + below))


def softmax(output: Floats) -> Floats:
    """Return the probabilities that outputs (point, output) give."""
    exponential = np.exp(output - output.max(axis=1, keepdims=True))
    return np.asarray(exponential / exponential.sum(axis=1, keepdims=True))


def loss_of(output: Floats, y: Floats, loss: str) -> NDArray[np.float64]:
    """Return the loss of each point: the mean over outputs of (F - Y)^2, or cross-entropy, (point,)."""
    output = output.astype(np.float64)
    if loss == "squared":
        return np.asarray(((output - y) ** 2).mean(axis=1))
    top = output.max(axis=1)
    return np.asarray(top + np.log(np.exp(output - top[:, None]).sum(axis=1)) - (output * y).sum(axis=1))


@dataclass(eq=False)
class ModularTraining(OneByOneTraining):
    """Networks in training."""

    experiment: Modular
    rates: list[float]
    networks: list[Network]
    tasks: list[Pairs]
    initial: list[Floats]  # f0 of all pairs, or 0: (pair, output) each
    kernels: list[NDArray[np.float64]]  # at step 0
    recording: ModularRecording

    def train(self, start: int, stop: int) -> None:
        """Take the steps from `start` up to `stop`."""
        for run in self.unfinished:
            task, network = self.tasks[run], self.networks[run]
            n = task.n_train
            x, y, initial = task.x[:n], task.y[:n], self.initial[run][:n]
            keep = network.first.dtype.type(1 - self.experiment.decay)
            for _ in range(start, stop):
                network.step(x, y, initial, self.rates[run], self.experiment.loss)
                if self.experiment.decay:
                    network.first *= keep
                    network.second *= keep

    def measure(self, run: int, step: int) -> Mapping[str, Any]:
        """Return what is measured of a run (`trajectory.MEASURES`), and the weights that are shown."""
        network, task = self.networks[run], self.tasks[run]
        output = network(task.x) - self.initial[run]
        loss, wrong = loss_of(output, task.y, self.experiment.loss), output.argmax(axis=1) != task.y.argmax(axis=1)
        found = {"train_loss": float(loss[: task.n_train].mean()), "test_loss": float(loss[task.n_train :].mean())}
        if not np.isfinite(found["train_loss"]):
            return found
        kernel, before = network.kernel(task.watched), self.kernels[run]
        shown = self.recording.arrays["weights"].shape[2]
        return found | {
            "train_error": float(wrong[: task.n_train].mean()),
            "test_error": float(wrong[task.n_train :].mean()),
            "participation": participation(network.first[:, : self.experiment.p].astype(np.float64)),
            "alignment": alignment(kernel, task.y[: len(kernel)]),
            "kernel_change": relative_change(kernel, before),
            "norm": float(np.sqrt((network.first.astype(np.float64) ** 2).sum() + (network.second**2).sum())),
            "weights": network.first[:shown, : self.experiment.p],
        }
