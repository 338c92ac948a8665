"""The experiment on kinks: one hidden layer of ReLU units, few points on a line, full-batch gradient descent."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from core.choices import LABEL_LOSSES as LOSSES
from core.experiment import Experiment
from core.field import choice, declared, flag, number, numbers, seed, whole
from core.values import ExperimentError

FEWEST_POINTS, MOST_POINTS = 2, 200
NEAREST = 1e-3
"""Least distance of two x in [-1, 1]: nearer ones differ on no screen, and make the function between them a cliff."""


@dataclass(frozen=True, kw_only=True)
class Kinks(Experiment):
    """f(x) = sum_j a_j relu(w_j x + b_j) on a few points (Maennel, Bousquet, Gelly 2018, 1803.08367).

    (w_j, b_j) ~ N(0, sigma^2 / (width balance)), |a_j| = balance |(w_j, b_j)|: so sum_j |a_j| |(w_j, b_j)| is about
    2 sigma^2 at any width. The loss is the mean over points of (f - y)^2 / 2, or of log(1 + exp(-y f)); steps are
    full-batch gradient descent whose learning rate follows the run (`core.training.kinks`).

    Points are kept in ascending x. Of several seeds, `seed` is the first; its motion is kept, and the end of all.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "kinks"

    x: tuple[float, ...] = numbers(
        (-1.0, -0.5, 0.0, 0.5, 1.0),
        -1,
        1,
        fewest=FEWEST_POINTS,
        most=MOST_POINTS,
        order="any",
        label="x of the points",
    )
    y: tuple[float, ...] = numbers(
        (-0.5, 0.5, -0.3, 0.6, -0.4),
        -10,
        10,
        fewest=FEWEST_POINTS,
        most=MOST_POINTS,
        order="any",
        label="y of the points",
    )
    loss: str = choice(
        "squared",
        LOSSES,
        label="Loss",
        help="Squared: (f − y)²/2. Logistic: log(1 + exp(−y f)) on labels −1 and 1, which no network brings to 0.",
        section="Data",
    )
    width: int = whole(
        512,
        1,
        4096,
        label="Width",
        help="Units of the hidden layer. What they can learn grows with the width; what they do learn hardly changes.",
        section="Network",
        offered=tuple(2**power for power in range(5, 13)),
        form="{:,}",
    )
    sigma: float = number(
        1e-3,
        1e-12,
        100,
        label="Scale σ",
        help="Initialization scale: (w, b) ~ N(0, σ²/width), |a| = |(w, b)|. Small: directions align before f grows. "
        "Large: lazy, kinks stay where they are.",
        section="Initialization",
        offered=(*(float(f"{digit}e{power}") for power in range(-8, 2) for digit in (1, 3)), 100.0),
    )
    balance: float = number(
        1.0,
        1e-3,
        1e3,
        label="Balance |a| / |(w, b)|",
        help="Of every unit at initialization; 1 is balanced. Below 1 directions hardly turn, above 1 they turn fast.",
        section="Initialization",
        offered=tuple(2.0**power for power in range(-6, 7)),
    )
    paired: bool = flag(
        False,
        label="Units in pairs of opposite sign",
        help="Every (w, b) twice, with a and −a, so that f = 0 at initialization: a fair lazy run needs it. Otherwise "
        "each sign is drawn at random.",
        section="Initialization",
    )
    seed: int = seed(
        0,
        label="Seed",
        help="Draws the initial weights. The same seed gives the same training run.",
        form="{}",
        section="Initialization",
    )
    seeds: int = whole(1, 1, 64, label="Number of seeds")
    step_limit: int = whole(
        20_000,
        1,
        200_000,
        label="Step limit",
        help="Gradient descent stops here if it has neither interpolated nor converged.",
        section="Optimizer",
        form="{:,}",
    )

    def settle(self) -> None:
        """Refuse settings that do not go together."""
        if len(self.x) != len(self.y):
            raise ExperimentError("x and y", "equally many numbers", f"{len(self.x)} and {len(self.y)}")
        points = sorted(zip(self.x, self.y, strict=True))
        self._set("x", tuple(point[0] for point in points))
        self._set("y", tuple(point[1] for point in points))
        for one, other in pairwise(self.x):
            if other - one < NEAREST:
                raise ExperimentError("x", f"different numbers, at least {NEAREST:g} apart", (one, other))
        if self.loss == "logistic" and not set(self.y) <= {-1.0, 1.0}:
            raise ExperimentError("y", "-1 or 1 with the logistic loss", self.y)
        if self.paired and self.width % 2:
            raise ExperimentError("width", "an even number where units are paired", self.width)

    @property
    def runs(self) -> int:
        """How many networks are trained."""
        return self.seeds


def rescaled(x: tuple[float, ...], y: tuple[float, ...]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return points moved to where an experiment takes them: x within [-1, 1], |y| at most 10.

    What is there already stays. Else x is shifted and scaled to fill [-1, 1] (units live on the circle of (x, 1), so
    where x lies matters), and y is divided by max |y|.

    Raises:
        ExperimentError: fewer than two points, more than 200, or no finite numbers.
    """
    for name, values in (("x", x), ("y", y)):
        if not FEWEST_POINTS <= len(values) <= MOST_POINTS:
            raise ExperimentError(name, f"{FEWEST_POINTS} to {MOST_POINTS} numbers", f"{len(values)} of them")
        for value in values:
            if not abs(value) < 1e300:  # false for NaN too
                raise ExperimentError(name, "finite numbers", value)
    low, high = min(x), max(x)
    if (low < -1 or high > 1) and low < high:
        x = tuple(min(max(2 * ((value - low) / (high - low)) - 1, -1.0), 1.0) for value in x)
    highest = max(map(abs, y))
    if highest > declared(Kinks)["y"].bounds.high:
        y = tuple(value / highest for value in y)
    return x, y
