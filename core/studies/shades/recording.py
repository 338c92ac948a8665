"""What is kept of networks on digits with a shade: how many images they get right, snapshot by snapshot."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from core.recording import Recording
from core.studies.shades.experiment import PENALTIES, SHADES, Shades
from core.studies.shades.trajectory import snapshots

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ShadeState:
    """Networks at a step."""

    accuracy: Floats  # (run, frequency, penalty, shade)
    train_accuracy: Floats  # (run, frequency, penalty)
    loss: Floats  # likewise


class ShadeRecording(Recording):
    """The arrays of one shard's runs (see `trajectory.AXES`)."""

    def __init__(self, experiment: Shades, runs: int) -> None:
        super().__init__(snapshots(experiment), runs)
        moving = (len(self.steps), runs, len(experiment.p), len(PENALTIES))
        self.arrays |= {
            "accuracy": np.full((*moving, len(SHADES)), np.nan),
            "train_accuracy": np.full(moving, np.nan),
            "loss": np.full(moving, np.nan),
        }

    def write(self, step: int, now: ShadeState) -> None:
        """Keep a state in the snapshot of `step`, which is a recorded one."""
        for name, values in asdict(now).items():
            self.arrays[name][np.searchsorted(self.steps, step)] = values
