"""What is shown of the catapult."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from core.field import entry
from core.studies.catapult.experiment import Catapult
from core.studies.catapult.presets import PRESETS
from core.view import View

FIRST = PRESETS["learning_rate/catapult"].experiment


@dataclass(frozen=True, kw_only=True)
class CatapultView(View):
    """A training, and the c that is marked."""

    part: ClassVar[str] = "catapult"

    experiment: Catapult = FIRST
    c: float = entry(
        2.5,
        "rates",
        label="c = η λ₀",
        help="Learning rate times the curvature at initialization: the network and the toy that are marked in the "
        "charts.",
        offered=FIRST.rates,
    )

    def offered(self, name: str, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """Return the c that are trained."""
        return self.experiment.rates if name == "c" else None
