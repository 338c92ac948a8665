"""Perceptrons in training: a shard shares a training set; its runs are simulated one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln  # type: ignore[import-untyped]

from core.datasets import Source
from core.datasets.perceptron import draw
from core.engine import events
from core.randomness import generator
from core.studies.perceptron.experiment import Perceptron, PerceptronCell
from core.studies.perceptron.recording import End, PerceptronRecording
from core.trajectory import FITTED, STEP_LIMIT

OUTCOMES = {events.FITTED: FITTED, events.LIMIT: STEP_LIMIT}


def begin(experiment: Perceptron, runs: Sequence[int], source: Source, device: str) -> PerceptronTraining:
    """Return some runs of one training set at step 0; on the CPU, and with no files."""
    cells = experiment.cells
    [(chi, count, seed)] = {(cells[run].chi, cells[run].n_train, cells[run].seed) for run in runs}
    x, y = draw(chi, experiment.dimensions, count, seed)
    z = y[:, None] * x / np.sqrt(experiment.dimensions)
    short = z.astype(np.float32)
    return PerceptronTraining(
        experiment=experiment,
        runs=tuple(runs),
        cells=tuple(cells[run] for run in runs),
        z=z,
        gram=short @ short.T,
        log_factorial=gammaln(np.arange(count + 1) + 1.0),
        recording=PerceptronRecording(experiment, runs),
    )


@dataclass
class PerceptronTraining:
    """Some runs in training. A step of the loop is a fraction of the shard, of which every run is as large a part."""

    experiment: Perceptron
    runs: tuple[int, ...]
    cells: tuple[PerceptronCell, ...]  # of `runs`
    z: NDArray[np.float64]  # (point, dimension): y x / sqrt(d)
    gram: NDArray[np.float32]  # (point, point): z z^T
    log_factorial: NDArray[np.float64]  # (point + 1,)
    recording: PerceptronRecording
    done: int = 0

    @property
    def live(self) -> int:
        """How many runs are still to come."""
        return len(self.runs) - self.done

    def advance(self, step: int) -> int:
        """Train the next run to its end and return the fraction of the shard that is done, in steps."""
        run, cell, recording = self.runs[self.done], self.cells[self.done], self.recording
        watched = run < self.experiment.cells_a_seed
        path = np.zeros((len(recording.steps), 3))
        direction = np.zeros((len(path) if watched else 0, self.experiment.dimensions - 1), np.float32)
        outcome, last, moves, unfitted, signal, noise = events.run(
            self.z,
            self.gram,
            self.log_factorial,
            cell.kappa,
            cell.learning_rate,
            cell.batch_size,
            self.experiment.event_limit,
            generator("batch", cell.seed),
            recording.steps,
            path,
            direction,
        )
        if watched:
            recording.moved(self.done, path, direction)
        recording.end(self.done, End(OUTCOMES[outcome], last, moves, unfitted, signal, noise))
        self.done += 1
        return self.experiment.step_limit * self.done // len(self.runs)

    def record(self, step: int) -> bool:
        """Return True: every run that has ended is in the recording."""
        return True
