"""The experiment on digits with a shade that mostly tells the class: does the network learn the digit beside it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import Bounds, ExperimentError, distinct, number, numbers, whole

SHADES: Mapping[str, float] = {"same": 1.0, "neutral": 0.0, "reversed": -1.0}
"""How test images are shaded: as most of their class in training, not at all, or the other way, in units of b."""
PENALTIES = ("none", "spectral_decoupling")
LIMITS: Mapping[str, Bounds] = {
    "p": Bounds(0.5, 1),
    "shade": Bounds(0.01, 2),
    "coefficient": Bounds(0.0001, 1),
    "n_train": Bounds(20, 300),
    "width": Bounds(1, 512),
    "learning_rate": Bounds(0.001, 2),
    "seed": Bounds(0, 2**31 - 1),
    "step_limit": Bounds(1, 20_000),
}
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

    p: tuple[float, ...] = (0.5, 0.8, 0.9, 0.98, 1.0)
    shade: float = 0.25
    coefficient: float = 0.05
    n_train: int = 200
    width: int = 64
    learning_rate: float = 0.2
    seeds: tuple[int, ...] = (0, 1, 2)
    step_limit: int = 1000

    def __post_init__(self) -> None:
        set_ = object.__setattr__
        set_(self, "p", numbers("p", self.p, LIMITS["p"]))
        if len(self.p) > MOST_FREQUENCIES:
            raise ExperimentError("p", f"at most {MOST_FREQUENCIES} numbers", self.p)
        for name in ("shade", "coefficient", "learning_rate"):
            set_(self, name, number(name, getattr(self, name), LIMITS[name]))
        for name in ("n_train", "width", "step_limit"):
            set_(self, name, whole(name, getattr(self, name), LIMITS[name]))
        set_(self, "seeds", distinct("seeds", self.seeds, MOST_SEEDS, LIMITS["seed"]))

    @property
    def runs(self) -> int:
        """How many seeds are trained, each at every p and under both penalties."""
        return len(self.seeds)
