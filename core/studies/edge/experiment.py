"""The experiment on the edge of stability: tanh networks at several learning rates, or at several batch sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from core.experiment import Experiment
from core.field import choice, numbers, seed, whole, wholes
from core.values import ExperimentError

MOST_RATES = 12
TASKS: Mapping[str, str] = {"chebyshev": "Chebyshev polynomial", "digits": "Small digits, ten classes"}


@dataclass(frozen=True, kw_only=True)
class Edge(Experiment):
    """tanh networks in gradient descent at several learning rates, or with minibatches of several sizes at one.

    On `chebyshev` n points lie evenly on [-1, 1] with the targets T_k(x), in float64; on `digits` n images have ten
    outputs, one for each class, with the targets 0 and 1, in float32. The loss is the mean over points of
    |f - y|^2 / 2; its sharpness S is the top eigenvalue of the Hessian of the loss on all points, and a step on a
    quadratic is stable where eta S < 2. Points and targets of the first kind, and the loss, are those of the code of
    Cohen et al. 2021 (2103.00065); the networks are smaller. Weights and biases begin uniform within 1 / sqrt(fan-in),
    the same in every run. Minibatches are drawn without replacement, anew at every step.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "edge"
    stored_as: ClassVar[str] = "learning_rate_edge"
    added: ClassVar[Mapping[str, Any]] = {"task": "chebyshev", "batch_sizes": ()}

    task: str = choice("chebyshev", TASKS, label="Task", section="Data")

    degree: int = whole(
        4,
        1,
        8,
        label="Degree of the target",
        help="The target is the Chebyshev polynomial T_k of this degree, on [−1, 1]. Digits have none.",
        section="Data",
        offered=(2, 3, 4, 5),
    )
    n: int = whole(20, 4, 1000, label="Training points", section="Data")
    widths: tuple[int, ...] = wholes((30, 20), 1, 100, most=4, order="any", label="Hidden units, layer by layer")
    rates: tuple[float, ...] = numbers(
        (0.05, 0.1, 0.15, 0.2, 0.3, 0.4), 1e-3, 4, most=MOST_RATES, label="Learning rates"
    )
    batch_sizes: tuple[int, ...] = wholes(
        (),
        1,
        1000,
        fewest=0,
        most=MOST_RATES,
        label="Batch sizes",
        help="Points a step, at one learning rate. Empty: all points at every step.",
    )
    every: int = whole(20, 1, 1000, label="Steps between measurements of the sharpness")
    step_limit: int = whole(
        8000,
        20,
        50_000,
        label="Steps",
        help="Of gradient descent.",
        section="Optimizer",
        offered=(2000, 3000, 4000, 8000, 16_000),
        form="{:,}",
    )
    seed: int = seed(
        label="Seed",
        help="Draws the initial weights, digits and batches.",
        section="Optimizer",
        offered=(0, 1, 2, 3, 4),
    )

    def settle(self) -> None:
        """Refuse settings that do not go together; a degree means nothing to digits."""
        if self.batch_sizes and len(self.rates) > 1:
            raise ExperimentError("rates", "one where there are batch sizes", self.rates)
        if self.batch_sizes and self.batch_sizes[-1] > self.n:
            raise ExperimentError("batch_sizes", f"at most n ({self.n})", self.batch_sizes[-1])
        if self.task == "digits":
            self._set("degree", 4)

    @property
    def dials(self) -> tuple[float, ...]:
        """What tells the runs apart: the batch sizes if there are any, or else the learning rates."""
        return tuple(map(float, self.batch_sizes)) or self.rates

    @property
    def dial(self) -> str:
        """The column of `dials`: batch_size or learning_rate."""
        return "batch_size" if self.batch_sizes else "learning_rate"

    @property
    def cells(self) -> tuple[tuple[float, int], ...]:
        """Learning rate and batch size of every run."""
        if self.batch_sizes:
            return tuple((self.rates[0], size) for size in self.batch_sizes)
        return tuple((rate, self.n) for rate in self.rates)

    @property
    def runs(self) -> int:
        """How many networks are trained: one a learning rate or batch size."""
        return len(self.cells)
