"""What is shown of two modes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.field import choice, flag
from core.studies.modes.experiment import Modes
from core.studies.modes.presets import PRESETS
from core.view import View

FIRST = PRESETS["learning_dynamics/modes"].experiment
LOSS_NAMES = {"cross_entropy": "Cross-entropy", "hinge": "Hinge"}
MODE_NAMES = {"plus": "x₊", "minus": "x₋"}


@dataclass(frozen=True, kw_only=True)
class ModesView(View):
    """A training, and what its charts show of it."""

    part: ClassVar[str] = "modes"

    experiment: Modes = FIRST
    loss: str = choice("cross_entropy", LOSS_NAMES, label="Loss of the curves", link="curves")
    mode: str = choice("plus", MODE_NAMES, label="Mode", help="Of the plane of neurons and of the two losses.")
    together: bool = flag(
        False, label="Time × frequency", help="Over t·p, the curves of two modes of equal norms are one."
    )
    log: bool = flag(False, label="Logarithmic time", help="For the curves; the player's clock follows it.")
    contrast: bool = flag(True, label="One layer for contrast", help="N(x) = w·x from w = 0, dashed: no sigmoid.")
