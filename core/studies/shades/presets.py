"""Presets of the Learning dynamics page: gradient starvation."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.shades.experiment import Shades
from core.study import Preset

PRESETS: Mapping[str, Preset[Shades]] = {
    "learning_dynamics/shades": Preset(
        "A shade that tells the digit",
        "3 against 8, and a shade that mostly agrees: the more often it does, the less of the digit is learned.",
        Shades(),
        shipped=True,
    ),
    "learning_dynamics/shades_strong": Preset(
        "A strong shade",
        "The same with three times the shade.",
        Shades(shade=0.75),
        shipped=True,
    ),
}
