"""What is shown of two moons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from core.experiment import Experiment
from core.field import entry
from core.links import Switch
from core.studies.moons.experiment import Moons
from core.studies.moons.presets import PRESETS
from core.view import View

FIRST = PRESETS["learning_dynamics/two_moons"].experiment
REFERENCE = -0.1
"""The margin that is trained along with the one on screen."""


@dataclass(frozen=True, kw_only=True)
class MoonsView(View):
    """A training, and the margin on screen."""

    part: ClassVar[str] = "decoupling"
    switch: ClassVar[Switch] = Switch("show", "moons", ("moons", "strengths"))
    trained: ClassVar[tuple[str, ...]] = ("margin",)

    experiment: Moons = FIRST
    margin: float = entry(
        0.1,
        "margins",
        label="Margin Δ",
        help="Half of the gap between the moons' halves of the plane. At −0.1 no straight line separates them. The "
        "margin −0.1 is always trained too.",
        section="Data",
        offered=(-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3, 0.5),
    )

    @classmethod
    def of(cls, experiment: Experiment, **shown: Any) -> Self:
        """Return a view of an experiment, at 0.1 or else at its largest margin if it is not said at which."""
        assert isinstance(experiment, Moons)
        usual = cls.margin if cls.margin in experiment.margins else experiment.margins[-1]
        return super().of(experiment, **{"margin": usual, **shown})

    def changed(self, values: Mapping[str, Any]) -> Self:
        """Return the view with other values; a margin that is not trained takes the place of the one on screen.

        Back at the reference the other margin is the first one again, whichever the slider passed on its way.
        """
        margin, margins = values.get("margin", self.margin), self.experiment.margins
        back = margin == REFERENCE != self.margin and len(margins) == 2
        if margin not in margins or back:
            other = FIRST.margins[-1] if margin == REFERENCE else margin
            values = {**values, "margins": tuple(sorted({REFERENCE, other}))}
        return super().changed(values)
