"""Presets of the Learning dynamics page: gradient starvation."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.starvation.experiment import Starvation
from core.study import Preset

PRESETS: Mapping[str, Preset[Starvation]] = {
    "learning_dynamics/starvation": Preset(
        "A rare feature starves",
        "Three samples in ten have a second feature: by the time the first one has taught the class, there is little "
        "left to learn it by; how little is a matter of the model.",
        Starvation(),
        shipped=True,
    ),
    "learning_dynamics/starvation_exclusive": Preset(
        "Features that never meet",
        "The control: the weak feature comes without the strong one. Nothing starves, its clock is only slower.",
        Starvation(q_w=0.3, q_sw=0.0, step_limit=21_000),
        shipped=True,
    ),
    "learning_dynamics/starvation_loud": Preset(
        "A loud feature",
        "Both features in every sample, one of them four times as long: it starves the other all the same.",
        Starvation(q_s=0.0, q_sw=1.0, strong_norm=4.0),
        shipped=True,
    ),
    "learning_dynamics/starvation_hinge": Preset(
        "Hinge: starved for ever",
        "The same samples as in the first: once every margin is 1 there is nothing left to learn by.",
        Starvation(loss="hinge", rate=0.005, step_limit=4000),
        shipped=True,
    ),
}
