"""What is shown of a spurious brightness cue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.field import entry
from core.links import Switch
from core.studies.shades.experiment import Shades
from core.studies.shades.presets import PRESETS
from core.view import View

FIRST = PRESETS["learning_dynamics/shades"].experiment


@dataclass(frozen=True, kw_only=True)
class ShadesView(View):
    """A training, and the p whose accuracies are shown over the steps."""

    part: ClassVar[str] = "starvation"
    switch: ClassVar[Switch] = Switch("look", "shades", ("models", "shades"))

    experiment: Shades = FIRST
    shown_p: float = entry(
        0.98,
        "p",
        label="p of the right chart",
        help="Share of training images whose shade agrees with their class.",
    )
