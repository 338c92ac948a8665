"""What is shown of a plane of learning rates: the cell whose run plays, and what colours the plane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from core.field import choice, entry
from core.studies.rate_plane.experiment import RatePlane
from core.studies.rate_plane.measures import MEASURES
from core.studies.rate_plane.presets import PRESETS
from core.view import View

FIRST = PRESETS["learning_rate/plane"].experiment


@dataclass(frozen=True, kw_only=True)
class RatePlaneView(View):
    """A plane, the cell that is chosen, and the measure that colours it."""

    part: ClassVar[str] = "plane"

    experiment: RatePlane = FIRST
    alpha: float = entry(
        FIRST.alphas[4],
        "alphas",
        label="Output scale α",
        help="Of the run that plays. Large α barely moves the weights (lazy); small α makes the network learn "
        "features.",
        offered=FIRST.alphas,
        form="{:.3g}",
    )
    c: float = entry(
        FIRST.rates[7],
        "rates",
        label="Learning rate c = η λ₀",
        help="Of the run that plays.",
        offered=FIRST.rates,
        form="{:.3g}",
    )
    colour: str = choice(
        "late_eta_sharpness", {name: measure.title for name, measure in MEASURES.items()}, label="Colour of the plane"
    )

    def offered(self, name: str, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """Return the output scales and learning rates that are trained."""
        return {"alpha": self.experiment.alphas, "c": self.experiment.rates}.get(name)
