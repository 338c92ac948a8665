"""A tanh network that trains up to the edge of stability, and copies of it that are followed from there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.curvature import COLD, NOISE, WARM, Networks, top, uniform_layers
from core.datasets import Source
from core.randomness import generator
from core.studies.stabilization.experiment import APPROACH, CHECKED, Stabilization
from core.studies.stabilization.recording import StabilizationRecording
from core.training.all_steps import AllStepsTraining

Floats = NDArray[Any]


def begin(experiment: Stabilization, runs: Sequence[int], source: Source, device: str) -> StabilizationTraining:
    """Return the networks of some runs at the edge of stability; on the CPU, and with no files."""
    x = np.linspace(-1, 1, experiment.n)
    y = np.cos(experiment.degree * np.arccos(x))
    first = uniform_layers((1, *experiment.widths, 1), generator("init", experiment.seed))
    network = Networks(x[:, None], y[:, None], [layer[None] for layer in first])
    crossed, vector = approached(network, experiment)
    layers = [np.repeat(layer, len(runs), axis=0) for layer in network.layers]
    return StabilizationTraining(
        networks=Networks(network.x, network.y, layers),
        rate=np.full(len(runs), experiment.rate),
        recording=StabilizationRecording(experiment, len(runs), crossed),
        top=np.repeat(vector, len(runs), axis=0),
        sizes=np.array([experiment.noises[run] for run in runs]),
        noise=generator("noise", experiment.seed),
    )


def approached(network: Networks, experiment: Stabilization) -> tuple[int, Floats]:
    """Train a network in place until eta S > 2; return the step, -1 if it is none, and the eigenvector (1, parameter).

    A network that diverges on the way is left as it is.
    """
    rate, draws = np.array([experiment.rate]), generator("noise", experiment.seed)
    vector = draws.standard_normal((1, sum(layer[0].size for layer in network.layers)))
    for step in range(0, APPROACH, CHECKED):
        warm = vector + NOISE * draws.standard_normal(vector.shape)
        sharpness, vector = top(network.hessian(), warm, WARM if step else COLD)
        if experiment.rate * sharpness[0] > 2:
            return step, top(network.hessian(), vector, COLD)[1]
        for _ in range(CHECKED):
            network.step(rate)
    return -1, vector


@dataclass(eq=False, kw_only=True)
class StabilizationTraining(AllStepsTraining):
    """The networks in training."""

    networks: Networks
    recording: StabilizationRecording
    top: Floats  # (run, parameter): the eigenvector of each sharpness, its sign kept
    sizes: Floats  # (run,): the noise of a weight at every step
    noise: np.random.Generator

    def take(self, step: int) -> None:
        """Take one step, and add the noise."""
        super().take(step)
        for layer in self.networks.layers:
            layer += self.sizes[:, None, None] * self.noise.standard_normal(layer.shape[1:])

    def measure(self, step: int) -> Mapping[str, Floats]:
        """Return sharpness and displacement of every network.

        The eigenvector of the step before is the start, without noise: what is orthogonal to it in the gradient is far
        larger than x.
        """
        sharpness, vector = top(self.networks.hessian(), self.top, WARM)
        self.top = vector * np.where((vector * self.top).sum(axis=1, keepdims=True) < 0, -1, 1)
        along = (self.top * self.networks.gradient()).sum(axis=1)
        return {"sharpness": sharpness, "displacement": along / np.where(sharpness > 0, sharpness, np.nan)}
