"""ReLU networks on two moons in ten variants of training: PyTorch's own modules and optimizers, in float32."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from core.datasets import Source
from core.datasets.margin_moons import moons
from core.observables.boundary import logits, measured
from core.randomness import generator
from core.studies.boundaries.experiment import (
    ADAM,
    DECOUPLING,
    DROPOUT,
    LAYERS,
    LEARNING_RATE,
    LONGER,
    MOMENTUM,
    WEIGHT_DECAY,
    Boundaries,
)
from core.studies.boundaries.recording import VariantRecording
from core.studies.boundaries.trajectory import centres
from core.training.classifiers import ClassifiersTraining

Floats = NDArray[np.float64]

TURN = np.array([[1.0, 1.0], [-1.0, 1.0]]) / np.sqrt(2)
"""By which the points, (point, 2), are multiplied in the variant `rotation`: 45 degrees."""


def begin(experiment: Boundaries, runs: Sequence[int], source: Source, device: str) -> VariantTraining:
    """Return the networks of some runs at step 0; on the CPU, and with no files."""
    with torch.inference_mode(False):  # they are trained by autograd
        networks = [VariantNetwork.of(experiment, *experiment.cells[run]) for run in runs]
    return VariantTraining(networks, VariantRecording(experiment, len(networks)))


class Dropout(nn.Module):
    """Dropout whose masks are drawn by a generator of its own: torch's draws from the one that all share."""

    def __init__(self, probability: float, seed: int) -> None:
        super().__init__()
        self.probability = probability
        self.generator = torch.Generator().manual_seed(seed)

    def forward(self, hidden: Tensor) -> Tensor:
        """Return hidden units, each dropped or scaled by 1 / (1 - probability) while in training."""
        if not self.training:
            return hidden
        kept = torch.rand(hidden.shape, generator=self.generator) >= self.probability
        return hidden * kept / (1 - self.probability)


def layers(widths: Sequence[int], rng: np.random.Generator) -> list[nn.Linear]:
    """Return linear layers from each width to the next, weights and biases uniform within 1 / sqrt(fan-in)."""
    made = []
    for fan_in, fan_out in pairwise(widths):
        drawn = rng.uniform(-1, 1, (fan_in + 1, fan_out)) / np.sqrt(fan_in)
        layer = nn.Linear(fan_in, fan_out)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(drawn[:-1].T))
            layer.bias.copy_(torch.from_numpy(drawn[-1]))
        made.append(layer)
    return made


def module(experiment: Boundaries, variant: str, seed: int) -> nn.Sequential:
    """Return the network of a variant, from inputs (point, 2) to logits (point, 1)."""
    deep = variant == "five_layers"
    hidden = [experiment.deep_width] * (LAYERS - 1) if deep else [experiment.width]
    made = layers([2, *hidden, 1], generator("init", seed))
    parts: list[nn.Module] = []
    for layer in made[:-1]:
        parts.append(layer)
        if variant == "batch_norm":
            parts.append(nn.BatchNorm1d(layer.out_features))
        parts.append(nn.ReLU())
        if variant == "dropout":
            parts.append(Dropout(DROPOUT, int(generator("batch", seed).integers(2**62))))
    return nn.Sequential(*parts, made[-1])


@dataclass(eq=False)
class VariantNetwork:
    """A network in one variant of training, its training set and its optimizer."""

    variant: str
    point: Floats  # (sample, 2), not turned
    label: Floats  # (sample,)
    network: nn.Sequential
    optimizer: torch.optim.Optimizer = field(init=False)
    inputs: Tensor = field(init=False)  # (sample, 2)
    sign: Tensor = field(init=False)  # (sample,)

    @classmethod
    def of(cls, experiment: Boundaries, variant: str, seed: int) -> VariantNetwork:
        """Return the network of one run at step 0."""
        point, label = moons(experiment.n_train, experiment.noise, experiment.margin, seed)
        return cls(variant, point, label, module(experiment, variant, seed))

    def __post_init__(self) -> None:
        weights = self.network.parameters()
        if self.variant in ADAM:
            self.optimizer = torch.optim.Adam(weights, lr=ADAM[self.variant])
        else:
            decay = WEIGHT_DECAY if self.variant == "weight_decay" else 0.0
            self.optimizer = torch.optim.SGD(weights, lr=LEARNING_RATE, momentum=MOMENTUM, weight_decay=decay)
        self.inputs = self._seen(self.point)
        self.sign = torch.from_numpy(self.label).float()

    def _seen(self, point: Floats) -> Tensor:
        """Return points as the network is given them, (point, 2)."""
        return torch.from_numpy(point @ TURN if self.variant == "rotation" else point).float()

    def step(self) -> None:
        """Take one step on the whole training set."""
        f = self.network(self.inputs)[:, 0]
        loss = nn.functional.softplus(-self.sign * f).mean()
        if self.variant == "spectral_decoupling":
            loss = loss + DECOUPLING * (f**2).mean()
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()

    def output(self, point: Floats) -> Floats:
        """Return f anywhere as the network predicts it, from (point, 2) to (point,)."""
        self.network.eval()
        with torch.no_grad():
            f = self.network(self._seen(point))[:, 0].double().numpy()
        self.network.train()
        return np.asarray(f)

    def measures(self) -> Mapping[str, Any]:
        """Return what is recorded of the network as it is, by name."""
        place = centres()
        logit = logits(self.output, place)
        return measured(self.output, logit, place, self.point, self.label, self.output(self.point))


@dataclass
class VariantTraining(ClassifiersTraining):
    """Some networks in training; one that is found diverged is not a number from then on."""

    networks: list[VariantNetwork]
    recording: VariantRecording

    def train(self, start: int, stop: int) -> None:
        """Take the steps from `start` up to `stop`."""
        with torch.inference_mode(False), torch.enable_grad():
            for run in self.unfinished:
                network = self.networks[run]
                for _ in range((stop - start) * (LONGER if network.variant == "longer" else 1)):
                    network.step()
