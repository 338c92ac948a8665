"""What is shown of the edge of stability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from core.field import entry
from core.studies.edge.experiment import Edge
from core.studies.edge.presets import PRESETS
from core.view import View

FIRST = PRESETS["learning_rate/edge"].experiment


@dataclass(frozen=True, kw_only=True)
class EdgeView(View):
    """A training, and the learning rate or batch size that is marked."""

    part: ClassVar[str] = "edge"

    experiment: Edge = FIRST
    rate: float = entry(
        0.15,
        "dials",
        label="Learning rate η, or batch size",
        help="Of the network that is marked in the charts.",
        offered=FIRST.rates,
    )

    def offered(self, name: str, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """Return the learning rates or batch sizes that are trained."""
        return self.experiment.dials if name == "rate" else None
