"""The Explorer's experiment: a plane of output scales and temperatures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self

from core.choices import ACTIVATIONS, DATASETS
from core.experiment import FEW_ROWS, Experiment, own_table
from core.field import choice, numbers, seeds, whole, wholes
from core.values import ExperimentError, log2_grid

MOST_RUNS = 1024
MOST_SEEDS = 9


@dataclass(frozen=True, kw_only=True)
class Explorer(Experiment):
    """A whole (alpha, T) plane of one family of networks, trained as one stack (a single run is a 1 x 1 plane).

    The convention is that of Sclocchi, Geiger, Wyart 2023 (2301.13703): predictor F = f(w, x) - f(w0, x), hinge loss
    max(0, 1/alpha - y F), weights N(0, 1), head 1/width, temperature T = learning_rate / (batch_size * width), batches
    without replacement, stop when every training point is fitted.

    A seed draws the training set, the weights and the batches, each from a generator of its own; all cells of a seed
    share the three, so that cells differ by alpha and T alone.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "explorer"

    dataset: str = choice(
        "digits_parity", DATASETS, label="Dataset", help="Every task has two classes, −1 and +1.", section="Data"
    )
    n_train: int = whole(512, 8, 8192, label="Training points P", help="The test set stays the same.", section="Data")
    width: int = whole(
        64,
        1,
        1024,
        label="Width",
        help="Units in each hidden layer; each has one kink on the data line.",
        section="Network and training",
    )
    depth: int = whole(1, 1, 5, label="Hidden layers", section="Network and training")
    activation: str = choice(
        "relu",
        ACTIVATIONS,
        label="Activation",
        help="ReLU has a kink where it switches on; GELU switches smoothly at the same place.",
        section="Network and training",
    )
    alphas: tuple[float, ...] = numbers(
        log2_grid(-8, 10, 12), 2.0**-14, 2.0**15, most=MOST_RUNS, label="Output scales α"
    )
    temperatures: tuple[float, ...] = numbers(
        log2_grid(-10, -1, 12), 2.0**-24, 2.0**6, most=MOST_RUNS, label="Temperatures T"
    )
    batch_size: int = whole(
        16,
        1,
        8192,
        label="Batch size",
        help="Points per step, without replacement. With all points it is gradient descent without noise.",
        section="Network and training",
    )
    seeds: tuple[int, ...] = seeds((0,), MOST_SEEDS, label="Seeds")
    step_limit: int = whole(
        20_000,
        1,
        200_000,
        label="Step limit",
        help="A run that has not fitted every point by then is stopped and drawn as such.",
        section="More",
    )
    line: tuple[int, ...] = wholes(
        (),
        0,
        8191,
        fewest=0,
        most=2,
        order="different",
        label="Line through training points",
        help="Kinks are drawn on the line through the two class means, or through two training points that you name, "
        "such as 3,17.",
        section="More",
    )
    csv_digest: str = own_table()
    """A changed file is another experiment."""

    def settle(self) -> None:
        """Refuse settings that do not go together."""
        if len(self.line) == 1 or any(row >= self.n_train for row in self.line):
            allowed = f"empty for the class means, or two different training points, 0 to {self.n_train - 1}"
            raise ExperimentError("line", allowed, self.line)
        if self.batch_size > self.n_train:
            raise ExperimentError("batch_size", f"1 to n_train ({self.n_train})", self.batch_size)
        if self.runs > MOST_RUNS:
            raise ExperimentError("alphas x temperatures x seeds", f"at most {MOST_RUNS} runs", self.runs)
        self.check_own_table()

    @property
    def runs(self) -> int:
        """How many networks are trained."""
        return len(self.alphas) * len(self.temperatures) * len(self.seeds)

    def learning_rate(self, temperature: float) -> float:
        """Return T * batch_size * width, the step size on the mean loss of a batch."""
        return temperature * self.batch_size * self.width

    def temperature(self, learning_rate: float) -> float:
        """Return learning_rate / (batch_size * width)."""
        return learning_rate / (self.batch_size * self.width)

    def with_table(self, csv_digest: str) -> Self:
        """Return the experiment on a person's own table, with few training points until they say how many."""
        few = min(self.n_train, FEW_ROWS)
        return replace(self, dataset="csv", csv_digest=csv_digest, n_train=few, batch_size=min(self.batch_size, few))

    def at(self, alpha: float, temperature: float) -> Self:
        """Return the 1 x 1 plane of one cell: the same run, trained by itself."""
        return replace(self, alphas=(alpha,), temperatures=(temperature,))
