"""The experiment on the catapult: one network from one initialization at many learning rates at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import choice, numbers, seed, whole

ACTIVATIONS: Mapping[str, str] = {"relu": "ReLU", "tanh": "tanh", "linear": "linear"}
MOST_RATES = 16
STABLE, LARGEST = 2.0, 4.0
"""c = learning rate times the top eigenvalue of the tangent kernel: above the first the loss rises at once, above the
second the toy diverges."""


@dataclass(frozen=True, kw_only=True)
class Catapult(Experiment):
    """f(x) = v.act(U x / sqrt d) / sqrt w on digits, odd against even, at learning rates c / lambda_0, one for each c.

    The loss is the mean over training points of (f - y)^2 / 2, y being -1 or 1, under full-batch gradient descent;
    lambda_0 is the top eigenvalue of the tangent kernel over n at initialization. NTK scaling: U ~ N(0, 2) for ReLU and
    N(0, 1) otherwise, v ~ N(0, 1), no biases. All networks start alike. The toy, which is exact, has the same width:
    f = u.v / sqrt w on one sample (Lewkowycz et al. 2020, 2003.02218).

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "catapult"
    stored_as: ClassVar[str] = "learning_rate_catapult"

    activation: str = choice(
        "relu",
        ACTIVATIONS,
        label="Activation",
        help="Of the hidden layer. A linear network is the closest to the toy.",
        section="Network",
    )
    width: int = whole(
        256,
        16,
        4096,
        label="Width",
        help="Hidden units of the networks, and the width of the toy.",
        section="Network",
        offered=(16, 64, 256, 1024),
        form="{:,}",
    )
    n_train: int = whole(
        128,
        16,
        512,
        label="Training points",
        help="Digits; odd ones have the label −1, even ones 1.",
        section="Data",
        offered=(32, 64, 128, 256),
    )
    rates: tuple[float, ...] = numbers(
        (1.0, 1.5, 1.9, 2.2, 2.5, 3.0, 3.5, 4.0, 6.0, 10.0, 16.0, 24.0), 0.05, 64, most=MOST_RATES, label="c trained"
    )
    """c = learning rate times lambda_0, one network each."""
    step_limit: int = whole(
        300,
        1,
        5000,
        label="Steps",
        help="Of full-batch gradient descent.",
        section="Optimizer",
        offered=(100, 300, 1000),
        form="{:,}",
    )
    seed: int = seed(
        label="Seed",
        help="Draws the training set and the initial weights.",
        section="Network",
        offered=(0, 1, 2, 3),
    )

    @property
    def runs(self) -> int:
        """How many networks are trained: one a learning rate."""
        return len(self.rates)
