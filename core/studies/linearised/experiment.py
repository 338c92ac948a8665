"""The experiment on laziness: a plane of networks, each beside its linearisation at initialization."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import ClassVar, NamedTuple

from core.choices import ACTIVATIONS
from core.choices import SHARED_DATASETS as DATASETS
from core.experiment import Experiment
from core.field import choice, numbers, seeds, whole
from core.values import ExperimentError, log2_grid

MOST_RUNS = 1024
MOST_SEEDS = 9


class Pair(NamedTuple):
    """The place of a network and of its linearisation."""

    seed: int
    alpha: float
    temperature: float


@dataclass(frozen=True, kw_only=True)
class Linearised(Experiment):
    """A plane of networks from several seeds, and the linearisation of each, F = grad f(w0, x) . (w - w0).

    Both are trained from the same initialization on the same batches of the same data, by SGD on the hinge loss
    max(0, 1/alpha - y F), in the convention of Sclocchi, Geiger, Wyart 2023 (2301.13703): see the Explorer, whose
    networks these are, bit for bit. A lazy network is one that trains as its linearisation does (Chizat, Oyallon, Bach
    2019, 1812.07956). Runs go through seeds, then alphas, then temperatures.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "linearised"

    dataset: str = choice("digits_parity", DATASETS, label="Dataset", help="Every task has two classes, −1 and +1.")
    n_train: int = whole(512, 8, 4096, label="Training points P", help="The tangent kernel has P² entries.")
    width: int = whole(64, 1, 1024, label="Width", help="Units in each hidden layer.")
    depth: int = whole(1, 1, 5, label="Hidden layers")
    activation: str = choice("relu", ACTIVATIONS, label="Activation")
    alphas: tuple[float, ...] = numbers(
        log2_grid(-8, 10, 12), 2.0**-14, 2.0**15, most=MOST_RUNS, label="Output scales α"
    )
    temperatures: tuple[float, ...] = numbers(
        log2_grid(-10, -1, 12), 2.0**-24, 2.0**6, most=MOST_RUNS, label="Temperatures T"
    )
    batch_size: int = whole(16, 1, 4096, label="Batch size", help="Points a step, without replacement.")
    seeds: tuple[int, ...] = seeds((0, 1, 2, 3, 4), MOST_SEEDS, label="Seeds")
    step_limit: int = whole(
        20_000, 1, 200_000, label="Step limit", help="A run that has not fitted every point by then is stopped."
    )

    def settle(self) -> None:
        """Refuse settings that do not go together."""
        if self.batch_size > self.n_train:
            raise ExperimentError("batch_size", f"1 to n_train ({self.n_train})", self.batch_size)
        if self.runs > MOST_RUNS:
            raise ExperimentError("alphas x temperatures x seeds", f"at most {MOST_RUNS} runs", self.runs)

    @property
    def runs(self) -> int:
        """How many networks are trained, each with its linearisation."""
        return len(self.alphas) * len(self.temperatures) * len(self.seeds)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Where each run lies, in the order of the run axis."""
        return tuple(Pair(*place) for place in product(self.seeds, self.alphas, self.temperatures))

    def learning_rate(self, temperature: float) -> float:
        """Return T * batch_size * width, the step size on the mean loss of a batch."""
        return temperature * self.batch_size * self.width
