"""The experiment on a linear model that overfits: SGD on noisy labels from three initializations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import number, numbers, seeds, whole
from core.values import ExperimentError

STARTS = (1.0, 0.0, -1.0)
"""w_1 at initialization, all other weights 0: the simple classifier, nothing, and the simple classifier's opposite."""
MOST_SEEDS, MOST_RATIOS, MOST_DIMENSIONS = 32, 24, 20_000


@dataclass(frozen=True, kw_only=True)
class LinearModel(Experiment):
    """f(x) = w.x on x = (s, z), in the spirit of Theorem 1 of Nakkiran et al. 2019 (1905.11604).

    The true label s is -1 or 1, each half the time, and z ~ N(0, sigma^2) in each of d > n dimensions is noise. The n
    training labels y are s, flipped with probability eta. SGD of batch 1 on (f - y)^2 / 2 starts at w = (a, 0, ..., 0)
    for each a of `STARTS`; its learning rate is rate / (1 + sigma^2 d). From every initialization a seed sees the same
    samples in the same order. The constants and the distribution of the paper's own theorem are not known to us.

    `d_over_n` is that of the training; `ratios` are the d / n whose interpolators are compared, on the same samples
    with fewer or more dimensions of noise.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "linear_model"
    stored_as: ClassVar[str] = "complexity_theorem"

    n: int = whole(
        200,
        10,
        1000,
        label="Training points n",
        section="Data",
        offered=(50, 100, 200, 400),
        form="{:,}",
    )
    d_over_n: float = number(
        20.0,
        1.1,
        1000,
        label="Dimensions per training point d/n",
        help="Dimensions of noise for every training point. Above 1 every labelling can be fitted.",
        section="Data",
        offered=(1.1, 1.25, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 50.0),
    )
    eta: float = number(
        0.1,
        0,
        0.49,
        label="Label noise η",
        help="Share of training labels that are flipped. New points are judged by their true labels.",
        section="Data",
        offered=tuple(share / 100 for share in range(0, 50, 5)),
    )
    sigma: float = number(
        1.0,
        0.01,
        10,
        label="Noise σ",
        help="z ~ N(0, σ²) in every dimension of noise; the true label is worth ±1.",
        section="Data",
        offered=(0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0),
    )
    rate: float = number(
        0.5,
        0.01,
        4,
        label="Step size",
        help="Share of the residual of the point at hand that a step removes, on average: the learning rate is this "
        "over 1 + σ²d. From 2 on SGD diverges.",
        section="SGD",
        offered=(0.1, 0.25, 0.5, 1.0, 1.5, 1.9, 2.2, 3.0),
    )
    ratios: tuple[float, ...] = numbers(
        (1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0), 1.1, 1000, most=MOST_RATIOS, label="d/n compared"
    )
    seeds: tuple[int, ...] = seeds((0, 1, 2, 3, 4), MOST_SEEDS, label="Seeds")
    step_limit: int = whole(
        6400,
        1,
        100_000,
        label="Steps",
        help="SGD steps, one training point each.",
        section="SGD",
        offered=(400, 1600, 6400, 20_000, 50_000),
        form="{:,}",
    )

    def settle(self) -> None:
        """Refuse settings that do not go together."""
        for name, largest in (("d_over_n", self.d_over_n), ("ratios", self.ratios[-1])):
            if self.dimensions(largest) > MOST_DIMENSIONS:
                allowed = f"at most {MOST_DIMENSIONS:,} dimensions, {MOST_DIMENSIONS / self.n:g} times n = {self.n}"
                raise ExperimentError(name, allowed, largest)

    @property
    def runs(self) -> int:
        """How many seeds are trained, each from every initialization."""
        return len(self.seeds)

    @property
    def every_ratio(self) -> tuple[float, ...]:
        """`ratios` and `d_over_n`, ascending: the d / n whose interpolators are known."""
        return tuple(sorted({*self.ratios, self.d_over_n}))

    def dimensions(self, ratio: float) -> int:
        """Return d, how many dimensions of noise there are at a ratio d / n."""
        return round(ratio * self.n)

    @property
    def learning_rate(self) -> float:
        """rate / (1 + sigma^2 d), 1 + sigma^2 d being the mean of |x|^2."""
        return self.rate / (1 + self.sigma**2 * self.dimensions(self.d_over_n))
