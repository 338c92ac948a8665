"""Three models in training on a frequent feature and a rare one: full-batch gradient descent on real networks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.datasets import Source
from core.randomness import generator
from core.studies.starvation.experiment import Starvation
from core.studies.starvation.recording import StarvationRecording
from core.studies.starvation.theory import Mixture, level, mixture
from core.training.descent import Networks, Points
from core.training.recorded import RecordedTraining
from core.trajectory import FITTED, STEP_LIMIT

Floats = NDArray[np.float64]
Kind = TypeVar("Kind", bound=np.generic)

BLOWN_UP = 1e6
"""A logit beyond this counts as diverged."""


def begin(experiment: Starvation, runs: Sequence[int], source: Source, device: str) -> StarvationTraining:
    """Return the models of some seeds at step 0; on the CPU, and with no files."""
    mixed = mixture(experiment.frequencies, experiment.alone, experiment.strong_norm, experiment.weak_norm)
    seeds = [experiment.seeds[run] for run in runs]
    cases = len(seeds) * len(experiment.frequencies)
    strong, weak = experiment.strong_norm, experiment.weak_norm
    return StarvationTraining(
        experiment=experiment,
        points=Points(
            x=np.array([[strong, 0.0], [0.0, weak], [strong, weak]]),
            sign=np.ones(3),
            share=np.tile(mixed.share.T, (len(seeds), 1)),
        ),
        networks=(
            Networks.of(head=np.zeros((cases, 2))),
            _private([_pools(experiment, seed) for seed in seeds], len(experiment.frequencies)),
            _shared([_neurons(experiment, mixed, seed) for seed in seeds]),
        ),
        level=level(experiment.loss, experiment.delta),
        recording=StarvationRecording(experiment, len(runs)),
    )


def _pools(experiment: Starvation, seed: int) -> tuple[Floats, Floats]:
    """Return balanced neurons, (unit, 2) and (unit,): half of them on each feature, whose logits are `start`."""
    drawn = generator("init", seed).exponential(size=experiment.width)
    hidden = np.zeros((experiment.width, 2))
    half = experiment.width // 2
    for feature, (own, norm) in enumerate(
        ((slice(None, half), experiment.strong_norm), (slice(half, None), experiment.weak_norm))
    ):
        hidden[own, feature] = np.sqrt(experiment.start / norm * drawn[own] / drawn[own].sum())
    return hidden, hidden.sum(axis=1)


def _private(drawn: Sequence[tuple[Floats, Floats]], frequencies: int) -> Networks:
    """Return the two-layer networks whose neurons see one feature only; weights on the other are held at 0."""
    hidden = np.stack([one for one, _ in drawn for _ in range(frequencies)])
    head = np.stack([one for _, one in drawn for _ in range(frequencies)])
    return Networks([hidden], head, [(hidden != 0).astype(np.float64)])


def _neurons(experiment: Starvation, mixed: Mixture, seed: int) -> tuple[Floats, Floats]:
    """Return normal weights, (frequency, unit, 2) and (frequency, unit), so large that they begin as the theory does.

    On neurons that are on, (w.m + a) / 2 grows and (w.m - a) / 2 shrinks, m being the direction of the mean sample; the
    sum of the first ones' squares is `shared_start`. Few neurons may happen to have none that grows: they never learn.
    """
    draw = generator("init", seed)
    w, a = draw.standard_normal((experiment.width, 2)), draw.standard_normal(experiment.width)
    mean = mixed.norm * (mixed.share[:2] + mixed.share[2])  # (2, frequency)
    along = w @ (mean / np.sqrt((mean**2).sum(axis=0)))  # (unit, frequency)
    growing = np.where((along > 0) & (along > -a[:, None]), (along + a[:, None]) / 2, 0)
    size = (growing**2).sum(axis=0)
    scale = np.sqrt(experiment.shared_start / np.where(size > 0, size, experiment.width))
    return scale[:, None, None] * w, scale[:, None] * a


def _shared(drawn: Sequence[tuple[Floats, Floats]]) -> Networks:
    """Return the two-layer networks whose neurons see both features."""
    return Networks.of(np.concatenate([one for one, _ in drawn]), head=np.concatenate([one for _, one in drawn]))


@dataclass
class StarvationTraining(RecordedTraining):
    """Some seeds in training, each in every model at every frequency; all take all their steps.

    A run is found diverged when a logit is beyond `BLOWN_UP` or no number, and is not a number from then on.
    """

    experiment: Starvation
    points: Points
    networks: tuple[Networks, ...]  # (run x frequency) networks a model
    level: float
    recording: StarvationRecording

    def train(self, start: int, stop: int) -> None:
        """Take the steps from `start` up to `stop`."""
        rate = self.experiment.learning_rate
        for model, networks in enumerate(self.networks):
            for now in range(start, stop):
                self._note(model, now, networks.step(self.points, self.experiment.loss, rate))

    def record(self, step: int) -> bool:
        """Record every seed; note those that diverged, and at the last step how the others ended."""
        with np.errstate(over="ignore", invalid="ignore"):
            logits = [networks.logits(self.points.x) for networks in self.networks]
        for model, logit in enumerate(logits):
            self._note(model, step, logit)
        found = np.stack([self._by_run(logit) for logit in logits], axis=1)  # (run, model, frequency, point)
        lost = ~(np.abs(found).max(axis=(1, 2, 3)) < BLOWN_UP)
        found[lost] = np.nan
        self.recording.write(step, logit=found[..., :2])
        stopped = np.isfinite(self.recording.arrays["stop_time"]).all(axis=(1, 2))
        self.end(step, lost, np.where(stopped, FITTED, STEP_LIMIT))
        return True

    def _note(self, model: int, step: int, logit: Floats) -> None:
        """Note which networks of a model have learned all samples with the strong feature, logit (network, point)."""
        arrays, time = self.recording.arrays, step * self.experiment.learning_rate
        learned = logit >= self.level
        waiting = np.isnan(arrays["stop_time"][:, model])
        if waiting.any():
            there = (learned | (self.points.share == 0))[:, [0, 2]].all(axis=1).reshape(waiting.shape) & waiting
            if there.any():
                self.recording.stop(model, time, self._by_run(logit)[..., :2], there)
        fresh = self._by_run(learned)[..., :2] & np.isnan(arrays["reached"][:, model])
        if fresh.any():
            self.recording.reach(model, time, fresh)

    def _by_run(self, values: NDArray[Kind]) -> NDArray[Kind]:
        """Return (run, frequency, point) of (network, point)."""
        return values.reshape(-1, len(self.experiment.frequencies), values.shape[-1])
