"""The experiment on greedy construction: one unit at a time, or all at once from a small initialization."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.choices import SHARED_DATASETS as DATASETS
from core.experiment import Experiment
from core.field import choice, number, seeds, whole, wholes

MOST_SIZES, MOST_SEEDS = 12, 16
METHODS = ("greedy", "descent")
"""How a network is found: unit by unit, or by gradient descent on all units."""


@dataclass(frozen=True, kw_only=True)
class Greedy(Experiment):
    """f(x) = sum_j a_j relu(v_j . x) on two classes, found in two ways (Maennel, Bousquet, Gelly 2018, 1803.08367).

    Greedily: from f = 0, a tiny unit is put in the direction in which one would grow fastest, all units are trained
    until the loss rests, and so on: a reconstruction of the paper's construction. By descent: `width` units begin with
    v_j ~ N(0, sigma^2 / width) in every coordinate and |a_j| = |v_j|. Labels are -1 and 1, the loss is the mean over
    points of (f - y)^2 / 2, steps are full-batch gradient descent whose rate follows the run (`core.training.flow`).
    Either ends when its loss is `target_loss` times that of f = 0, so that what is counted is counted at equal loss.

    A seed draws the training set and the weights; its smaller sets are the beginnings of its larger ones. Runs go
    through sizes, then seeds, then the two ways.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "greedy"

    dataset: str = choice(
        "digits_parity", DATASETS, label="Dataset", help="Two classes, labels −1 and 1.", section="Data"
    )
    n_train: tuple[int, ...] = wholes(
        (20, 40, 80, 160, 320),
        8,
        2048,
        most=MOST_SIZES,
        label="Training points P",
        help="Sizes of the training set, in increasing order, with commas between them.",
        section="Data",
    )
    seeds: tuple[int, ...] = seeds(
        (0, 1, 2),
        MOST_SEEDS,
        counted="how many",
        label="Seeds",
        help="A seed draws the training set and the weights.",
        section="Data",
    )
    width: int = whole(
        256,
        1,
        1024,
        label="Width",
        help="Units of the network that gradient descent trains.",
        section="Network",
        offered=tuple(2**power for power in range(4, 11)),
        form="{:,}",
    )
    sigma: float = number(
        1e-3,
        1e-12,
        1,
        label="Scale σ",
        help="Of that network's initialization: v ~ N(0, σ²/width) in every coordinate, |a| = |v|.",
        section="Network",
        offered=(*(float(f"1e{power}") for power in range(-12, 0, 3)), 0.01, 0.1, 1.0),
    )
    target_loss: float = number(
        0.03,
        1e-6,
        0.9,
        label="Target loss",
        help="Share of the loss at f = 0 at which training ends.",
        section="Optimizer",
        offered=(0.003, 0.01, 0.03, 0.1, 0.3),
    )
    step_limit: int = whole(
        100_000,
        1,
        200_000,
        label="Step limit",
        help="Gradient descent stops here if it has not come to the target loss; so does the construction.",
        section="Optimizer",
    )

    @property
    def runs(self) -> int:
        """How many networks are trained: two a size and seed."""
        return len(METHODS) * len(self.n_train) * len(self.seeds)

    @property
    def cells(self) -> tuple[tuple[int, int, str], ...]:
        """The training-set size, seed and way of every run, in order."""
        return tuple((count, seed, how) for count in self.n_train for seed in self.seeds for how in METHODS)
