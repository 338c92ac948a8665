"""What is recorded of networks that learn modular addition, snapshot by snapshot."""

from __future__ import annotations

import numpy as np

from core.recording import AllStepsRecording
from core.studies.modular.experiment import Modular
from core.studies.modular.trajectory import MEASURES, ModularTrajectory

SHOWN_NEURONS = 8
"""Neurons whose weights are kept; none of a plane, which has many networks."""


class ModularRecording(AllStepsRecording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: Modular, runs: int) -> None:
        super().__init__(ModularTrajectory, experiment, runs)
        self.arrays |= {name: np.full((len(self.steps), runs), np.nan, np.float32) for name in MEASURES}
        shown = (0 if experiment.fractions else min(SHOWN_NEURONS, experiment.width), experiment.p)
        self.arrays["weights"] = np.full((len(self.steps), runs, *shown), np.nan, np.float16)
