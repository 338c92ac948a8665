"""The experiment on directions: one hidden layer of ReLU units on inputs of any dimension, many training-set sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.choices import LABEL_LOSSES as LOSSES
from core.choices import SHARED_DATASETS as DATASETS
from core.experiment import Experiment
from core.field import choice, flag, number, seeds, whole, wholes
from core.values import ExperimentError

MOST_SIZES, MOST_SEEDS = 16, 32


@dataclass(frozen=True, kw_only=True)
class Directions(Experiment):
    """f(x) = sum_j a_j relu(v_j . x) on two classes, initialized small (Maennel, Bousquet, Gelly 2018, 1803.08367).

    v_j ~ N(0, sigma^2 / width) in every coordinate and |a_j| = |v_j|, so sum_j |a_j| |v_j| is about sigma^2 times the
    number of inputs, at any width. Labels are -1 and 1; the loss is the mean over points of (f - y)^2 / 2, or of
    log(1 + exp(-y f)); steps are full-batch gradient descent whose rate follows the run (`core.training.flow`).

    A network is trained for every size of the training set and every seed, until its loss is `target_loss` times that
    of f = 0: what is counted at the end is counted at equal training loss. A seed draws the training set and the
    weights; its smaller sets are the beginnings of its larger ones.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "directions"
    stored_as: ClassVar[str] = "kinks_directions"

    dataset: str = choice(
        "digits_parity", DATASETS, label="Dataset", help="Two classes, labels −1 and 1.", section="Data"
    )
    n_train: tuple[int, ...] = wholes(
        (20, 40, 80, 160, 320, 640),
        8,
        4096,
        most=MOST_SIZES,
        label="Training points P",
        help="Sizes of the training set, in increasing order, with commas between them. One size: its units are drawn. "
        "Several: their directions are counted.",
        section="Data",
    )
    seeds: tuple[int, ...] = seeds(
        (0, 1, 2, 3, 4),
        MOST_SEEDS,
        counted="how many",
        label="Seeds",
        help="Networks of each size. A seed draws the training set and the weights.",
        section="Data",
    )
    width: int = whole(
        256,
        1,
        1024,
        label="Width",
        help="Units of the hidden layer.",
        section="Network",
        offered=tuple(2**power for power in range(4, 11)),
        form="{:,}",
    )
    sigma: float = number(
        1e-3,
        1e-12,
        100,
        label="Scale σ",
        help="Initialization scale: v ~ N(0, σ²/width) in every coordinate, |a| = |v|. Small: directions align before "
        "f grows. Large: lazy, directions stay where they are.",
        section="Network",
        offered=(*(float(f"{digit}e{power}") for power in range(-6, 2) for digit in (1, 3)), 100.0),
    )
    paired: bool = flag(
        False,
        label="Units in pairs of opposite sign",
        help="Every v twice, with a and −a, so that f = 0 at initialization: a fair lazy run needs it. Otherwise "
        "each sign is drawn at random.",
        section="Network",
    )
    loss: str = choice(
        "squared",
        LOSSES,
        label="Loss",
        help="Squared: (f − y)²/2. Logistic: log(1 + exp(−y f)).",
        section="Optimizer",
    )
    target_loss: float = number(
        0.03,
        1e-8,
        0.9,
        label="Target loss",
        help="Share of the loss at f = 0 at which a network counts as fitted, and training ends: directions are "
        "counted at equal loss.",
        section="Optimizer",
        offered=(0.001, 0.003, 0.01, 0.02, 0.03, 0.1, 0.3),
    )
    step_limit: int = whole(
        50_000,
        1,
        200_000,
        label="Step limit",
        help="Gradient descent stops here if it has not come to the target loss.",
        section="Optimizer",
    )

    def settle(self) -> None:
        """Refuse settings that do not go together."""
        if self.paired and self.width % 2:
            raise ExperimentError("width", "an even number where units are paired", self.width)

    @property
    def runs(self) -> int:
        """How many networks are trained."""
        return len(self.n_train) * len(self.seeds)

    @property
    def cells(self) -> tuple[tuple[int, int], ...]:
        """The training-set size and seed of every run, in order: size, then seed."""
        return tuple((count, seed) for count in self.n_train for seed in self.seeds)
