"""What is shown of where training fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from core.experiment import Experiment
from core.field import choice, declared, number, numbers
from core.studies.basin.experiment import EDGE, Basin
from core.studies.basin.presets import PRESETS
from core.values import ExperimentError, as_text
from core.view import View

FIRST = PRESETS["learning_dynamics/basin"].experiment
MOST_DROPS = 5
"""Neurons that there is room for on the map."""


@dataclass(frozen=True, kw_only=True)
class BasinView(View):
    """A training, and what its charts show of it.

    Raises:
        ExperimentError: a field is not allowed, or not with this experiment.
    """

    part: ClassVar[str] = "basin"

    experiment: Basin = FIRST
    drops: tuple[float, ...] = numbers(
        (-0.75, 1.05, -1.1, 0.55, -0.45, 0.45),
        -EDGE,
        EDGE,
        fewest=2,
        most=2 * MOST_DROPS,
        order="any",
        label="Neurons on the map",
        allowed_word=f"z and y of 1 to {MOST_DROPS} neurons, each {-EDGE:g} to {EDGE:g}",
        hidden=True,
    )
    """z and y of each neuron, the latest last."""
    colour: str = choice(
        "fate",
        {"fate": "Fate", "time": "Time to it"},
        label="Map",
        help="What becomes of a neuron, or the time until then: the sooner, the stronger.",
    )
    cosine: float = number(
        0.0,
        -0.99,
        0,
        label="Cosine of the classes",
        help="Of the angle between the two classes of the sample. At 0 neither moves the other's neurons.",
        hidden=True,
    )
    """One of the experiment's `cosines`; another gives way to the nearest."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.drops) % 2:
            raise ExperimentError("drops", declared(BasinView)["drops"].allowed, as_text(self.drops))
        nearest = min(self.experiment.cosines, key=lambda one: abs(one - self.cosine))
        object.__setattr__(self, "cosine", nearest)

    @property
    def neurons(self) -> tuple[tuple[float, float], ...]:
        """(z, y) of the neurons on the map."""
        return tuple(zip(self.drops[::2], self.drops[1::2], strict=True))

    @property
    def place(self) -> int:
        """Which of the experiment's cosines is on screen."""
        return self.experiment.cosines.index(self.cosine)

    def with_preset(self, experiment: Experiment) -> Self:
        """Return the view of a preset; one with cosines of its own opens at the first of them."""
        assert isinstance(experiment, Basin)
        own = experiment.cosines != FIRST.cosines
        return self.of(experiment, **({"cosine": experiment.cosines[0]} if own else {}))

    def with_neuron(self, z: float, y: float) -> Self:
        """Return the view with one more neuron on the map, as it is if that is full or has one there."""
        full = len(self.neurons) == MOST_DROPS
        return self if full or (z, y) in self.neurons else self.changed({"drops": (*self.drops, z, y)})

    def with_latest_neuron(self) -> Self:
        """Return the view with the latest neuron alone."""
        return self.changed({"drops": self.drops[-2:]})
