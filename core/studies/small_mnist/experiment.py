"""The experiment on MNIST: networks that begin with large weights, under weight decay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import choice, number, numbers, seed, whole
from core.values import ExperimentError

MOST_SCALES = 6
SIDES = {"7": "7 × 7", "14": "14 × 14"}


@dataclass(frozen=True, kw_only=True)
class SmallMnist(Experiment):
    """ReLU networks with two hidden layers on few MNIST digits, whose initial weights are multiplied by a scale.

    Pixels go from 0 to 1 and are averaged to fewer; the loss is the mean over images and ten outputs of (f - Y)^2, Y
    being one-hot. Weights and biases begin uniform within scale / sqrt(fan-in) and are trained by AdamW on batches
    without replacement: a scaled-down version of the setting in the code of Liu, Michaud, Tegmark 2022 (Omnigrok,
    2210.01117). All networks of a seed share images, batches and, up to the scale, initial weights.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "small_mnist"
    stored_as: ClassVar[str] = "grokking_mnist"

    side: str = choice("7", SIDES, label="Pixels", help="MNIST's 28 × 28 pixels, averaged to fewer.", section="Data")
    n_train: int = whole(
        500, 20, 4000, label="Training images", section="Data", offered=(200, 500, 1000, 2000), form="{:,}"
    )
    width: int = whole(
        200,
        8,
        400,
        label="Width",
        help="Units of either hidden layer.",
        section="Network",
        offered=(50, 100, 200, 400),
    )
    scales: tuple[float, ...] = numbers((1.0, 4.0, 8.0), 0.25, 32, most=MOST_SCALES, label="Initialization scales")
    rate: float = number(
        0.004,
        1e-5,
        0.1,
        label="Learning rate",
        help="Of AdamW, with β₁ = 0.9 and β₂ = 0.999.",
        section="Optimizer",
        offered=(0.001, 0.002, 0.004, 0.008),
    )
    decay: float = number(
        0.03,
        0,
        1,
        label="Weight decay",
        help="Every step shrinks all weights by this times the learning rate.",
        section="Optimizer",
        offered=(0.0, 0.01, 0.03, 0.1),
    )
    batch_size: int = whole(200, 1, 4000, label="Batch size", section="Optimizer", offered=(50, 100, 200, 500))
    step_limit: int = whole(
        10_000,
        1,
        60_000,
        label="Steps",
        help="Of AdamW.",
        section="Optimizer",
        offered=(2000, 10_000, 20_000, 40_000),
        form="{:,}",
    )
    seed: int = seed(
        label="Seed",
        help="Draws the training set, the weights and the batches.",
        section="Data",
        offered=(0, 1, 2, 3),
    )

    def settle(self) -> None:
        """Refuse batches larger than the training set."""
        if self.batch_size > self.n_train:
            raise ExperimentError("batch_size", f"at most n_train = {self.n_train}", self.batch_size)

    @property
    def runs(self) -> int:
        """How many networks are trained: one an initialization scale."""
        return len(self.scales)

    @property
    def trained_on_files(self) -> str:
        """MNIST's official files."""
        return "mnist_ten"

    @property
    def widths(self) -> tuple[int, ...]:
        """Units of all layers, inputs first."""
        return int(self.side) ** 2, self.width, self.width, 10
