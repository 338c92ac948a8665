"""Two modes in training: a ReLU network and one layer, under cross-entropy and hinge, from one initialization."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets import Source
from core.studies.modes.experiment import COMPARED, Modes
from core.studies.modes.recording import ModesRecording
from core.studies.modes.theory import SIGNS, Start, start
from core.training.descent import Networks, Points
from core.training.recorded import RecordedTraining
from core.trajectory import FITTED, STEP_LIMIT

Floats = NDArray[np.float64]


def begin(experiment: Modes, runs: Sequence[int], source: Source, device: str) -> ModesTraining:
    """Return the networks of some losses at step 0; on the CPU, and with no files."""
    drawn, losses = start(experiment), tuple(COMPARED[run] for run in runs)
    return ModesTraining(
        experiment=experiment,
        losses=losses,
        start=drawn,
        points=Points(drawn.x, SIGNS, np.array(experiment.shares)),
        models=[
            (Networks.of(drawn.hidden[None], head=drawn.head[None]), Networks.of(head=np.zeros_like(drawn.x[:1])))
            for _ in losses
        ],
        recording=ModesRecording(experiment, losses),
    )


@dataclass
class ModesTraining(RecordedTraining):
    """Some losses in training, each with a network and one layer. All take all their steps: hinge stands still."""

    experiment: Modes
    losses: tuple[str, ...]
    start: Start
    points: Points
    models: list[tuple[Networks, Networks]]  # (run,): as `trajectory.modes.MODELS`
    recording: ModesRecording

    def train(self, start: int, stop: int) -> None:
        """Take the steps from `start` up to `stop`."""
        path = np.empty((stop - start + 1, *self._logits().shape))
        rate = self.experiment.learning_rate
        for at in range(stop - start):
            for run, loss in enumerate(self.losses):
                for model, network in enumerate(self.models[run]):
                    path[at, run, model] = network.step(self.points, loss, rate)[0]
        path[:-1] *= SIGNS
        path[-1] = self._logits()
        self.recording.follow(start, path)

    def record(self, step: int) -> bool:
        """Record every run; at the last step note how each ended."""
        logit = self._logits()
        hidden = np.concatenate([relu.hidden[0] for relu, _ in self.models])
        head = np.concatenate([relu.head for relu, _ in self.models])
        own, out = self.start.along(hidden, head)
        self.recording.write(step, logit=logit, first=own, head=out)
        if step == self.recording.steps[-1]:
            lost = np.asarray(~np.isfinite(logit).all(axis=(1, 2)))
            fitted = (self.recording.arrays["zero_step"][:, 0] >= 0).all(axis=1)
            self.end(step, lost, np.where(fitted, FITTED, STEP_LIMIT))
        return True

    def _logits(self) -> Floats:
        """Return sN, (run, model, mode)."""
        return np.asarray(SIGNS * [[one.logits(self.points.x)[0] for one in pair] for pair in self.models])
