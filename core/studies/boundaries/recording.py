"""What is kept of a network on two moons while it trains: the decision boundary and its measures."""

from __future__ import annotations

import numpy as np

from core.observables.boundary import MEASURES
from core.recording import AllStepsRecording
from core.studies.boundaries.experiment import Boundaries
from core.studies.boundaries.trajectory import ROWS, BoundaryTrajectory


class VariantRecording(AllStepsRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: Boundaries, runs: int) -> None:
        super().__init__(BoundaryTrajectory, experiment, runs)
        moving = (len(self.steps), runs)
        self.arrays |= {
            "boundary": np.full((*moving, ROWS), np.nan, np.float16),
            **{name: np.full(moving, np.nan, np.float32) for name in MEASURES},
        }
