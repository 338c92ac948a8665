"""Presets of the Learning dynamics page: the strengths of two features."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.strengths.experiment import Strengths
from core.study import Preset

PRESETS: Mapping[str, Preset[Strengths]] = {
    "learning_dynamics/spectral_decoupling": Preset(
        "Feature strengths",
        "The stronger the first feature, the weaker the response of the second: under ridge, not under Spectral "
        "Decoupling.",
        Strengths(),
    ),
    "learning_dynamics/uncoupled": Preset(
        "A feature for each sample",
        "The control: at an angle of 0 nothing couples the features, and none starves.",
        Strengths(angle=0),
    ),
}
