"""ReLU networks on two moons: full-batch gradient descent with momentum, with and without a penalty, in float64."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit  # type: ignore[import-untyped]

from core.datasets import Source
from core.datasets.margin_moons import moons
from core.observables.boundary import crossings, distance, residual
from core.randomness import generator
from core.studies.moons.experiment import Moons
from core.studies.moons.recording import MoonRecording, MoonState
from core.studies.moons.trajectory import COMPONENTS, centres
from core.trajectory import DIVERGED, FITTED, STEP_LIMIT

Floats = NDArray[np.float64]

BLOWN_UP = 1e6
"""A mean |f| beyond this counts as diverged, finite or not."""


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

    def state(self) -> MoonState:
        """Return what is recorded of the network as it is."""
        f, place = self.outputs(), centres()
        across, up = np.meshgrid(place, place)
        logit = self.output(np.column_stack([across.ravel(), up.ravel()])).reshape(across.shape)
        boundary = crossings(logit, place, place, self.output)
        return MoonState(
            logit=logit,
            boundary=boundary,
            residual=residual(boundary, place),
            distance=distance(boundary, place, self.point),
            mean_logit=float(np.abs(f).mean()),
            response=f @ self.kernel_vectors,
            loss=float(np.logaddexp(0, -self.label * f).mean()),
            accuracy=float(np.mean(self.label * f > 0)),
        )


@dataclass
class MoonTraining:
    """Some networks in training; one that is found diverged is not a number from then on."""

    experiment: Moons
    networks: list[MoonNetwork]
    recording: MoonRecording
    step: int = 0

    @property
    def live(self) -> int:
        """How many runs still train."""
        return int(self.recording.unfinished.sum())

    def advance(self, step: int) -> int:
        """Train up to the next recorded step and return it."""
        to = self.recording.after(step)
        rate, momentum = self.experiment.learning_rate, self.experiment.momentum
        with np.errstate(over="ignore", invalid="ignore"):  # a diverging run is found at the next recorded step
            for network in self._unfinished().values():
                for _ in range(step, to):
                    network.step(rate, momentum)
        return to

    def record(self, step: int) -> bool:
        """Record every run that still trains; note those that diverged, and at the last step how the others ended."""
        self.step = step
        ended = np.full(len(self.networks), step >= self.experiment.step_limit)
        outcome = np.full(len(self.networks), STEP_LIMIT)
        with np.errstate(over="ignore", invalid="ignore"):
            for run, network in self._unfinished().items():
                now = network.state()
                if not now.mean_logit < BLOWN_UP:
                    ended[run], outcome[run] = True, DIVERGED
                    continue
                self.recording.write_run(step, run, now)
                if now.accuracy == 1:
                    outcome[run] = FITTED
        self.recording.end(step, ended, outcome)
        return True

    def _unfinished(self) -> dict[int, MoonNetwork]:
        return {run: self.networks[run] for run in np.flatnonzero(self.recording.unfinished).tolist()}
