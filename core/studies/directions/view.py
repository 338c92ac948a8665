"""What is shown of networks of more inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.field import choice
from core.studies.directions.charts.counting import TITLES
from core.studies.directions.experiment import Directions
from core.studies.directions.presets import PRESETS
from core.view import View

FIRST = PRESETS["kinks/moons"].experiment


@dataclass(frozen=True, kw_only=True)
class DirectionsView(View):
    """A training, and what is counted of it."""

    part: ClassVar[str] = "inputs"

    experiment: Directions = FIRST
    measure: str = choice("directions", TITLES, label="Count")

    @property
    def counted(self) -> bool:
        """Whether directions are counted over several sizes of the training set."""
        return len(self.experiment.n_train) > 1

    def uses(self, name: str) -> bool:
        """Whether a field changes what is drawn: what is counted matters where anything is."""
        return name != "measure" or self.counted
