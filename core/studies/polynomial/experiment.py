"""The experiment on polynomial regression: networks of infinite width, closed in a vector and a matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import number, numbers, seed, whole

MOST_ALPHAS = 8


@dataclass(frozen=True, kw_only=True)
class Polynomial(Experiment):
    """f = (alpha / N) sum_i phi(w_i.x), phi(h) = h + (epsilon / 2) h^2, learns y = (beta.x)^2 / 2.

    Kumar et al. 2023 (2310.06110), eq. 3: x ~ N(0, I / D) in D dimensions, |beta|^2 = D. F = f - f0 depends on the mean
    of the w_i and the mean of w_i w_i^T only, and so does its gradient descent on the mean over P points of
    (F - y)^2: the width has left the problem (`theory.step`). What is trained is the network of infinite width; a
    network of neurons is trained beside the closed form from its own weights for the first steps.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "polynomial"
    stored_as: ClassVar[str] = "grokking_polynomial"

    dimension: int = whole(
        50, 2, 100, label="Dimension D", help="Of the inputs.", section="Data", offered=(20, 35, 50, 70)
    )
    n_train: int = whole(
        250,
        2,
        1000,
        label="Training points P",
        help="There is no test set: the test loss is exact.",
        section="Data",
        offered=(100, 150, 250, 400, 700),
    )
    epsilon: float = number(
        1.0,
        0.01,
        4,
        label="ε",
        help="Weight of the square in the activation h + (ε/2) h².",
        section="Network",
        offered=(0.1, 0.3, 1.0, 3.0),
    )
    width: int = whole(
        50,
        2,
        1000,
        label="Neurons N",
        help="Of the network that is compared with the closed form.",
        section="Network",
        offered=(10, 50, 200),
    )
    alphas: tuple[float, ...] = numbers(
        (2**-8, 2**-6, 2**-4, 2**-2, 1.0, 4.0), 2**-12, 2**6, most=MOST_ALPHAS, label="Output scales α"
    )
    rate: float = number(
        0.5,
        0.001,
        2,
        label="Step size k",
        help="k = learning rate α² / N; it is multiplied by α / (3ε) where that is below 1.",
        section="Optimizer",
        offered=(0.1, 0.2, 0.5, 1.0),
    )
    step_limit: int = whole(
        6000,
        1,
        40_000,
        label="Steps",
        help="Of full-batch gradient descent.",
        section="Optimizer",
        offered=(1000, 6000, 20_000),
        form="{:,}",
    )
    seed: int = seed(label="Seed", help="Draws points, target and neurons.", section="Data", offered=(0, 1, 2, 3))

    @property
    def runs(self) -> int:
        """How many networks are trained: one an output scale."""
        return len(self.alphas)

    def step_size(self, alpha: float) -> float:
        """Return k, the learning rate times alpha^2 / N."""
        return self.rate * min(1.0, alpha / (3 * self.epsilon))
