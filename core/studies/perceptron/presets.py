"""Presets of the Phase plane page."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.perceptron.experiment import Perceptron
from core.study import Preset
from core.values import log2_grid

PRESETS: Mapping[str, Preset[Perceptron]] = {
    "phase_plane/batch_learning_rate": Preset(
        "Batch size and learning rate",
        "Where noise decides, where the first step does, and where neither: 12 x 12 perceptrons, exactly.",
        Perceptron(
            batch_size=tuple(2**power for power in range(12)),
            learning_rates=log2_grid(-5, 6, 12),
            seeds=(0, 1, 2, 3, 4),
        ),
    ),
    "phase_plane/perceptron": Preset(
        "Power laws of the training set",
        "Three densities of points at the decision boundary: how the signal, the time to fit and B* scale with the "
        "training set, while T_c, in units of the margin, stays where it is; each against theory.",
        Perceptron(
            chi=(0.0, 1.0, 3.0),
            n_train=(256, 512, 1024, 2048, 4096),
            full_batch=True,
            learning_rates=log2_grid(-8, 10, 10),
            seeds=(0, 1, 2, 3, 4),
        ),
    ),
}
