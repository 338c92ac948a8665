"""What is shown of networks on smooth targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.field import choice
from core.studies.smooth_targets.experiment import SmoothTargets
from core.studies.smooth_targets.presets import PRESETS
from core.view import View

FIRST = PRESETS["kinks/smooth_targets"].experiment
TARGET_NAMES = {"sine": "A sine", "bump": "A bump", "random": "Random, smooth", "kink": "|x|"}


@dataclass(frozen=True, kw_only=True)
class SmoothTargetsView(View):
    """A training, and the target on screen."""

    part: ClassVar[str] = "smooth"

    experiment: SmoothTargets = FIRST
    target: str = choice(
        "sine",
        TARGET_NAMES,
        label="Target",
        help="The first three have the same bound on the second derivative; |x| has none.",
    )
