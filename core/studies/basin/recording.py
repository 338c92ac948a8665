"""What is kept of neurons while they train: how each start of the grid ended, and the clouds snapshot by snapshot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.studies.basin.experiment import WIDTHS, Basin
from core.studies.basin.trajectory import NOT_YET, snapshots
from core.trajectory import FITTED, STEP_LIMIT, UNFINISHED, Array

Floats = NDArray[np.float64]


class BasinRecording:
    """The arrays of the one shard (see `trajectory.AXES`)."""

    def __init__(self, experiment: Basin, start: Floats) -> None:
        """Begin; `start` is (run, neuron, coordinate)."""
        self.steps = snapshots(experiment)
        self.seeds, cosines = len(experiment.seeds), len(experiment.cosines)
        grid = (experiment.grid, experiment.grid)
        self.arrays: dict[str, Array] = {
            "map_end": np.full(grid, NOT_YET, np.int8),
            "map_step": np.full(grid, -1, np.int32),
            "learned": np.zeros(len(WIDTHS), np.int32),
            "alone": np.zeros((cosines, 3), np.int32),
            "cloud": np.full((len(self.steps), cosines, *start.shape[1:]), np.nan, np.float32),
            "cloud_logit": np.full((len(self.steps), cosines, 2), np.nan),
            "cloud_start": start,
            "cloud_end": start.copy(),
            "outcome": np.full(len(start), UNFINISHED, np.int8),
            "end_step": np.zeros(len(start), np.int32),
        }

    @property
    def unfinished(self) -> int:
        """How many clouds still train."""
        return int((self.arrays["outcome"] == UNFINISHED).sum())

    def decided(self, cells: NDArray[np.int64], end: int, step: int) -> None:
        """Note how the neurons of some cells of the grid, numbered row by row, ended."""
        self.arrays["map_end"].flat[cells] = end
        self.arrays["map_step"].flat[cells] = step

    def write(self, step: int, now: Floats, logit: Floats) -> None:
        """Keep the clouds at a recorded step: (run, neuron, coordinate), and s N, (run, class)."""
        at = int(np.searchsorted(self.steps, step))
        self.arrays["cloud"][at] = now[:: self.seeds]
        self.arrays["cloud_logit"][at] = logit[:: self.seeds]
        self.arrays["cloud_end"][:] = now

    def end(self, step: int, fitted: NDArray[np.bool_]) -> None:
        """Note that all clouds ended, (run,)."""
        self.arrays["outcome"][:] = np.where(fitted, FITTED, STEP_LIMIT)
        self.arrays["end_step"][:] = step
