"""The experiment on the perceptron: exact SGD over a grid of data sets, margins, batch sizes and learning rates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from core.experiment import Experiment
from core.field import flag, numbers, seeds, whole, wholes
from core.values import ExperimentError

MOST_SEEDS, MOST_CELLS, MOST_VALUES = 32, 4096, 64


class PerceptronCell(NamedTuple):
    """What one perceptron is trained with."""

    seed: int
    chi: float
    n_train: int
    alpha: float
    batch_size: int
    learning_rate: float

    @property
    def temperature(self) -> float:
        """T = learning_rate / batch_size, the perceptron's convention (no width)."""
        return self.learning_rate / self.batch_size

    @property
    def kappa(self) -> float:
        """The hinge margin 1 / alpha."""
        return 1 / self.alpha


@dataclass(frozen=True, kw_only=True)
class Perceptron(Experiment):
    """f(x) = w.x / sqrt(d) from w = 0, by SGD on the hinge loss max(0, kappa - y f) with kappa = 1 / alpha.

    The data of Sclocchi, Geiger, Wyart 2023 (2301.13703): y = sign(x_1), x_1 has the density
    rho(x_1) ~ |x_1|^chi exp(-x_1^2 / 2), the other d - 1 inputs are N(0, 1). A step takes the mean gradient of a batch
    of B points drawn without replacement, independently of other steps; T = learning_rate / B. A run ends when every
    training point has y f >= kappa.

    A seed draws the training set and the batches; its smaller sets are the beginnings of its larger ones. A grid may
    hold several chi, so that one training compares their exponents.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "perceptron"
    stored_as: ClassVar[str] = "phase_plane_perceptron"

    chi: tuple[float, ...] = numbers(
        (1.0,),
        -0.9,
        8,
        most=MOST_VALUES,
        label="χ, density at the decision boundary",
        help="x₁ has the density |x₁|^χ exp(−x₁²/2): the larger χ, the fewer points lie near the decision boundary and "
        "the easier the classes are told apart. −0.9 to 8; several are compared.",
        section="Data",
    )
    dimensions: int = whole(
        64,
        2,
        512,
        label="Dimensions d",
        help="Inputs; one has the label, the others are noise.",
        section="Data",
        offered=(8, 16, 32, 64, 128, 256, 512),
        form="{:,}",
    )
    n_train: tuple[int, ...] = wholes(
        (2048,),
        8,
        4096,
        most=MOST_VALUES,
        label="Training points P",
        help="8 to 4,096; several give power laws.",
        section="Data",
    )
    batch_size: tuple[int, ...] = wholes(
        (2,),
        1,
        4096,
        most=MOST_VALUES,
        label="Batch sizes B",
        help="Drawn without replacement, at most P. Two or more make a plane with the learning rates.",
        section="Optimizer",
    )
    full_batch: bool = flag(
        False,
        label="Also B = P",
        help="Every training set with its full batch, too, at the largest learning rate: B* is read off there.",
        section="Optimizer",
    )
    """Whether every training set is also trained with B = n_train at the largest learning rate, where the first step
    decides: `batch_size` cannot say that for all of them, and at small rates it would be the same as any batch."""
    learning_rates: tuple[float, ...] = numbers(
        (1.0,),
        2**-20,
        2**20,
        most=MOST_CELLS,
        label="Learning rates η",
        help="T = η / B. A list, or a grid such as 2^-5..2^6/12.",
        section="Optimizer",
    )
    alphas: tuple[float, ...] = numbers(
        (128.0,),
        2**-10,
        2**20,
        most=MOST_CELLS,
        label="Output scales α",
        help="The hinge margin is κ = 1/α. Only T α matters: (κ, η) → (c κ, c η) multiplies w by c, and changes "
        "nothing else.",
        section="Optimizer",
    )
    seeds: tuple[int, ...] = seeds(
        (0, 1, 2),
        MOST_SEEDS,
        counted="how many",
        label="Seeds",
        help="A seed draws the training set and the batches; runs of the first seed can be watched.",
        section="Optimizer",
    )
    event_limit: int = whole(
        200_000,
        100,
        5_000_000,
        label="Limit of steps that move w",
        help="A run that reaches it has not fitted its data, and is marked.",
        section="Optimizer",
        offered=(20_000, 50_000, 200_000, 1_000_000, 5_000_000),
        form="{:,}",
    )
    """A run ends after so many steps that moved it; steps whose whole batch is fitted cost nothing and do not count."""

    def settle(self) -> None:
        """Refuse settings that do not go together."""
        most = self.n_train[0] - self.full_batch
        if self.batch_size[-1] > most:
            why = " where full_batch adds B = n_train" if self.full_batch else ""
            allowed = f"at most {most}, for n_train begins at {self.n_train[0]}{why}"
            raise ExperimentError("batch_size", allowed, self.batch_size[-1])
        if self.cells_a_seed > MOST_CELLS:
            raise ExperimentError("grid", f"at most {MOST_CELLS:,} cells", self.cells_a_seed)

    @property
    def cells_a_set(self) -> int:
        """How many perceptrons share a training set."""
        return len(self.alphas) * (len(self.batch_size) * len(self.learning_rates) + self.full_batch)

    @property
    def cells_a_seed(self) -> int:
        """How many perceptrons a seed has."""
        return len(self.chi) * len(self.n_train) * self.cells_a_set

    @property
    def runs(self) -> int:
        """How many perceptrons are trained."""
        return len(self.seeds) * self.cells_a_seed

    @property
    def step_limit(self) -> int:
        """What progress is measured by: `event_limit`; steps themselves have no limit."""
        return self.event_limit

    def steps_of(self, n_train: int) -> tuple[tuple[int, float], ...]:
        """Return the batch sizes and learning rates of a training set, the full batch last."""
        grid = tuple((batch, rate) for batch in self.batch_size for rate in self.learning_rates)
        return (*grid, (n_train, self.learning_rates[-1])) if self.full_batch else grid

    @property
    def cells(self) -> tuple[PerceptronCell, ...]:
        """What every run is trained with, ordered by seed, chi, n_train, alpha, batch size, learning rate."""
        return tuple(
            PerceptronCell(seed, chi, count, alpha, batch, rate)
            for seed in self.seeds
            for chi in self.chi
            for count in self.n_train
            for alpha in self.alphas
            for batch, rate in self.steps_of(count)
        )

    @property
    def watched(self) -> int:
        """The run that is watched unless another is chosen: of the first seed, the noisiest on the largest set of the
        middle chi."""
        middle, sizes = len(self.chi) // 2, len(self.n_train)
        before = (middle * sizes + sizes - 1) * self.cells_a_set
        at_alpha = (len(self.alphas) - 1) * (self.cells_a_set // len(self.alphas))
        return before + at_alpha + len(self.learning_rates) - 1
