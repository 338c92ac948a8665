"""Networks on a spurious brightness cue, with and without Spectral Decoupling: full-batch gradient descent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit  # type: ignore[import-untyped]

from core.datasets import Source
from core.randomness import generator
from core.studies.shades.digits import ShadedDigits
from core.studies.shades.experiment import PENALTIES, SHADES, Shades
from core.studies.shades.recording import ShadeRecording
from core.training.recorded import RecordedTraining
from core.trajectory import FITTED, STEP_LIMIT

Floats = NDArray[np.float32]


def begin(experiment: Shades, runs: Sequence[int], source: Source, device: str) -> ShadeTraining:
    """Return the networks of some seeds at step 0; on the CPU, and with no files but scikit-learn's."""
    drawn = [(seed, ShadedDigits.draw(experiment, seed)) for seed in (experiment.seeds[run] for run in runs)]
    return ShadeTraining(
        experiment=experiment,
        networks=[
            _network(experiment, seed, digits, p, penalty)
            for seed, digits in drawn
            for p in experiment.p
            for penalty in PENALTIES
        ],
        tests=[[digits.test_inputs(way * experiment.shade) for way in SHADES.values()] for _, digits in drawn],
        recording=ShadeRecording(experiment, len(runs)),
    )


@dataclass(eq=False)
class ShadeNetwork:
    """f(x) = a . max(0, W x) on its own training images, stepped in place; x has a constant input."""

    first: Floats  # W, (unit, pixel + 1)
    head: Floats  # a, (unit,)
    inputs: Floats  # (image, pixel + 1)
    sign: Floats  # (image,)
    test_sign: Floats  # (test image,)
    coefficient: float  # of Spectral Decoupling

    def logits(self, inputs: Floats) -> Floats:
        """Return f, (image,)."""
        return np.asarray(np.maximum(inputs @ self.first.T, 0) @ self.head)

    def step(self, rate: float) -> None:
        """Take a step on mean log(1 + exp(-y f)) + coefficient * mean f^2."""
        hidden = np.maximum(self.inputs @ self.first.T, 0)
        logit = hidden @ self.head
        pull = (self.sign * expit(-self.sign * logit) - 2 * self.coefficient * logit) / len(logit)
        back = (pull[:, None] * self.head) * (hidden > 0)  # (image, unit)
        self.head += rate * (pull @ hidden)
        self.first += rate * (back.T @ self.inputs)

    def loss(self) -> tuple[float, float]:
        """Return the mean cross-entropy on the training images, and the share of them that are right."""
        margin = (self.sign * self.logits(self.inputs)).astype(np.float64)
        return float(np.logaddexp(0, -margin).mean()), _right(margin)

    def right(self, inputs: Floats) -> float:
        """Return the share of test images that are right."""
        return _right(self.test_sign * self.logits(inputs))


def _right(margin: NDArray[np.floating]) -> float:
    """Return the share of positive margins, 0 counting half; NaN if one is not a number."""
    return float(np.mean((margin > 0) + 0.5 * (margin == 0))) if np.isfinite(margin).all() else float("nan")


def _network(experiment: Shades, seed: int, digits: ShadedDigits, p: float, penalty: str) -> ShadeNetwork:
    """Return a network of He et al.'s start (1502.01852); those of a seed start alike."""
    draw, dim = generator("init", seed), digits.train.shape[1] + 1
    return ShadeNetwork(
        first=(draw.standard_normal((experiment.width, dim)) * np.sqrt(2 / dim)).astype(np.float32),
        head=(draw.standard_normal(experiment.width) / np.sqrt(experiment.width)).astype(np.float32),
        inputs=digits.training_inputs(p, experiment.shade),
        sign=digits.train_sign,
        test_sign=digits.test_sign,
        coefficient=experiment.coefficient if penalty == "spectral_decoupling" else 0.0,
    )


@dataclass
class ShadeTraining(RecordedTraining):
    """Some seeds in training, each at every p and under both penalties; all take all their steps."""

    experiment: Shades
    networks: list[ShadeNetwork]  # run by run, then p, then penalty
    tests: list[list[Floats]]  # by run and shade: (test image, pixel + 1)
    recording: ShadeRecording

    def train(self, start: int, stop: int) -> None:
        """Take the steps from `start` up to `stop`."""
        for network in self.networks:
            for _ in range(start, stop):
                network.step(self.experiment.learning_rate)

    def record(self, step: int) -> bool:
        """Record every seed; note those with a network that diverged, and at the last step how the others ended."""
        a_run = len(self.experiment.p) * len(PENALTIES)
        shape = (len(self.tests), len(self.experiment.p), len(PENALTIES))
        with np.errstate(over="ignore", invalid="ignore"):
            found = np.array([network.loss() for network in self.networks])
            right = [
                [network.right(inputs) for inputs in self.tests[number // a_run]]
                for number, network in enumerate(self.networks)
            ]
        accuracy = np.array(right).reshape(*shape, len(SHADES))
        loss, train = (found[:, column].reshape(shape) for column in (0, 1))
        self.recording.write(step, accuracy=accuracy, train_accuracy=train, loss=loss)
        lost = ~np.isfinite(loss).all(axis=(1, 2))
        self.end(step, lost, np.where(train.min(axis=(1, 2)) == 1, FITTED, STEP_LIMIT))
        return True
