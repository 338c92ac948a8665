"""The experiment on complexity: seeds of one network on one task, their predictions kept as they train."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from core.choices import DATASETS, IMAGES
from core.experiment import FEW_ROWS, Experiment
from core.field import choice, declared, number, seed, seeds, whole, word
from core.values import ExperimentError

NETWORKS = ("mlp", "cnn")
MOST_SEEDS = 9


@dataclass(frozen=True, kw_only=True)
class Complexity(Experiment):
    """Networks f that differ by their seeds, trained by plain SGD on mean log(1 + exp(-y f)).

    After Nakkiran et al. 2019 (1905.11604): Xavier-uniform weights, zero biases, a small learning rate, no momentum, no
    weight decay. `data_seed` draws the training set and which of its labels are flipped; a seed draws the weights and
    the batches. So all seeds face one task and are explained by one and the same simpler classifier.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "complexity"

    dataset: str = choice("digits_halves", DATASETS)
    n_train: int = whole(898, 8, 32_768)
    label_noise: float = number(0.0, 0, 0.5)
    """Share of training labels flipped, on top of what the data set flips; test labels stay clean."""
    csv_digest: str = word(
        "", r"([0-9a-f]{64})?", "the 64 hex digits of a loaded file with dataset csv, empty otherwise"
    )
    test_points: int = whole(10_000, 100, 10_000)
    """At most so many test points, on which all information is measured; a data set may have fewer."""
    network: str = choice("mlp", NETWORKS)
    """mlp: `depth` hidden layers of `width` ReLU units; cnn: `depth` convolutions, then a dense layer of `width`."""
    depth: int = whole(2, 0, 5)
    width: int = whole(128, 1, 2048)
    filters: int = whole(32, 1, 128)
    """3 x 3 filters of every convolution; an mlp has none."""
    learning_rate: float = number(0.02, 1e-6, 10)
    batch_size: int = whole(32, 1, 8192)
    data_seed: int = seed(0)
    seeds: tuple[int, ...] = seeds((0, 1, 2, 3, 4), MOST_SEEDS)
    step_limit: int = whole(8_000, 1, 200_000)

    def settle(self) -> None:
        """Refuse settings that do not go together."""
        if (self.dataset == "csv") != bool(self.csv_digest):
            allowed = declared(type(self))["csv_digest"].allowed
            raise ExperimentError("csv_digest", allowed, self.csv_digest)
        if self.batch_size > self.n_train:
            raise ExperimentError("batch_size", f"at most n_train = {self.n_train}", self.batch_size)
        if self.network == "cnn" and self.dataset not in IMAGES:
            raise ExperimentError("network", f"mlp, as {self.dataset} has no images", self.network)
        if self.network == "cnn" and not 1 <= self.depth <= 4:
            raise ExperimentError("depth", "1 to 4 convolutions", self.depth)
        if self.network == "mlp":
            self._set("filters", 32)  # of no meaning: one digest for one training

    @property
    def runs(self) -> int:
        """How many networks are trained."""
        return len(self.seeds)

    def with_table(self, csv_digest: str) -> Self:
        """Return the experiment on a person's own table, with few training points until they say how many."""
        few = min(self.n_train, FEW_ROWS)
        changes: dict[str, Any] = {"n_train": few, "batch_size": min(self.batch_size, few)}
        if self.network == "cnn":
            changes |= {"network": "mlp", "depth": 2, "width": 128}  # a table has no images
        return replace(self, dataset="csv", csv_digest=csv_digest, **changes)


LIMITS = {name: field.bounds for name, field in declared(Complexity).items()} | {
    "seed": declared(Complexity)["seeds"].bounds
}
