"""What is shown of ensembles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from core.field import entry
from core.studies.ensembles.experiment import Ensembles
from core.studies.ensembles.presets import PRESETS
from core.view import View

FIRST = PRESETS["phase_plane/ensembles"].experiment


@dataclass(frozen=True, kw_only=True)
class EnsemblesView(View):
    """A training, and the output scale whose errors are shown."""

    part: ClassVar[str] = "ensembles"

    experiment: Ensembles = FIRST
    alpha: float = entry(
        2.0**10,
        "alphas",
        label="Output scale α",
        help="Of the networks whose errors are shown.",
        offered=FIRST.alphas,
    )

    def offered(self, name: str, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """Return the output scales that are trained."""
        return self.experiment.alphas if name == "alpha" else None
