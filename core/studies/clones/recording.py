"""What is recorded of networks that are trained on clones."""

from __future__ import annotations

import numpy as np

from core.recording import AllStepsRecording
from core.studies.clones.experiment import CLONES, EXPLAINERS, KINDS, Clones
from core.studies.clones.trajectory import ClonesTrajectory
from core.trajectory import Array


class ClonesRecording(AllStepsRecording):
    """The arrays of one shard's seeds (see `trajectory.AXES`), filled snapshot by snapshot."""

    def __init__(self, experiment: Clones, runs: int, truth: Array) -> None:
        """Begin without snapshots; `truth` is whether each test image is of class +1, (test_point,)."""
        super().__init__(ClonesTrajectory, experiment, runs)
        count = len(self.steps)
        self.arrays |= {
            **{name: np.full((count, runs, len(KINDS)), np.nan, np.float32) for name in ("on_real", "on_clone")},
            **{
                name: np.full((runs, len(CLONES)), np.nan, np.float32)
                for name in ("mean_error", "variance_ratio", "outside_share")
            },
            "prediction": np.zeros((count, runs, len(truth)), bool),
            "train_counts": np.zeros((count, runs, 2, 2), np.int32),
            "test_label": truth,
            "explainer_prediction": np.zeros((len(EXPLAINERS), runs, len(truth)), bool),
            "explainer_train_accuracy": np.full((len(EXPLAINERS), runs), np.nan, np.float32),
        }
