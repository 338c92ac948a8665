"""Presets of the Learning dynamics page: a spurious brightness cue."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.shades.experiment import Shades
from core.study import Preset

PRESETS: Mapping[str, Preset[Shades]] = {
    "learning_dynamics/shades": Preset(
        "A spurious brightness cue",
        "3 against 8, and a shade that mostly agrees with the class: the more often it does, the less of the digit is "
        "learned.",
        Shades(),
    ),
    "learning_dynamics/shades_strong": Preset(
        "A strong brightness cue",
        "The same with a shade three times as strong.",
        Shades(shade=0.75),
    ),
}
