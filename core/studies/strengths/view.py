"""What is shown of the strengths of two features."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from core.experiment import Experiment
from core.field import entry
from core.links import Switch
from core.studies.strengths.experiment import MOST_STRENGTHS, Strengths
from core.studies.strengths.presets import PRESETS
from core.view import View

FIRST = PRESETS["learning_dynamics/spectral_decoupling"].experiment


@dataclass(frozen=True, kw_only=True)
class StrengthsView(View):
    """A training, and the s_1 that is marked."""

    part: ClassVar[str] = "decoupling"
    switch: ClassVar[Switch] = Switch("show", "strengths", ("moons", "strengths"))

    experiment: Strengths = FIRST
    s_1: float = entry(
        4.0,
        "strengths",
        label="Strength s₁",
        help="Of the first feature: the one that is marked in the charts.",
        section="Features",
        offered=(0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0),
    )

    @classmethod
    def of(cls, experiment: Experiment, **shown: Any) -> Self:
        """Return a view of an experiment, at s_1 = 4 or else at its largest if it is not said at which."""
        assert isinstance(experiment, Strengths)
        usual = cls.s_1 if cls.s_1 in experiment.strengths else experiment.strengths[-1]
        return super().of(experiment, **{"s_1": usual, **shown})

    def changed(self, values: Mapping[str, Any]) -> Self:
        """Return the view with other values; an s_1 that is not trained is trained too, while it is marked."""
        s_1, trained = values.get("s_1", self.s_1), self.experiment.strengths
        if s_1 not in trained:
            kept = {one for one in trained if one != self.s_1 or one in FIRST.strengths}
            kept = kept if len(kept) < MOST_STRENGTHS else set(FIRST.strengths)
            values = {**values, "strengths": tuple(sorted({*kept, s_1}))}
        return super().changed(values)
