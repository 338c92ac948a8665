"""What is shown of ten variants of training on two moons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.studies.boundaries.experiment import Boundaries
from core.studies.boundaries.presets import PRESETS
from core.view import View


@dataclass(frozen=True, kw_only=True)
class BoundariesView(View):
    """A training."""

    part: ClassVar[str] = "variants"

    experiment: Boundaries = PRESETS["learning_dynamics/ten_variants"].experiment
