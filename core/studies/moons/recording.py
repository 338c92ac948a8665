"""What is kept of networks on two moons while they train: the logits on a grid, the boundary, and its measures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.observables.boundary import MEASURES
from core.recording import AllStepsRecording
from core.studies.moons.experiment import Moons
from core.studies.moons.trajectory import CELLS, COMPONENTS, MoonTrajectory

Floats = NDArray[np.float64]


class MoonRecording(AllStepsRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: Moons, point: Floats, label: Floats) -> None:
        super().__init__(MoonTrajectory, experiment, len(point))
        moving = (len(self.steps), len(point))
        self.arrays |= {
            "point": point.astype(np.float32),
            "label": label.astype(np.int8),
            "logit": np.full((*moving, CELLS, CELLS), np.nan, np.float16),
            "boundary": np.full((*moving, CELLS), np.nan, np.float32),
            "response": np.full((*moving, len(COMPONENTS)), np.nan),
            **{name: np.full(moving, np.nan) for name in MEASURES},
        }
