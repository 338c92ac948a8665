"""The experiment on modular addition: networks of one initialization at several output scales, under plain descent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, ClassVar

from core.experiment import Experiment
from core.field import choice, flag, number, numbers, seeds, whole
from core.values import ExperimentError

LOSSES: Mapping[str, str] = {"squared": "squared", "cross_entropy": "cross-entropy"}
MOST_ALPHAS, MOST_SEEDS, MOST_RUNS, MOST_FRACTIONS = 8, 8, 40, 12
SMALLEST_MODULUS, LARGEST_MODULUS = 5, 47
STEEPEST = 0.24
"""Most eta0 over p^2 N times alpha, or alpha^(4/3) below 1: the curvature of a network that has fitted is in proportion
to 1 / these; from about 0.4 on squared loss diverges at small alpha (measured at p = 23, N = 100)."""


@dataclass(frozen=True, kw_only=True)
class Modular(Experiment):
    """f = alpha / (2 p N) W2 (W1 x)^2 learns (a + b) mod p, by full-batch gradient descent, without weight decay.

    x is the pair (a, b) one-hot in 2p inputs, W1 and W2 are N(0, 1), N is the width (Gromov 2023, 2301.02679, eq. 4).
    The predictor is F = f - f0, f0 being the untrained network, and the learning rate eta0 / alpha^2, so that training
    of the linearized network is the same at every alpha (Kumar et al. 2023, 2310.06110, app. 8). The loss is the mean
    over training pairs and outputs of (F - Y)^2, Y being one-hot, or the mean over pairs of cross-entropy. A fraction
    of all p^2 pairs is trained on, all others are the test set; with several `fractions` there is a network for each of
    them. All networks of a seed share the initialization and the order of the pairs, of which the first are trained on.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "modular"
    stored_as: ClassVar[str] = "grokking_modular"
    added: ClassVar[Mapping[str, Any]] = {"fractions": ()}

    p: int = whole(
        23,
        SMALLEST_MODULUS,
        LARGEST_MODULUS,
        label="Modulus p",
        help="The network adds two numbers below p, modulo p.",
        section="Data",
        offered=(13, 17, 23, 31, 47),
    )
    fraction: float = number(
        0.8,
        0.1,
        0.95,
        label="Fraction trained on",
        help="Of all p² pairs; all others are the test set.",
        section="Data",
        offered=(0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
    )
    fractions: tuple[float, ...] = numbers(
        (),
        0.1,
        0.95,
        fewest=0,
        most=MOST_FRACTIONS,
        label="Fractions trained on, of a plane",
        help="A network for each of them and every α. Empty: the one fraction.",
    )
    width: int = whole(
        100, 8, 512, label="Width N", help="Hidden units.", section="Network", offered=(25, 50, 100, 200)
    )
    alphas: tuple[float, ...] = numbers(
        (0.25, 1.0, 4.0, 8.0, 16.0), 2**-6, 2**6, most=MOST_ALPHAS, label="Output scales α"
    )
    subtract: bool = flag(
        True,
        label="Subtract f₀",
        help="Whether the output of the untrained network is subtracted: F = f − f₀.",
        section="Network",
    )
    loss: str = choice("squared", LOSSES, label="Loss", section="Optimizer")
    rate: float = number(
        1e5,
        10,
        1e6,
        label="Largest η₀",
        help="The learning rate is η₀ / α². η₀ is capped at 0.24 p² N α (α^(4/3) for α < 1), to avoid divergence; "
        "cross-entropy, whose gradient is p / 2 times as large, takes 2 / p of it.",
        section="Optimizer",
        offered=(1e4, 3e4, 1e5, 3e5),
        form="{:,.0f}",
    )
    decay: float = number(
        0.0,
        0,
        0.01,
        label="Weight decay",
        help="Every step shrinks all weights by this share.",
        section="Optimizer",
        offered=(0.0, 1e-5, 1e-4, 1e-3),
    )
    step_limit: int = whole(
        4000,
        1,
        60_000,
        label="Steps",
        help="Of full-batch gradient descent.",
        section="Optimizer",
        offered=(1000, 4000, 12_000, 40_000),
        form="{:,}",
    )
    seeds: tuple[int, ...] = seeds(
        (0, 1, 2),
        MOST_SEEDS,
        label="Number of seeds",
        help="Each draws the pairs and the initial weights.",
        section="Network",
        counted="how many",
    )

    def settle(self) -> None:
        """Refuse more runs than a page shows; the one fraction means nothing where there are several."""
        if self.fractions:
            self._set("fraction", 0.8)
        if self.runs > MOST_RUNS:
            what = "alphas x fractions x seeds" if self.fractions else "alphas x seeds"
            raise ExperimentError(what, f"at most {MOST_RUNS} runs", self.runs)

    @property
    def runs(self) -> int:
        """How many networks are trained: one an alpha, fraction and seed."""
        return len(self.alphas) * len(self.shares) * len(self.seeds)

    @property
    def shares(self) -> tuple[float, ...]:
        """The fractions that are trained on: several, or the one."""
        return self.fractions or (self.fraction,)

    @property
    def networks(self) -> tuple[tuple[float, float, int], ...]:
        """The alpha, fraction and seed of every run: all seeds of the first alpha and fraction first."""
        return tuple(product(self.alphas, self.shares, self.seeds))

    def n_train(self, fraction: float) -> int:
        """Return how many pairs are trained on."""
        return round(fraction * self.p**2)

    def base_rate(self, alpha: float) -> float:
        """Return eta0, the learning rate times alpha^2."""
        steepest: float = STEEPEST * self.p**2 * self.width * min(alpha, alpha ** (4 / 3))
        found = min(self.rate, steepest)
        return found if self.loss == "squared" else 2 * found / self.p

    def learning_rate(self, alpha: float) -> float:
        """Return the learning rate at an output scale."""
        return self.base_rate(alpha) / alpha**2
