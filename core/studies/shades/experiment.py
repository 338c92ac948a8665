"""The experiment on digits with a shade that mostly tells the class: does the network learn the digit beside it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import declared, number, numbers, seeds, whole

SHADES: Mapping[str, float] = {"same": 1.0, "neutral": 0.0, "reversed": -1.0}
"""How test images are shaded: as most of their class in training, not at all, or the other way, in units of b."""
PENALTIES = ("none", "spectral_decoupling")
MOST_SEEDS, MOST_FREQUENCIES = 8, 12


@dataclass(frozen=True, kw_only=True)
class Shades(Experiment):
    """Handwritten 3 against 8 (scikit-learn's digits, 8 x 8 pixels from 0 to 1), darker or lighter all over.

    A training image is shaded by +shade or -shade, the sign being its class with a probability of p: a surrogate for
    images whose brightness mostly tells the class. A network of one hidden layer descends the mean cross-entropy by
    full-batch gradient descent, once plainly and once with spectral decoupling, coefficient * mean(f^2), of Pezeshki
    et al. 2021 (2011.09468); it is tested on other images, shaded as in training, not at all, and the other way.

    Raises:
        ExperimentError: a field is out of its range.
    """

    study: ClassVar[str] = "shades"
    stored_as: ClassVar[str] = "learning_shades"

    p: tuple[float, ...] = numbers((0.5, 0.8, 0.9, 0.98, 1.0), 0.5, 1, most=MOST_FREQUENCIES)
    shade: float = number(0.25, 0.01, 2)
    coefficient: float = number(0.05, 0.0001, 1)
    n_train: int = whole(200, 20, 300)
    width: int = whole(64, 1, 512)
    learning_rate: float = number(0.2, 0.001, 2)
    seeds: tuple[int, ...] = seeds((0, 1, 2), MOST_SEEDS)
    step_limit: int = whole(1000, 1, 20_000)

    @property
    def runs(self) -> int:
        """How many seeds are trained, each at every p and under both penalties."""
        return len(self.seeds)


LIMITS = {name: field.bounds for name, field in declared(Shades).items()} | {"seed": declared(Shades)["seeds"].bounds}
