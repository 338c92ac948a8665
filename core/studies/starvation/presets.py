"""Presets of the Learning dynamics page: gradient starvation."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.starvation.experiment import Starvation
from core.study import Preset

PRESETS: Mapping[str, Preset[Starvation]] = {
    "learning_dynamics/starvation": Preset(
        "A rare feature starves",
        "Three samples in ten have a second feature: by the time the first one has taught the class, there is little "
        "gradient left to learn it; how little depends on the model.",
        Starvation(),
    ),
    "learning_dynamics/starvation_exclusive": Preset(
        "Features that never meet",
        "The control: the weak feature comes without the strong one. Nothing starves; it is only learned later.",
        Starvation(q_w=0.3, q_sw=0.0, step_limit=21_000),
    ),
    "learning_dynamics/starvation_loud": Preset(
        "A larger feature",
        "Both features in every sample, one of four times the norm of the other: the other starves all the same.",
        Starvation(q_s=0.0, q_sw=1.0, strong_norm=4.0),
    ),
    "learning_dynamics/starvation_hinge": Preset(
        "Hinge: starved for good",
        "The samples of the first preset: once every margin is 1 there is no gradient left.",
        Starvation(loss="hinge", rate=0.005, step_limit=4000),
    ),
}
