"""What is shown of modular addition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from core.field import choice, entry
from core.studies.modular.experiment import Modular
from core.studies.modular.presets import PRESETS
from core.view import View

FIRST = PRESETS["grokking/modular"].experiment
AGAINST: Mapping[str, str] = {"step": "step", "test_error": "test error"}


@dataclass(frozen=True, kw_only=True)
class ModularView(View):
    """A training, and what its charts show of it."""

    part: ClassVar[str] = "modular"

    experiment: Modular = FIRST
    alpha: float = entry(
        16.0,
        "alphas",
        label="Output scale α",
        help="The network that is marked in the charts.",
        offered=FIRST.alphas,
    )
    at_fraction: float = entry(
        0.8,
        "shares",
        label="Fraction trained on",
        help="Of the networks whose curves are shown, where several fractions are trained.",
        form="{:.0%}",
    )
    against: str = choice("step", AGAINST, label="Progress against")

    def __post_init__(self) -> None:
        if not self.experiment.fractions:
            object.__setattr__(self, "at_fraction", self.experiment.fraction)
        super().__post_init__()

    def offered(self, name: str, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """Return the output scales and fractions that are trained; the one fraction is no setting of a plane."""
        if name == "fraction" and self.experiment.fractions:
            return ()
        return {"alpha": self.experiment.alphas, "at_fraction": self.experiment.shares}.get(name)
