"""Presets of the Learning dynamics page's part on Spectral Decoupling."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.moons.experiment import Moons
from core.study import Preset

PRESETS: Mapping[str, Preset[Moons]] = {
    "learning_dynamics/two_moons": Preset(
        "Two moons",
        "At a margin that a straight line can use, cross-entropy keeps to the line; with Spectral Decoupling the "
        "boundary follows the moons.",
        Moons(seeds=(0, 1, 2)),
        shipped=True,
    ),
    "learning_dynamics/two_moons_long": Preset(
        "Two moons, ten times as long",
        "10,000 epochs: without a penalty the boundary stays nearly straight.",
        Moons(step_limit=10_000),
        shipped=True,
    ),
}
