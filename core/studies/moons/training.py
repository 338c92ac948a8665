"""ReLU networks on two moons: full-batch gradient descent with momentum, with and without a penalty, in float64."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit  # type: ignore[import-untyped]

from core.datasets import Source
from core.datasets.margin_moons import moons
from core.observables.boundary import logits, measured
from core.randomness import generator
from core.studies.moons.experiment import Moons
from core.studies.moons.recording import MoonRecording
from core.studies.moons.trajectory import COMPONENTS, centres
from core.training.classifiers import ClassifiersTraining

Floats = NDArray[np.float64]


def begin(experiment: Moons, runs: Sequence[int], source: Source, device: str) -> MoonTraining:
    """Return the networks of some runs at step 0; on the CPU, and with no files."""
    networks = [MoonNetwork.of(experiment, *experiment.cells[run]) for run in runs]
    point, label = np.stack([one.point for one in networks]), np.stack([one.label for one in networks])
    return MoonTraining(experiment, networks, MoonRecording(experiment, point, label))


@dataclass(eq=False)
class MoonNetwork:
    """f(x) = a . max(0, W (x, 1)) + c, its training set, and its velocity.

    A step is v <- momentum v + gradient, w <- w - rate v. Weights and biases begin uniform within 1 / sqrt(fan-in).
    """

    point: Floats  # (sample, 2)
    label: Floats  # (sample,)
    decay: float  # on all weights and biases
    decoupling: float  # c of c mean(f^2)
    hidden: Floats  # (3, unit): W transposed, biases last
    head: Floats  # (unit + 1,): a, and c last
    inputs: Floats = field(init=False)  # (sample, 3)
    activity: Floats = field(init=False)  # (sample, unit + 1), 1 last
    on: Floats = field(init=False)  # (sample, unit)
    velocity: tuple[Floats, Floats] = field(init=False)  # of hidden, of head
    kernel_vectors: Floats = field(init=False)  # (sample, component)

    @classmethod
    def of(cls, experiment: Moons, margin: float, penalty: str, seed: int) -> MoonNetwork:
        """Return the network of one run at step 0."""
        point, label = moons(experiment.n_train, experiment.noise, margin, seed)
        rng, width = generator("init", seed), experiment.width
        hidden = rng.uniform(-1, 1, (3, width)) / np.sqrt(2)
        head = rng.uniform(-1, 1, width + 1) / np.sqrt(width)
        decay = experiment.weight_decay if penalty == "weight_decay" else 0.0
        decoupling = experiment.decoupling if penalty == "spectral_decoupling" else 0.0
        return cls(point, label, decay, decoupling, hidden, head)

    def __post_init__(self) -> None:
        samples, width = len(self.point), len(self.head) - 1
        self.inputs = np.column_stack([self.point, np.ones(samples)])
        self.activity = np.ones((samples, width + 1))
        self.on = np.empty((samples, width))
        self.velocity = np.zeros_like(self.hidden), np.zeros_like(self.head)
        _, vectors = np.linalg.eigh(self.kernel())
        self.kernel_vectors = vectors[:, [-1 - number for number in COMPONENTS]]

    def kernel(self) -> Floats:
        """Return the tangent kernel on the training set, (sample, sample)."""
        self.outputs()
        weighted = (self.activity[:, :-1] > 0) * self.head[:-1]
        return np.asarray((self.inputs @ self.inputs.T) * (weighted @ weighted.T) + self.activity @ self.activity.T)

    def outputs(self) -> Floats:
        """Return f on the training set, (sample,)."""
        hidden = self.activity[:, :-1]
        np.maximum(np.matmul(self.inputs, self.hidden), 0, out=hidden)
        return np.asarray(self.activity @ self.head)

    def output(self, point: Floats) -> Floats:
        """Return f anywhere, from (point, 2) to (point,)."""
        hidden = np.maximum(point @ self.hidden[:2] + self.hidden[2], 0)
        return np.asarray(hidden @ self.head[:-1] + self.head[-1])

    def step(self, rate: float, momentum: float) -> None:
        """Take one step."""
        f = self.outputs()
        pull = (2 * self.decoupling * f - self.label * expit(-self.label * f)) / len(f)
        np.greater(self.activity[:, :-1], 0, out=self.on, casting="unsafe")
        slopes = (((self.inputs * pull[:, None]).T @ self.on) * self.head[:-1], pull @ self.activity)
        for weights, velocity, slope in zip((self.hidden, self.head), self.velocity, slopes, strict=True):
            velocity *= momentum
            velocity += slope + self.decay * weights
            weights -= rate * velocity

    def measures(self) -> Mapping[str, Any]:
        """Return what is recorded of the network as it is, by name."""
        f, place = self.outputs(), centres()
        logit = logits(self.output, place)
        found = measured(self.output, logit, place, self.point, self.label, f)
        return found | {"logit": logit, "response": f @ self.kernel_vectors}


@dataclass
class MoonTraining(ClassifiersTraining):
    """Some networks in training; one that is found diverged is not a number from then on."""

    experiment: Moons
    networks: list[MoonNetwork]
    recording: MoonRecording

    def train(self, start: int, stop: int) -> None:
        """Take the steps from `start` up to `stop`."""
        rate, momentum = self.experiment.learning_rate, self.experiment.momentum
        for run in self.unfinished:
            for _ in range(start, stop):
                self.networks[run].step(rate, momentum)
