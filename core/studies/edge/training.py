"""tanh networks in full-batch gradient descent, and the sharpness of their loss by Hessian-vector products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.curvature import COLD, NOISE, WARM, Networks, top
from core.datasets import Source
from core.randomness import generator
from core.studies.edge.experiment import Edge
from core.studies.edge.recording import EdgeRecording
from core.training.all_steps import AllStepsTraining

Floats = NDArray[np.float64]


def begin(experiment: Edge, runs: Sequence[int], source: Source, device: str) -> EdgeTraining:
    """Return the networks of some learning rates at step 0; on the CPU, and with no files."""
    x = np.linspace(-1, 1, experiment.n)
    sizes, draws, layers = (1, *experiment.widths, 1), generator("init", experiment.seed), []
    for fan_in, fan_out in pairwise(sizes):
        layer = draws.uniform(-1, 1, (fan_out, fan_in + 1)) / np.sqrt(fan_in)
        layers.append(np.repeat(layer[None], len(runs), axis=0))
    networks = Networks(x[:, None], np.cos(experiment.degree * np.arccos(x))[:, None], layers)
    rate = np.array([experiment.rates[run] for run in runs])
    noise = generator("noise", experiment.seed)
    parameters = sum(layer[0].size for layer in layers)
    first = np.repeat(noise.standard_normal((1, parameters)), len(runs), axis=0)
    recording = EdgeRecording(experiment, len(runs))
    return EdgeTraining(networks=networks, rate=rate, recording=recording, top=first, noise=noise)


@dataclass(eq=False, kw_only=True)
class EdgeTraining(AllStepsTraining):
    """The networks in training."""

    networks: Networks
    recording: EdgeRecording
    top: Floats  # (run, parameter): the first eigenvector of each Hessian, about
    noise: np.random.Generator

    def measure(self, step: int) -> Mapping[str, Floats]:
        """Return the sharpness of every network."""
        warm = self.top + NOISE * self.noise.standard_normal(self.top.shape[1])
        sharpness, self.top = top(self.networks.hessian(), warm, WARM if step else COLD)
        self.recording.cross(step, self.rate * sharpness)
        return {"sharpness": sharpness}
