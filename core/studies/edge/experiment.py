"""The experiment on the edge of stability: tanh networks learn a Chebyshev polynomial at several learning rates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import numbers, seed, whole, wholes

MOST_RATES = 12


@dataclass(frozen=True, kw_only=True)
class Edge(Experiment):
    """tanh networks on n points evenly on [-1, 1] with the targets T_k(x), in full-batch gradient descent, in float64.

    The loss is the mean over points of (f - y)^2 / 2; its sharpness S is the top eigenvalue of its Hessian, and a step
    on a quadratic is stable where eta S < 2. The points, targets and loss are those of the code of Cohen et al. 2021
    (2103.00065); the network is smaller. Weights and biases begin uniform within 1 / sqrt(fan-in), the same at every
    learning rate.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "edge"
    stored_as: ClassVar[str] = "learning_rate_edge"

    degree: int = whole(
        4,
        1,
        8,
        label="Degree of the target",
        help="The target is the Chebyshev polynomial T_k of this degree, from −1 to 1.",
        section="Data",
        offered=(2, 3, 4, 5),
    )
    n: int = whole(20, 4, 200, label="Training points", section="Data")
    widths: tuple[int, ...] = wholes((30, 20), 1, 100, most=4, order="any", label="Hidden units, layer by layer")
    rates: tuple[float, ...] = numbers(
        (0.05, 0.1, 0.15, 0.2, 0.3, 0.4), 1e-3, 4, most=MOST_RATES, label="Learning rates"
    )
    every: int = whole(20, 1, 1000, label="Steps between measurements of the sharpness")
    step_limit: int = whole(
        8000,
        20,
        50_000,
        label="Steps",
        help="Of full-batch gradient descent.",
        section="Optimizer",
        offered=(2000, 4000, 8000, 16_000),
        form="{:,}",
    )
    seed: int = seed(label="Seed", help="Draws the initial weights.", section="Optimizer", offered=(0, 1, 2, 3, 4))

    @property
    def runs(self) -> int:
        """How many networks are trained: one a learning rate."""
        return len(self.rates)
