"""What is shown of polynomial regression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from core.field import entry
from core.studies.polynomial.experiment import Polynomial
from core.studies.polynomial.presets import PRESETS
from core.view import View

FIRST = PRESETS["grokking/polynomial"].experiment


@dataclass(frozen=True, kw_only=True)
class PolynomialView(View):
    """A training, and the output scale that is marked."""

    part: ClassVar[str] = "polynomial"

    experiment: Polynomial = FIRST
    alpha: float = entry(
        0.25,
        "alphas",
        label="Output scale α",
        help="The network that is marked in the charts.",
        offered=FIRST.alphas,
        form="{:.3g}",
    )

    def offered(self, name: str, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """Return the output scales that are trained."""
        return self.experiment.alphas if name == "alpha" else None
