"""Presets of the Learning dynamics page: two moons."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.moons.experiment import Moons
from core.study import Preset

PRESETS: Mapping[str, Preset[Moons]] = {
    "learning_dynamics/two_moons": Preset(
        "Two moons",
        "Where a straight line separates the moons, cross-entropy keeps to the line; with Spectral Decoupling the "
        "decision boundary follows the moons.",
        Moons(seeds=(0, 1, 2)),
    ),
    "learning_dynamics/two_moons_long": Preset(
        "Two moons, ten times as long",
        "10,000 steps: without a penalty the decision boundary stays nearly straight.",
        Moons(step_limit=10_000),
    ),
}
