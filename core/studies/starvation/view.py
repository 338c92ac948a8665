"""What is shown of gradient starvation in three models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from core.field import flag, number
from core.links import Switch
from core.studies.starvation.experiment import ROUNDING, Starvation
from core.studies.starvation.presets import PRESETS
from core.view import View

FIRST = PRESETS["learning_dynamics/starvation"].experiment
RATES = {"cross_entropy": 0.05, "hinge": 0.005}
"""Hinge is over soon and ends within a step: it takes smaller ones."""


@dataclass(frozen=True, kw_only=True)
class StarvationView(View):
    """A mixture of samples and its training; `frequency` and `alone` are the experiment's, as two controls move them.

    The two span the shares of the samples, so that these always add up to 1.
    """

    part: ClassVar[str] = "starvation"
    switch: ClassVar[Switch] = Switch("look", "models", ("models", "shades"))
    unlinked: ClassVar[tuple[str, ...]] = ("frequency", "alone")
    all_at_once: ClassVar[tuple[str, ...]] = ("q_s", "q_w", "q_sw")

    experiment: Starvation = FIRST
    frequency: float = number(
        0.3,
        0.01,
        1,
        label="Frequency p of the weak feature",
        help="p = q_w + q_sw: the share of samples that have the weak feature.",
        section="Samples",
        offered=(0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0),
    )
    alone: float = number(
        0.0,
        0,
        1,
        label="Of these, without the strong one",
        help="Of the samples with the weak feature, the share that have nothing else. At 1 the two never meet.",
        section="Samples",
        offered=(0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0),
    )
    long: bool = flag(False, label="Time up to 10¹²", help="Far beyond any training: only theory goes there.")

    def __post_init__(self) -> None:
        super().__post_init__()
        mixed = self.experiment
        apart = max(abs(self.frequency - mixed.frequency), abs(self.alone * self.frequency - mixed.q_w))
        if apart > ROUNDING:
            object.__setattr__(self, "frequency", mixed.frequency)
            object.__setattr__(self, "alone", mixed.alone)

    def changed(self, values: Mapping[str, Any]) -> Self:
        """Return the view with other values; another loss brings its own learning rate."""
        p, alone = (values.get(name, getattr(self, name)) for name in ("frequency", "alone"))
        if (p, alone) != (self.frequency, self.alone):
            q_w = round(alone * p, 6)
            values = {**values, "q_s": round(1 - p, 6), "q_w": q_w, "q_sw": round(p - q_w, 6)}
        loss = values.get("loss", self.experiment.loss)
        if loss != self.experiment.loss:
            values = {"rate": RATES[loss], **values}
        return super().changed(values)
