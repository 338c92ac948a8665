"""Presets of the Learning dynamics page: ten variants of training on two moons."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.boundaries.experiment import Boundaries
from core.study import Preset

PRESETS: Mapping[str, Preset[Boundaries]] = {
    "learning_dynamics/ten_variants": Preset(
        "Ten variants",
        "Two moons with a margin: decision boundaries under weight decay, Adam, dropout, batch normalization and more, "
        "beside Spectral Decoupling.",
        Boundaries(step_limit=1000, seeds=(0, 1, 2)),
    ),
    "learning_dynamics/ten_variants_long": Preset(
        "Ten variants, ten times as long",
        "10,000 steps, for which the claim was made.",
        Boundaries(seeds=(0, 1, 2)),
    ),
}
