"""The experiment on modes: two classes, each learned by neurons of its own, from one initialization by two losses."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import choice, number, seed, whole
from core.values import ExperimentError

COMPARED = ("cross_entropy", "hinge")
"""The losses, a run each, from one initialization."""
MODES: Mapping[str, int] = {"plus": 1, "minus": -1}
"""The modes, one a class, and the label of its points."""
HEADS: Mapping[str, str] = {
    "balanced": "z = y in every neuron",
    "aligned": "z with the class's sign",
    "free": "z of either sign: some neurons die",
}
"""How the initial output weights z, times the class sign, are drawn; y = w.x / |x|, x being the neuron's own point."""
NORMS = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
MOST_STEPS = 200_000


@dataclass(frozen=True, kw_only=True)
class Modes(Experiment):
    """N(x) = sum_i z_i max(0, w_i.x) on two points, x+ and x-, in the setting of Tachet des Combes et al. 2018.

    (1809.06848, whose body could not be read: the setting is rebuilt from its abstract.) A share p of the data is x+,
    with the label 1; the rest is x-, with the label -1; x+.x- <= 0. Every neuron is active on one of the two points
    only: w is drawn from N(0, init^2) in each dimension until it is active on x+ and inactive on x-. z is drawn from
    N(0, init^2), `free` in sign or `aligned` with the class, or is `balanced` (see `HEADS`). Every second neuron, of
    the other class, is the mirror image of the one before it, so that the modes differ by p and |x| alone. Plain
    full-batch gradient descent on the mean loss then runs to `last_time`, the sum of its learning rates: a run with
    cross-entropy and one with the hinge loss, each of this network and of one layer, N(x) = w.x from w = 0, for
    contrast.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "modes"
    stored_as: ClassVar[str] = "learning_modes"

    p: float = number(
        0.7,
        0.01,
        0.99,
        label="Frequency p of x₊",
        help="Share of the data that is of class x₊; the rest is x₋. It rescales time and does nothing else.",
        section="Classes",
        offered=(0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99),
    )
    norm_plus: float = number(
        1.0,
        0.1,
        10,
        label="Norm |x₊|",
        help="The length of the points of class x₊.",
        section="Classes",
        offered=NORMS,
    )
    norm_minus: float = number(
        1.0,
        0.1,
        10,
        label="Norm |x₋|",
        help="The length of the points of class x₋.",
        section="Classes",
        offered=NORMS,
    )
    cosine: float = number(
        0.0,
        -0.95,
        0,
        label="Cosine of x₊ and x₋",
        help="At 0 the theory is exact, for one layer and for neurons that become inactive, too.",
        section="Classes",
        offered=(-0.9, -0.7, -0.5, -0.35, -0.2, -0.1, 0.0),
    )
    width: int = whole(
        50,
        2,
        256,
        label="Width",
        help="Hidden units, half of them active on each class.",
        section="Network",
        offered=(2, 4, 10, 20, 50, 100, 200),
    )
    dimension: int = whole(20, 2, 200, label="Input dimensions")
    init: float = number(
        0.03,
        1e-4,
        1,
        label="Initialization scale",
        help="Standard deviation of the initial weights.",
        section="Network",
        offered=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
    )
    heads: str = choice(
        "aligned",
        HEADS,
        label="Initial output weights",
        help="The initial output weight z, times the sign of the neuron's class: equal to y, positive, or of either "
        "sign.",
        section="Network",
    )
    learning_rate: float = number(
        0.005,
        1e-4,
        0.5,
        label="Learning rate",
        help="The theory is for infinitely small steps: measurements approach it in proportion to the learning rate.",
        section="Optimizer",
        offered=(0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2),
    )
    last_time: float = number(
        60.0,
        1,
        10_000,
        label="Training time",
        help="Steps times the learning rate.",
        section="Optimizer",
        offered=(10.0, 20.0, 40.0, 60.0, 100.0, 140.0, 200.0),
    )
    seed: int = seed(0, label="Seed")

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
