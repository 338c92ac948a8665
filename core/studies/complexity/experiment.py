"""The experiment on complexity: seeds of one network on one task, their predictions kept as they train."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from core.choices import DATASETS as OF_TWO_CLASSES
from core.choices import IMAGES, SHARED_DATASETS, TEN_CLASSES
from core.experiment import FEW_ROWS, Experiment, own_table
from core.field import choice, number, seed, seeds, whole
from core.values import ExperimentError

NETWORKS = {"mlp": "Fully connected", "cnn": "Convolutional"}
DATASETS = {**SHARED_DATASETS, **TEN_CLASSES, "csv": OF_TWO_CLASSES["csv"]}
MOST_CONVOLUTIONS = 4
MOST_SEEDS = 9


@dataclass(frozen=True, kw_only=True)
class Complexity(Experiment):
    """Networks f that differ by their seeds, trained by plain SGD on mean log(1 + exp(-y f)), or, of ten classes, on
    softmax cross-entropy; how many classes there are the data set says.

    After Nakkiran et al. 2019 (1905.11604): Xavier-uniform weights, zero biases, a small learning rate, no momentum, no
    weight decay. `data_seed` draws the training set and which of its labels are flipped; a seed draws the weights and
    the batches. So all seeds face one task and are explained by one and the same simpler classifier.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "complexity"

    dataset: str = choice(
        "digits_halves", DATASETS, label="Dataset", help="Tasks of two classes, −1 and +1, or of ten.", section="Data"
    )
    n_train: int = whole(898, 8, 32_768, label="Training points P", help="The test set stays the same.", section="Data")
    label_noise: float = number(
        0.0,
        0,
        0.5,
        label="Label noise",
        help="Share of training labels flipped, on top of what the data set flips, or of ten classes changed to one of "
        "the other nine; test labels stay clean.",
        section="Data",
        offered=(0.0, 0.05, 0.1, 0.2, 0.3, 0.4),
        form="{:.0%}",
    )
    csv_digest: str = own_table()
    test_points: int = whole(
        10_000,
        100,
        10_000,
        label="Test points",
        help="The most points used to measure information; a data set may have fewer.",
    )
    network: str = choice(
        "mlp",
        NETWORKS,
        label="Network",
        help="Fully connected: layers of ReLU units. Convolutional: 3 × 3 convolutions with ReLU, pooling after the "
        "first two, then a dense layer; for images.",
        section="Network and training",
    )
    depth: int = whole(
        2,
        0,
        5,
        label="Depth",
        help="Hidden layers, or convolutions (1 to 4). Without a hidden layer the network is linear.",
        section="Network and training",
    )
    width: int = whole(
        128,
        1,
        2048,
        label="Width",
        help="Units of a hidden layer; of a convolutional network, of its dense layer.",
        section="Network and training",
    )
    filters: int = whole(
        32, 1, 128, label="Filters", help="3 × 3 filters of every convolution.", section="Network and training"
    )
    learning_rate: float = number(
        0.02,
        1e-6,
        10,
        label="Learning rate",
        help="Of plain SGD on the mean cross-entropy of a batch. Small, so that the early phase can be seen.",
        section="Network and training",
        offered=tuple(float(f"{digit}e{power}") for power in range(-4, 1) for digit in (1, 2, 5)),
    )
    batch_size: int = whole(
        32, 1, 8192, label="Batch size", help="Points a step, without replacement.", section="Network and training"
    )
    data_seed: int = seed(
        0, label="Training set", help="Draws the training set, and which labels are flipped.", section="Data"
    )
    seeds: tuple[int, ...] = seeds(
        (0, 1, 2, 3, 4),
        MOST_SEEDS,
        counted="how many",
        label="Seeds",
        help="Networks that differ by their weights and batches, on one training set.",
        section="Network and training",
    )
    step_limit: int = whole(
        8_000, 1, 200_000, label="Steps", help="Steps of every network.", section="Network and training"
    )

    def settle(self) -> None:
        """Refuse settings that do not go together."""
        self.check_own_table()
        if self.batch_size > self.n_train:
            raise ExperimentError("batch_size", f"at most n_train = {self.n_train}", self.batch_size)
        if self.network == "cnn" and self.dataset not in IMAGES:
            raise ExperimentError("network", f"mlp, as {self.dataset} has no images", self.network)
        if self.network == "cnn" and not 1 <= self.depth <= MOST_CONVOLUTIONS:
            raise ExperimentError("depth", f"1 to {MOST_CONVOLUTIONS} convolutions", self.depth)
        if self.network == "mlp":
            self._set("filters", 32)  # of no meaning: one digest for one training

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return 10 if self.dataset in TEN_CLASSES else 2

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
