"""The experiment on complexity: seeds of one network on one task, their predictions kept as they train."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from core.choices import DATASETS, IMAGES
from core.experiment import FEW_ROWS, Experiment
from core.field import Bounds, ExperimentError, csv_named, distinct, number, one_of, whole

NETWORKS = ("mlp", "cnn")
LIMITS: Mapping[str, Bounds] = {
    "n_train": Bounds(8, 32_768),
    "test_points": Bounds(100, 10_000),
    "label_noise": Bounds(0, 0.5),
    "width": Bounds(1, 2048),
    "depth": Bounds(0, 5),
    "filters": Bounds(1, 128),
    "learning_rate": Bounds(1e-6, 10),
    "batch_size": Bounds(1, 8192),
    "data_seed": Bounds(0, 2**31 - 1),
    "seed": Bounds(0, 2**31 - 1),
    "step_limit": Bounds(1, 200_000),
}
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

    dataset: str = "digits_halves"
    n_train: int = 898
    label_noise: float = 0.0
    """Share of training labels flipped, on top of what the data set flips; test labels stay clean."""
    csv_digest: str = ""
    test_points: int = 10_000
    """At most so many test points, on which all information is measured; a data set may have fewer."""
    network: str = "mlp"
    """mlp: `depth` hidden layers of `width` ReLU units; cnn: `depth` convolutions, then a dense layer of `width`."""
    depth: int = 2
    width: int = 128
    filters: int = 32
    """3 x 3 filters of every convolution; an mlp has none."""
    learning_rate: float = 0.02
    batch_size: int = 32
    data_seed: int = 0
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)
    step_limit: int = 8_000

    def __post_init__(self) -> None:
        set_ = object.__setattr__
        set_(self, "dataset", one_of("dataset", self.dataset, DATASETS))
        set_(self, "csv_digest", csv_named(self.dataset, self.csv_digest))
        set_(self, "network", one_of("network", self.network, NETWORKS))
        for name in ("n_train", "test_points", "width", "depth", "filters", "batch_size", "data_seed", "step_limit"):
            set_(self, name, whole(name, getattr(self, name), LIMITS[name]))
        for name in ("label_noise", "learning_rate"):
            set_(self, name, number(name, getattr(self, name), LIMITS[name]))
        set_(self, "seeds", distinct("seeds", self.seeds, MOST_SEEDS, LIMITS["seed"]))
        if self.batch_size > self.n_train:
            raise ExperimentError("batch_size", f"at most n_train = {self.n_train}", self.batch_size)
        if self.network == "cnn" and self.dataset not in IMAGES:
            raise ExperimentError("network", f"mlp, as {self.dataset} has no images", self.network)
        if self.network == "cnn" and not 1 <= self.depth <= 4:
            raise ExperimentError("depth", "1 to 4 convolutions", self.depth)
        if self.network == "mlp":
            set_(self, "filters", 32)  # of no meaning: one digest for one training

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
