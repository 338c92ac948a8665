"""Networks of one hidden layer in full-batch gradient descent, at all learning rates in one stack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.datasets import Source, load
from core.randomness import generator
from core.studies.catapult.experiment import Catapult
from core.studies.catapult.recording import CatapultRecording
from core.training.all_steps import AllStepsTraining
from core.trajectory import STATIONARY, STEP_LIMIT

Floats = NDArray[Any]
"""Of float32."""

POWER_STEPS = 20
"""Power iterations a recorded step, from the vector of the one before; at step 0 the kernel is decomposed."""


def begin(experiment: Catapult, runs: Sequence[int], source: Source, device: str) -> CatapultTraining:
    """Return the networks of some learning rates at step 0; on the CPU.

    Raises:
        core.datasets.DataError: the digits cannot be drawn.
    """
    task = load("digits_parity", n_train=experiment.n_train, seed=experiment.seed, source=source)
    draws, dim = generator("init", experiment.seed), task.train_inputs.shape[1]
    scale = 2**0.5 if experiment.activation == "relu" else 1.0
    hidden = scale * draws.standard_normal((experiment.width, dim), np.float32)
    head = draws.standard_normal(experiment.width, np.float32)
    networks = Networks(
        activation=experiment.activation,
        x=task.train_inputs,
        y=task.train_labels,
        hidden=np.repeat(hidden[None], len(runs), axis=0),
        head=np.repeat(head[None], len(runs), axis=0),
    )
    values, vectors = np.linalg.eigh(networks.kernels()[0].astype(np.float64))
    rate = np.array([experiment.rates[run] for run in runs]) * len(task.train_labels) / values[-1]
    return CatapultTraining(
        networks=networks,
        rate=rate,
        top=np.repeat(vectors[None, :, -1:], len(runs), axis=0).astype(np.float32),
        recording=CatapultRecording(experiment, rate),
    )


@dataclass(eq=False)
class Networks:
    """f(x) = v.act(U x / sqrt d) / sqrt w, networks of one shape on the same points, stepped in place."""

    activation: str
    x: Floats  # (point, dim)
    y: Floats  # (point,)
    hidden: Floats  # (run, unit, dim): U
    head: Floats  # (run, unit): v

    def step(self, rate: Floats) -> Floats:
        """Take one step at the learning rates (run,); return the loss before it, (run,)."""
        act, slope = self._units()
        gap = self._output(act) - self.y  # (run, point)
        loss = np.asarray((gap**2).mean(axis=1) / 2)
        pull = (rate[:, None] * gap / len(self.y)).astype(self.x.dtype)
        back = self._signal(slope) * pull[:, :, None]  # (run, point, unit)
        self.head -= (pull[:, None, :] @ act)[:, 0] / self._root(self.head)
        self.hidden -= np.swapaxes(back, 1, 2) @ self.x / self._root(self.x)
        return loss

    def loss(self) -> Floats:
        """Return the mean over points of (f - y)^2 / 2, (run,)."""
        return np.asarray(((self._output(self._units()[0]) - self.y) ** 2).mean(axis=1) / 2)

    def parameters(self) -> list[Floats]:
        """Return the weights, each with leading axis run."""
        return [self.hidden, self.head]

    def kernels(self) -> Floats:
        """Return the tangent kernels grad f(x).grad f(x'), (run, point, point)."""
        act, slope = self._units()
        signal = self._signal(slope)
        inputs = self.x @ self.x.T / self.x.shape[1]
        return np.asarray(
            act @ np.swapaxes(act, 1, 2) / self.head.shape[1] + inputs * (signal @ np.swapaxes(signal, 1, 2))
        )

    def dead(self) -> Floats:
        """Return the share of units that no point activates, (run,); only ReLU units can be dead."""
        return np.asarray((~(self._units()[1] > 0).any(axis=1)).mean(axis=1))

    def _output(self, act: Floats) -> Floats:
        return np.asarray((act @ self.head[:, :, None])[:, :, 0] / self._root(self.head))

    def _signal(self, slope: Floats) -> Floats:
        """Return df / d(U x / sqrt d), (run, point, unit)."""
        return np.asarray(slope * self.head[:, None, :] / self._root(self.head))

    def _root(self, weights: Floats) -> Floats:
        return np.asarray(np.sqrt(weights.shape[-1], dtype=weights.dtype))

    def _units(self) -> tuple[Floats, Floats]:
        """Return act and its slope at every unit, (run, point, unit) each."""
        before = self.x @ np.swapaxes(self.hidden, 1, 2) / self._root(self.x)
        if self.activation == "relu":
            on = before > 0
            return before * on, on.astype(before.dtype)
        if self.activation == "tanh":
            act = np.tanh(before)
            return act, 1 - act**2
        return before, np.ones_like(before)


@dataclass(eq=False, kw_only=True)
class CatapultTraining(AllStepsTraining):
    """The networks in training."""

    networks: Networks
    top: Floats  # (run, point, 1): the first eigenvector of each tangent kernel, about

    def measure(self, step: int) -> Mapping[str, Floats]:
        """Return the top eigenvalue of every tangent kernel over n, by power iteration, and the share of dead units."""
        kernels, value = self.networks.kernels() / len(self.networks.y), np.zeros(len(self.rate))
        for _ in range(POWER_STEPS):
            image = kernels @ self.top
            value = np.linalg.norm(image[:, :, 0], axis=1)
            self.top = image / np.maximum(value, 1e-30)[:, None, None].astype(image.dtype)
        self.top = np.where(value[:, None, None] > 0, self.top, np.ones_like(self.top))  # of a dead or a lost network
        return {"curvature": value, "dead": self.networks.dead()}

    def ending(self, state: Mapping[str, Floats]) -> Floats:
        """Return which networks are dead."""
        return np.where(state["dead"] == 1, STATIONARY, STEP_LIMIT)
