"""The experiment on modes: two classes, each learned by neurons of its own, under two losses from one start."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import choice, declared, number, seed, whole
from core.values import ExperimentError

COMPARED = ("cross_entropy", "hinge")
"""The losses that are trained from one start, a run each."""
MODES: Mapping[str, int] = {"plus": 1, "minus": -1}
"""The modes, one a class, and the label of its points."""
HEADS: Mapping[str, str] = {
    "balanced": "z = y in every neuron",
    "aligned": "z has the sign of the neuron's class",
    "free": "z has either sign: some neurons die",
}
"""How output weights z, times the class sign, are drawn at first; y = w.x / |x|, x being the neuron's own point."""
MOST_STEPS = 200_000


@dataclass(frozen=True, kw_only=True)
class Modes(Experiment):
    """N(x) = sum_i z_i max(0, w_i.x) on two points, x+ and x-, in the setting of Tachet des Combes et al. 2018.

    (1809.06848, whose body could not be read: the setting is rebuilt from its abstract.) A share p of the data is x+,
    with the label 1; the rest is x-, with the label -1; x+.x- <= 0. Every neuron is on for one of the two points only:
    w is drawn from N(0, init^2) in each dimension until it is on for x+ and off for x-. z is drawn from N(0, init^2),
    `free` in sign or `aligned` with the class, or is `balanced` (see `HEADS`). Every second neuron, of the other class,
    is the mirror image of the one before it, so that the modes differ by p and |x| alone. Plain full-batch gradient
    descent on the mean loss then runs to `last_time`, the sum of its learning rates: a run with cross-entropy and one
    with the hinge loss, each of this network and of one layer, N(x) = w.x from w = 0, for contrast.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "modes"
    stored_as: ClassVar[str] = "learning_modes"

    p: float = number(0.7, 0.01, 0.99)
    norm_plus: float = number(1.0, 0.1, 10)
    norm_minus: float = number(1.0, 0.1, 10)
    cosine: float = number(0.0, -0.95, 0)
    """Between x+ and x-."""
    width: int = whole(50, 2, 256)
    dimension: int = whole(20, 2, 200)
    init: float = number(0.03, 1e-4, 1)
    heads: str = choice("aligned", HEADS)
    learning_rate: float = number(0.005, 1e-4, 0.5)
    last_time: float = number(60.0, 1, 10_000)
    seed: int = seed(0)

    def settle(self) -> None:
        """Refuse settings that do not go together."""
        if self.width % 2:
            raise ExperimentError("width", "an even number, 2 to 256", self.width)
        if self.step_limit > MOST_STEPS:
            least = f"at least last_time / {MOST_STEPS:,} = {self.last_time / MOST_STEPS:g}"
            raise ExperimentError("learning_rate", least, self.learning_rate)

    @property
    def runs(self) -> int:
        """How many runs there are, one a loss."""
        return len(COMPARED)

    @property
    def step_limit(self) -> int:
        """Steps to `last_time`, rounded up."""
        return math.ceil(self.last_time / self.learning_rate - 1e-9)

    @property
    def shares(self) -> tuple[float, float]:
        """The frequency of each mode."""
        return self.p, 1 - self.p

    @property
    def norms(self) -> tuple[float, float]:
        """|x| of each mode."""
        return self.norm_plus, self.norm_minus

    @property
    def rates(self) -> tuple[float, float]:
        """R = p |x| of each mode."""
        return self.p * self.norm_plus, (1 - self.p) * self.norm_minus


LIMITS = {name: field.bounds for name, field in declared(Modes).items()}
