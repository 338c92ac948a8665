"""Presets of the Learning dynamics page's part on Spectral Decoupling."""

from __future__ import annotations

from collections.abc import Mapping

from core.experiments import Moons, Strengths
from core.presets.preset import Preset

MOONS: Mapping[str, Preset[Moons]] = {
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

STRENGTHS: Mapping[str, Preset[Strengths]] = {
    "learning_dynamics/spectral_decoupling": Preset(
        "Feature strengths",
        "The stronger the first feature, the weaker the response of the second: under ridge, not under Spectral "
        "Decoupling.",
        Strengths(),
        shipped=True,
    ),
    "learning_dynamics/uncoupled": Preset(
        "A feature for each sample",
        "The control: at an angle of 0 nothing couples the features, and none starves.",
        Strengths(angle=0),
        shipped=True,
    ),
}
