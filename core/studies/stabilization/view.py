"""What is shown of self-stabilization."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from core.field import entry
from core.studies.stabilization.experiment import Stabilization
from core.studies.stabilization.presets import PRESETS
from core.view import View

FIRST = PRESETS["learning_rate/stabilization"].experiment


@dataclass(frozen=True, kw_only=True)
class StabilizationView(View):
    """A training, and the amount of noise that is marked."""

    part: ClassVar[str] = "stabilization"

    experiment: Stabilization = FIRST
    noise: float = entry(
        1e-6,
        "noises",
        label="Weight noise a step",
        help="Of the network that is marked in the charts; 0: none but the rounding of float64.",
        offered=FIRST.noises,
    )

    def offered(self, name: str, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """Return the amounts of noise that are trained."""
        return self.experiment.noises if name == "noise" else None
