"""The experiment on two moons at a margin: one hidden layer, with no penalty, weight decay, or Spectral Decoupling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import number, numbers, seeds, whole
from core.values import ExperimentError

PENALTIES = ("none", "weight_decay", "spectral_decoupling")
"""What is added to the mean of log(1 + exp(-y f)): nothing, (weight_decay / 2) |w|^2, or decoupling * mean(f^2)."""
MOST_MARGINS, MOST_SEEDS = 4, 10


@dataclass(frozen=True, kw_only=True)
class Moons(Experiment):
    """Two moons on either side of x1 = 0, pulled apart by 2 margin, and a ReLU network with biases on their labels.

    The two moons of Pezeshki et al. 2021 (2011.09468), by the recipe in their public code, none of which is used here:
    300 points, noise 0.1, 500 hidden units, full-batch gradient descent with learning rate 0.01 and momentum 0.9,
    cross-entropy. At a margin of -0.1 a straight line cannot separate the moons, at +0.1 it can. Their Spectral
    Decoupling adds 0.003 mean(f^2): in the dual's terms lambda = 2 * decoupling. Every margin is trained with each of
    `PENALTIES`, from the same weights on the same points of a seed.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "moons"
    stored_as: ClassVar[str] = "learning_moons"

    n_train: int = whole(300, 10, 1000, label="Training points P")
    noise: float = number(
        0.1,
        0,
        0.5,
        label="Noise",
        help="Standard deviation of the normal noise on every coordinate.",
        section="Data",
        offered=(0.0, 0.05, 0.1, 0.15, 0.2),
    )
    margins: tuple[float, ...] = numbers((-0.1, 0.1), -0.5, 1, most=MOST_MARGINS, label="Margins Δ")
    width: int = whole(
        500,
        1,
        2000,
        label="Width",
        help="Hidden ReLU units.",
        section="Network and optimizer",
        offered=(50, 100, 200, 500, 1000),
    )
    weight_decay: float = number(
        0.01,
        0,
        1,
        label="Weight decay",
        help="λ of (λ/2)|w|² on all weights and biases, where weight decay is the penalty.",
        section="Penalties",
        offered=(0.0001, 0.001, 0.01, 0.1),
    )
    decoupling: float = number(
        0.003,
        0,
        1,
        label="Spectral Decoupling c",
        help="c of c · mean(f²), where Spectral Decoupling is the penalty.",
        section="Penalties",
        offered=(0.0003, 0.001, 0.003, 0.01, 0.03, 0.1),
    )
    learning_rate: float = number(
        0.01,
        1e-4,
        1,
        label="Learning rate",
        help="Of full-batch gradient descent.",
        section="Network and optimizer",
        offered=(0.003, 0.01, 0.03, 0.1),
    )
    momentum: float = number(
        0.9,
        0,
        0.99,
        label="Momentum",
        help="The share of a step that carries over to the next.",
        section="Network and optimizer",
        offered=(0.0, 0.5, 0.9),
    )
    seeds: tuple[int, ...] = seeds((0,), MOST_SEEDS, label="Seeds")
    step_limit: int = whole(
        1000,
        1,
        20_000,
        label="Steps",
        help="Full-batch steps: one is an epoch.",
        section="Network and optimizer",
        offered=(300, 1000, 3000, 10_000),
        form="{:,}",
    )

    def settle(self) -> None:
        """Refuse settings that do not go together."""
        if self.n_train % 2:
            raise ExperimentError("n_train", "an even number, half of the points in each moon", self.n_train)

    @property
    def cells(self) -> tuple[tuple[float, str, int], ...]:
        """(margin, penalty, seed) of every run, in order."""
        return tuple((margin, penalty, seed) for margin in self.margins for penalty in PENALTIES for seed in self.seeds)

    @property
    def runs(self) -> int:
        """How many networks are trained: one a margin, penalty and seed."""
        return len(self.cells)
