"""The experiment on what bends a decision boundary: two moons at a margin, in ten variants of training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import number, seeds, whole
from core.values import ExperimentError

LEARNING_RATE, MOMENTUM = 0.01, 0.9
"""Of full-batch gradient descent, in every variant but the two under Adam."""
WEIGHT_DECAY, DECOUPLING, DROPOUT = 0.01, 0.003, 0.7
"""lambda of (lambda / 2) |w|^2; c of c mean(f^2); the probability that a hidden unit is dropped."""
ADAM: Mapping[str, float] = {"adam_slow": 1e-4, "adam_fast": 3e-3}
"""The learning rates under Adam."""
LONGER = 10
"""How many epochs the variant `longer` takes for each of the others."""
LAYERS = 5
"""Weight layers of the deep variant."""

VARIANTS: Mapping[str, str] = {
    "none": "Gradient descent",
    "weight_decay": f"Weight decay {WEIGHT_DECAY:g}",
    "longer": f"{LONGER} times as long",
    "adam_slow": "Adam, rate 0.0001",
    "adam_fast": "Adam, rate 0.003",
    "rotation": "Rotated by 45°",
    "dropout": f"Dropout {DROPOUT:g}",
    "batch_norm": "Batch norm",
    "five_layers": "Five layers",
    "spectral_decoupling": f"Decoupling {DECOUPLING:g}",
}
"""By name, with their titles. Each changes one thing about the first."""


@dataclass(frozen=True, kw_only=True)
class Boundaries(Experiment):
    """Two moons on either side of x1 = 0, pulled apart by 2 margin, and a ReLU network trained in each of `VARIANTS`.

    The settings are those of the public code of Pezeshki et al. 2021 (2011.09468), none of which is used here; there
    all networks are 500 wide. Here the hidden layers of the deep variant have a width of their own: at 500 an epoch of
    it takes 25 times the arithmetic that it takes at 100. The variants of a seed have the same training points,
    and those of one hidden layer the same initial weights.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "boundaries"

    n_train: int = whole(300, 10, 1000, label="Training points P")
    noise: float = number(
        0.1,
        0,
        0.5,
        label="Noise",
        help="Standard deviation of the normal noise on every coordinate.",
        section="Data",
        offered=(0.0, 0.05, 0.1, 0.15, 0.2),
    )
    margin: float = number(
        0.1,
        -0.5,
        1,
        label="Margin Δ",
        help="Half of the gap between the moons' halves of the plane. From 0 on a straight line separates them.",
        section="Data",
        offered=(-0.1, 0.0, 0.1, 0.2, 0.3),
    )
    width: int = whole(
        500,
        1,
        2000,
        label="Width",
        help="Hidden ReLU units of the networks of one hidden layer.",
        section="Network and optimizer",
        offered=(50, 100, 200, 500),
    )
    deep_width: int = whole(
        100,
        1,
        500,
        label="Width of five layers",
        help="Units of each of the four hidden layers in the deep variant.",
        section="Network and optimizer",
        offered=(20, 50, 100, 200),
    )
    step_limit: int = whole(
        10_000,
        1,
        20_000,
        label="Steps",
        help=f"Full-batch steps: one is an epoch, in the variant {LONGER} times as long {LONGER} epochs.",
        section="Network and optimizer",
        offered=(300, 1000, 3000, 10_000),
        form="{:,}",
    )
    seeds: tuple[int, ...] = seeds((0,), 10, label="Seeds")

    def settle(self) -> None:
        """Refuse settings that do not go together."""
        if self.n_train % 2:
            raise ExperimentError("n_train", "an even number, half of the points in each moon", self.n_train)

    @property
    def cells(self) -> tuple[tuple[str, int], ...]:
        """(variant, seed) of every run, in order."""
        return tuple((variant, seed) for variant in VARIANTS for seed in self.seeds)

    @property
    def runs(self) -> int:
        """How many networks are trained: one a variant and seed."""
        return len(self.cells)
