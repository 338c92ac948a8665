"""What is recorded of neurons in training: how each on the grid ended, and the samples snapshot by snapshot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.recording import AllStepsRecording
from core.studies.basin.experiment import WIDTHS, Basin
from core.studies.basin.trajectory import NOT_YET, BasinTrajectory

Floats = NDArray[np.float64]


class BasinRecording(AllStepsRecording):
    """The arrays of all runs, which are samples of neurons (see `trajectory.AXES`)."""

    def __init__(self, experiment: Basin, start: Floats) -> None:
        """Begin; `start` is (run, neuron, coordinate)."""
        super().__init__(BasinTrajectory, experiment, len(start))
        self.seeds, cosines = len(experiment.seeds), len(experiment.cosines)
        grid = (experiment.grid, experiment.grid)
        self.arrays |= {
            "map_end": np.full(grid, NOT_YET, np.int8),
            "map_step": np.full(grid, -1, np.int32),
            "learned": np.zeros(len(WIDTHS), np.int32),
            "alone": np.zeros((cosines, 3), np.int32),
            "cloud": np.full((len(self.steps), cosines, *start.shape[1:]), np.nan, np.float32),
            "cloud_logit": np.full((len(self.steps), cosines, 2), np.nan),
            "cloud_start": start,
            "cloud_end": start.copy(),
        }

    def decided(self, cells: NDArray[np.int64], end: int, step: int) -> None:
        """Note how the neurons of some cells of the grid, numbered row by row, ended."""
        self.arrays["map_end"].flat[cells] = end
        self.arrays["map_step"].flat[cells] = step

    def write_samples(self, step: int, now: Floats, logit: Floats) -> None:
        """Record the samples at a recorded step: (run, neuron, coordinate), and s N, (run, class)."""
        self.write(step, cloud=now[:: self.seeds], cloud_logit=logit[:: self.seeds])
        self.arrays["cloud_end"][:] = now
