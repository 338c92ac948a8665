"""Networks of infinite width on polynomial regression, and neurons beside their own closed form for the first steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.datasets import Source
from core.observables.kernels import alignment, relative_change
from core.randomness import generator
from core.recording import AllStepsRecording
from core.studies.polynomial.experiment import Polynomial
from core.studies.polynomial.theory import (
    TARGET_POWER,
    Floats,
    State,
    Task,
    infinite,
    kernel,
    neurons_output,
    neurons_step,
    output,
    state_of,
    step,
    test_loss,
)
from core.studies.polynomial.trajectory import MEASURES, PolynomialTrajectory
from core.training.one_by_one import OneByOneTraining

BLOWN_UP = 1e6
"""A loss beyond so many times E y^2 counts as diverged, finite or not."""
COMPARED_STEPS = 300
"""For so many steps neurons are trained, too."""


def begin(experiment: Polynomial, runs: Sequence[int], source: Source, device: str) -> PolynomialTraining:
    """Return the networks of some output scales at step 0; on the CPU, and with no files."""
    d, draws = experiment.dimension, generator("data", experiment.seed)
    beta = draws.standard_normal(d)
    task = Task(draws.standard_normal((experiment.n_train, d)) / d**0.5, beta * (d / (beta @ beta)) ** 0.5)
    weights = generator("init", experiment.seed).standard_normal((experiment.width, d))
    return PolynomialTraining(
        experiment=experiment,
        task=task,
        alphas=[experiment.alphas[run] for run in runs],
        closed=[infinite(d)] * len(runs),
        own=[state_of(weights)] * len(runs),
        neurons=[weights] * len(runs),
        weights=weights,
        recording=PolynomialRecording(experiment, len(runs)),
    )


class PolynomialRecording(AllStepsRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: Polynomial, runs: int) -> None:
        super().__init__(PolynomialTrajectory, experiment, runs)
        self.arrays |= {name: np.full((len(self.steps), runs), np.nan, np.float32) for name in MEASURES}


@dataclass(eq=False)
class PolynomialTraining(OneByOneTraining):
    """Networks in training."""

    experiment: Polynomial
    task: Task
    alphas: list[float]
    closed: list[State]  # of infinite width
    own: list[State]  # the closed form from the neurons' weights
    neurons: list[Floats]  # (neuron, dim) each
    weights: Floats  # of the neurons at step 0
    recording: PolynomialRecording

    def train(self, start: int, stop: int) -> None:
        """Take the steps from `start` up to `stop`."""
        for run in self.unfinished:
            for at in range(start, stop):
                self._step(run, compared=at < COMPARED_STEPS)

    def _step(self, run: int, *, compared: bool) -> None:
        alpha, epsilon, task = self.alphas[run], self.experiment.epsilon, self.task
        size = 2 * self.experiment.step_size(alpha) / alpha
        start = infinite(self.experiment.dimension)
        gap = output(task.x, self.closed[run], start, alpha, epsilon) - task.y
        self.closed[run] = step(task, self.closed[run], gap, size, epsilon)
        if compared:
            self.neurons[run], self.own[run] = (
                neurons_step(task, self.neurons[run], self._neurons(run) - task.y, size, epsilon),
                step(task, self.own[run], self._own(run) - task.y, size, epsilon),
            )

    def _neurons(self, run: int) -> Floats:
        """Return F of the neurons at the training points."""
        now, before = (
            neurons_output(self.task.x, weights, self.alphas[run], self.experiment.epsilon)
            for weights in (self.neurons[run], self.weights)
        )
        return now - before

    def _own(self, run: int) -> Floats:
        """Return F of the closed form that begins as the neurons do."""
        return output(self.task.x, self.own[run], state_of(self.weights), self.alphas[run], self.experiment.epsilon)

    def most(self, first: float) -> float:
        """Return the loss, in units of that of f = 0, from which on a run counts as diverged."""
        return BLOWN_UP

    def measure(self, run: int, step: int) -> Mapping[str, Any]:
        """Return what is measured of a run (`trajectory.MEASURES`)."""
        alpha, epsilon, task, now = self.alphas[run], self.experiment.epsilon, self.task, self.closed[run]
        start = infinite(self.experiment.dimension)
        gap = output(task.x, now, start, alpha, epsilon) - task.y
        found = {"train_loss": float((gap**2).mean() / TARGET_POWER)}
        if not found["train_loss"] < BLOWN_UP:
            return found
        parts = test_loss(task, now, start, alpha, epsilon)
        kernels = [kernel(task.x, state, epsilon) for state in (start, now)]
        grown = now.second - start.second
        size = float(np.linalg.norm(grown) * (task.beta @ task.beta))
        found |= {
            **{name: part / TARGET_POWER for name, part in zip(MEASURES[1:4], parts, strict=True)},
            "alignment": alignment(kernels[1], task.y[:, None]),
            "kernel_change": relative_change(kernels[1], kernels[0]),
            "overlap": float(task.beta @ grown @ task.beta) / size if size > 0 else np.nan,
        }
        if step <= COMPARED_STEPS:
            neurons = self._neurons(run)
            found["neurons_loss"] = float(((neurons - task.y) ** 2).mean() / TARGET_POWER)
            found["difference"] = float(np.abs(neurons - self._own(run)).max())
        return found
