"""The Explorer's experiment: a plane of output scales and temperatures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

from core.choices import ACTIVATIONS, DATASETS
from core.experiment import FEW_ROWS, Experiment
from core.field import Bounds, ExperimentError, csv_named, distinct, log2_grid, numbers, one_of, whole

LIMITS: Mapping[str, Bounds] = {
    "n_train": Bounds(8, 8192),
    "width": Bounds(1, 1024),
    "depth": Bounds(1, 5),
    "alpha": Bounds(2.0**-14, 2.0**15),
    "temperature": Bounds(2.0**-24, 2.0**6),
    "batch_size": Bounds(1, 8192),
    "seed": Bounds(0, 2**31 - 1),
    "step_limit": Bounds(1, 200_000),
}
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

    dataset: str = "digits_parity"
    n_train: int = 512
    width: int = 64
    depth: int = 1
    activation: str = "relu"
    alphas: tuple[float, ...] = field(default_factory=lambda: log2_grid(-8, 10, 12))
    temperatures: tuple[float, ...] = field(default_factory=lambda: log2_grid(-10, -1, 12))
    batch_size: int = 16
    seeds: tuple[int, ...] = (0,)
    step_limit: int = 20_000
    line: tuple[int, ...] = ()
    """Two training points (their rows) that the line of the kinks passes through; empty: the two class means."""
    csv_digest: str = ""
    """For dataset `csv`: the SHA-256 of the file, so that a changed file is another experiment."""

    def __post_init__(self) -> None:
        set_ = object.__setattr__
        set_(self, "dataset", one_of("dataset", self.dataset, DATASETS))
        set_(self, "activation", one_of("activation", self.activation, ACTIVATIONS))
        for name in ("n_train", "width", "depth", "batch_size", "step_limit"):
            set_(self, name, whole(name, getattr(self, name), LIMITS[name]))
        set_(self, "alphas", numbers("alphas", self.alphas, LIMITS["alpha"]))
        set_(self, "temperatures", numbers("temperatures", self.temperatures, LIMITS["temperature"]))
        set_(self, "seeds", distinct("seeds", self.seeds, MOST_SEEDS, LIMITS["seed"]))
        set_(self, "line", _line(self.line, self.n_train))
        if self.batch_size > self.n_train:
            raise ExperimentError("batch_size", f"1 to n_train ({self.n_train})", self.batch_size)
        if self.runs > MOST_RUNS:
            raise ExperimentError("alphas x temperatures x seeds", f"at most {MOST_RUNS} runs", self.runs)
        set_(self, "csv_digest", csv_named(self.dataset, self.csv_digest))

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


def _line(values: object, n_train: int) -> tuple[int, ...]:
    allowed = f"empty for the class means, or two different training points, 0 to {n_train - 1}"
    if not isinstance(values, tuple | list) or len(values) not in (0, 2):
        raise ExperimentError("line", allowed, values)
    rows = tuple(whole("line", value, Bounds(0, n_train - 1)) for value in values)
    if len(set(rows)) < len(rows):
        raise ExperimentError("line", allowed, values)
    return rows
