"""Neurons in training from every place of a grid, small networks of one class, and samples that two classes share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.datasets import Source
from core.randomness import generator
from core.studies.basin.experiment import LONE, NETWORKS, WIDTHS, Basin
from core.studies.basin.recording import BasinRecording
from core.studies.basin.theory import WILL_DIE, fate
from core.studies.basin.trajectory import DEAD, DIED, LEARNED, coordinates, directions, drawn, starts
from core.training.descent import Networks, Points
from core.training.recorded import RecordedTraining
from core.trajectory import FITTED, STEP_LIMIT

Indices = NDArray[np.int64]


def begin(experiment: Basin, runs: Sequence[int], source: Source, device: str) -> BasinTraining:
    """Return all neurons at step 0; `runs` are all runs, on the CPU, and there are no files."""
    signs, shares = np.array([1.0, -1.0]), np.array([experiment.share, 1 - experiment.share])
    weights = [drawn(experiment, seed) for seed in experiment.seeds]
    first, head = np.stack([one for one, _ in weights]), np.stack([one for _, one in weights])
    samples = [
        (Networks.of(first, head=head), Points(experiment.norm * directions(cosine), signs, shares))
        for cosine in experiment.cosines
    ]
    recording = BasinRecording(
        experiment, np.concatenate([coordinates(first, head, cosine) for cosine in experiment.cosines])
    )
    both = zip(experiment.cosines, samples, strict=True)
    lone = [(_lone(experiment, cosine), points) for cosine, (_, points) in both]
    training = BasinTraining(experiment, recording, _map(experiment), _networks(experiment), samples, lone)
    training.leave(0, dead=True)
    return training


def _map(experiment: Basin) -> Pool:
    """Return the grid's neurons, row by row."""
    y, z = (part.reshape(-1) for part in np.meshgrid(starts(experiment), starts(experiment), indexing="ij"))
    return Pool(Networks.of(y[:, None, None], head=z[:, None]), np.arange(len(y)))


def _networks(experiment: Basin) -> Pool:
    """Return `NETWORKS` networks of each of `WIDTHS`, in that order; narrower ones have neurons of weight 0."""
    normal = generator("init", min(experiment.seeds)).standard_normal((len(WIDTHS) * NETWORKS, max(WIDTHS), 2))
    there = np.arange(max(WIDTHS)) < np.repeat(WIDTHS, NETWORKS)[:, None]
    y, z = experiment.sigma_y * normal[:, :, 0] * there, experiment.sigma_z * normal[:, :, 1] * there
    return Pool(Networks.of(y[:, :, None], head=z), np.arange(len(y)))


def _lone(experiment: Basin, cosine: float) -> Networks:
    """Return the neurons, a network each, that will die in class +1 and are inactive on class -1, of `LONE` drawn."""
    normal = generator("init", min(experiment.seeds)).standard_normal((LONE, 3))
    hidden, head = experiment.sigma_y * normal[:, None, :2], experiment.sigma_z * normal[:, 2:]
    z, y, other = np.moveaxis(coordinates(hidden, head, cosine)[:, 0], -1, 0)
    chosen = (fate(z, y) == WILL_DIE) & (other <= 0)
    return Networks.of(hidden[chosen], head=head[chosen])


@dataclass
class Pool:
    """Networks that see class +1 only; those that are decided leave it."""

    networks: Networks
    number: Indices  # (run,): of those that are left

    def leave(self, gone: NDArray[np.bool_]) -> None:
        """Let go of networks, (run,)."""
        if gone.any():
            kept = [layer[~gone] for layer in self.networks.hidden]
            self.networks = Networks.of(*kept, head=self.networks.head[~gone])
            self.number = self.number[~gone]


@dataclass
class BasinTraining(RecordedTraining):
    """All that the experiment trains, in step. Networks that see one class end when they are decided."""

    experiment: Basin
    recording: BasinRecording
    neurons: Pool
    networks: Pool
    samples: list[tuple[Networks, Points]]  # one a cosine, its runs the seeds
    lone: list[tuple[Networks, Points]]  # one a cosine
    own: Points = field(init=False)

    def __post_init__(self) -> None:
        self.own = Points(np.array([[self.experiment.norm]]), np.ones(1), np.array([self.experiment.share]))

    def train(self, start: int, stop: int) -> None:
        """Take the steps from `start` up to `stop`."""
        rate, loss = self.experiment.learning_rate, self.experiment.loss
        for now in range(start + 1, stop + 1):
            for pool in (self.neurons, self.networks):
                if len(pool.number):
                    pool.networks.step(self.own, loss, rate)
            for networks, points in (*self.samples, *self.lone):
                networks.step(points, loss, rate)
            self.leave(now)

    def leave(self, step: int, *, dead: bool = False) -> None:
        """Note which neurons and networks are decided after a step, and step those no more.

        A neuron with y <= 0 has died, or with `dead`, that is before the first step, was inactive: its gradient is 0.
        """
        pool = self.neurons
        if len(pool.number):
            learned = pool.networks.logits(self.own.x)[:, 0] >= self.experiment.target
            off = pool.networks.hidden[0][:, 0, 0] <= 0
            self.recording.decided(pool.number[learned], LEARNED, step)
            self.recording.decided(pool.number[off], DEAD if dead else DIED, -1 if dead else step)
            pool.leave(learned | off)
        pool = self.networks
        if len(pool.number):
            learned = pool.networks.logits(self.own.x)[:, 0] >= self.experiment.target
            off = np.all(pool.networks.hidden[0][:, :, 0] <= 0, axis=1)
            width = pool.number[learned] // NETWORKS
            self.recording.arrays["learned"] += np.bincount(width, minlength=len(WIDTHS)).astype(np.int32)
            pool.leave(learned | off)

    def record(self, step: int) -> bool:
        """Record the samples; at the last step, how they ended."""
        now, logit = [], []
        for cosine, (networks, points) in zip(self.experiment.cosines, self.samples, strict=True):
            now.append(coordinates(networks.hidden[0], networks.head, cosine))
            logit.append(points.sign * networks.logits(points.x))
        margin = np.concatenate(logit)
        self.recording.write_samples(step, np.concatenate(now), margin)
        if step == self.experiment.step_limit:
            self.recording.arrays["alone"][:] = [
                _endings(networks, cosine)
                for cosine, (networks, _) in zip(self.experiment.cosines, self.lone, strict=True)
            ]
            learned = np.all(margin >= self.experiment.target, axis=1)
            self.end(step, np.zeros_like(learned), np.where(learned, FITTED, STEP_LIMIT))
        return True


def _endings(networks: Networks, cosine: float) -> list[int]:
    """Return how many lone neurons are active on class +1 still, died, or are reactivated: on class -1, with z < 0."""
    z, y, other = np.moveaxis(coordinates(networks.hidden[0], networks.head, cosine)[:, 0], -1, 0)
    off, serves = y <= 0, (other > 0) & (z < 0)
    return [int((~off).sum()), int((off & ~serves).sum()), int((off & serves).sum())]
