"""Linear models in training: SGD of batch 1 from three initializations, in the n dimensions that it can move in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.batches import CHUNK, batches
from core.datasets import Source
from core.studies.linear_model.experiment import STARTS, LinearModel
from core.studies.linear_model.recording import LinearRecording
from core.studies.linear_model.samples import Samples
from core.studies.linear_model.theory import interpolator, weights
from core.training.recorded import RecordedTraining
from core.trajectory import FITTED, STEP_LIMIT

Floats = NDArray[np.float64]

BLOWN_UP = 1e6
"""A mean loss beyond this counts as diverged, finite or not; no initial loss is above 2."""


def begin(experiment: LinearModel, runs: Sequence[int], source: Source, device: str) -> LinearTraining:
    """Return the models of some seeds at step 0; on the CPU, and with no files."""
    drawn = [Samples.draw(experiment.n, experiment.eta, experiment.seeds[run]) for run in runs]
    s, y, start = np.stack([one.s for one in drawn]), np.stack([one.y for one in drawn]), np.array(STARTS)
    gram, ends = np.empty((len(runs), experiment.n, experiment.n)), []
    ratios = experiment.every_ratio
    for row, samples in enumerate(drawn):
        every = samples.grams(map(experiment.dimensions, ratios), experiment.sigma)
        for ratio, noise in zip(ratios, every, strict=True):
            ends.append(interpolator(noise, s[row], y[row], start))
            if ratio == experiment.d_over_n:
                gram[row] = noise
    end = np.array(ends).reshape(len(runs), len(ratios), 2, len(start))
    chunks = -(-experiment.step_limit // CHUNK)
    streams = [batches(experiment.n, 1, samples.seed) for samples in drawn]
    return LinearTraining(
        experiment=experiment,
        s=s,
        y=y,
        gram=gram,
        kernel=gram + s[:, :, None] * s[:, None, :],
        order=np.hstack([np.concatenate([next(stream) for _ in range(chunks)]) for stream in streams]),
        residual=start[None, :, None] * s[:, None] - y[:, None],
        pull=np.zeros((len(runs), len(start), experiment.n)),
        recording=LinearRecording(experiment, end[:, :, 0], end[:, :, 1]),
    )


@dataclass
class LinearTraining(RecordedTraining):
    """Some seeds in training, each from every initialization: w = w_0 + X^T c, of which c and the residual are kept.

    A step on sample i with the learning rate g is c_i -= g r_i and r -= g r_i (X X^T)_i, where r = X w - y. Seeds take
    all their steps; one that is found diverged is not a number from then on.
    """

    experiment: LinearModel
    s: Floats  # (run, sample)
    y: Floats  # (run, sample)
    gram: Floats  # (run, sample, sample): Z Z^T
    kernel: Floats  # (run, sample, sample): X X^T
    order: NDArray[np.int64]  # (step, run): the sample of every step
    residual: Floats  # (run, start, sample): X w - y
    pull: Floats  # (run, start, sample): c
    recording: LinearRecording

    def train(self, start: int, stop: int) -> None:
        """Take the steps from `start` up to `stop`."""
        run, rate = np.arange(len(self.residual)), self.experiment.learning_rate
        for sample in self.order[start:stop]:
            move = rate * self.residual[run, :, sample]  # (run, start)
            self.pull[run, :, sample] -= move
            self.residual -= move[:, :, None] * self.kernel[run, sample][:, None]

    def record(self, step: int) -> bool:
        """Record every seed; note those that diverged, and at the last step how the others ended."""
        with np.errstate(over="ignore", invalid="ignore"):
            loss = np.mean(self.residual**2 / 2, axis=2)  # (run, start)
            lost = ~(loss.max(axis=1) < BLOWN_UP)
            self.residual[lost] = np.nan
            loss[lost] = np.nan
            self.pull[lost] = np.nan
            signal, noise = weights(self.gram, self.s, np.array(STARTS), self.pull)
        accuracy = self._train_accuracy()
        self.recording.write(step, signal=signal, noise=noise, loss=loss, train_accuracy=accuracy)
        self.end(step, lost, np.where(accuracy.min(axis=1) == 1, FITTED, STEP_LIMIT))
        return True

    def _train_accuracy(self) -> Floats:
        """Return the share of training points on the side of their noisy label, (run, start); f = 0 counts half."""
        label = self.y[:, None]
        margin = (self.residual + label) * label
        right = np.mean((margin > 0) + 0.5 * (margin == 0), axis=2)
        return np.where(np.isnan(margin).any(axis=2), np.nan, right)
