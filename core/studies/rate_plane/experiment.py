"""The experiment on the (alpha, learning rate) plane: one network from one initialization in every cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import numbers, seed, whole
from core.values import ExperimentError, log2_grid

MOST_ALPHAS, MOST_RATES, MOST_RUNS = 16, 24, 256
STABLE = 2.0
"""eta S, or c in the lazy limit, above which a step on a quadratic raises the loss."""
FIT = 0.05
"""A run is fitted when its loss is this share of the initial one."""


@dataclass(frozen=True, kw_only=True)
class RatePlane(Experiment):
    """Networks with GELU units on digits, odd against even, at every output scale alpha and learning rate c / lambda_0.

    The convention is that of the phase plane (Sclocchi, Geiger, Wyart 2023, 2301.13703): F = f(w, x) - f(w0, x),
    weights N(0, 1), hidden layers 1 / sqrt(fan-in), head 1 / width, no biases. The loss is the mean over training
    points of (F - y / alpha)^2 / 2 under full-batch gradient descent; lambda_0 is the top eigenvalue of the tangent
    kernel over n at initialization, which does not depend on alpha. The path of the weights is that on
    (alpha F - y)^2 / (2 alpha) at the learning rate eta / alpha.

    At every alpha one more network follows gradient flow: its learning rate is 0.3 / S, S being the sharpness.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "rate_plane"
    stored_as: ClassVar[str] = "learning_rate_plane"

    depth: int = whole(
        2,
        1,
        3,
        label="Hidden layers D",
        help="The law of the final sharpness has an exponent of its own for each depth.",
        section="Network",
    )
    width: int = whole(32, 8, 128, label="Width", section="Network", offered=(8, 16, 32, 64, 128))
    n_train: int = whole(
        200,
        16,
        512,
        label="Training points",
        help="Digits; odd ones have the label −1, even ones 1.",
        section="Data",
        offered=(64, 128, 200, 400),
    )
    alphas: tuple[float, ...] = numbers(
        log2_grid(-6, 6, 9),
        2.0**-10,
        2.0**10,
        most=MOST_ALPHAS,
        label="Output scales α",
        help="Increasing: 2^-6..2^6/9 are nine powers of two from 2^-6 to 2^6, and 1,4,2^6 are three.",
        section="The plane",
    )
    rates: tuple[float, ...] = numbers(
        log2_grid(-8.5, 4.5, 14),
        2.0**-14,
        2.0**10,
        most=MOST_RATES,
        label="Learning rates c",
        help="c = η λ₀, learning rate times initial curvature, typed in the same ways.",
        section="The plane",
    )
    """c = learning rate times lambda_0, one network each at every alpha."""
    step_limit: int = whole(
        3000,
        25,
        20_000,
        label="Steps",
        help="A run ends when its loss is 5 % of the initial one, or after so many steps of gradient descent.",
        section="The plane",
        offered=(500, 1000, 3000, 10_000),
        form="{:,}",
    )
    seed: int = seed(
        label="Seed",
        help="Draws the training set and the initial weights.",
        section="Network",
        offered=(0, 1, 2, 3),
    )

    def settle(self) -> None:
        """Refuse a plane that is too large."""
        if self.runs > MOST_RUNS:
            allowed = f"at most {MOST_RUNS} runs, one more at every alpha than there are rates"
            raise ExperimentError("alphas x rates", allowed, self.runs)

    @property
    def runs(self) -> int:
        """How many networks are trained: at every alpha one a learning rate, and one along gradient flow."""
        return len(self.alphas) * (len(self.rates) + 1)

    @property
    def cells(self) -> tuple[tuple[float, float], ...]:
        """alpha and c of every run, in the order of the runs; c is 0 along gradient flow."""
        return tuple((alpha, c) for alpha in self.alphas for c in (*self.rates, 0.0))
