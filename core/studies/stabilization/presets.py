"""Presets of the Learning rate page: self-stabilization."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.stabilization.experiment import Stabilization
from core.study import Preset

PRESETS: Mapping[str, Preset[Stabilization]] = {
    "learning_rate/stabilization": Preset(
        "Past the edge, step by step",
        "T₄ at η = 0.15 from the step at which ηS passes 2: with no noise but that of float64, and with more.",
        Stabilization(),
    ),
    "learning_rate/stabilization_slow": Preset(
        "A smaller learning rate",
        "T₄ at η = 0.1: is it the same loop?",
        Stabilization(rate=0.1),
    ),
}
