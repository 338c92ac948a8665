"""The experiment on self-stabilization: one network that has passed the edge of stability, under weight noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import number, numbers, seed, whole, wholes

MOST_NOISES = 8
APPROACH = 10_000
"""Steps in which the edge is to be reached."""
CHECKED = 10
"""Steps between looks at the sharpness on the way there."""


@dataclass(frozen=True, kw_only=True)
class Stabilization(Experiment):
    """A tanh network in gradient descent on T_k, followed step by step from the edge of stability on.

    Points, targets, loss and initialization are those of the experiment on the edge of stability: n points evenly on
    [-1, 1], the mean over points of (f - T_k)^2 / 2, float64. The network trains until eta S > 2, S being the sharpness
    (looked at every `CHECKED` steps); step 0 is there. From then on copies of it take steps of gradient descent, each
    with another amount of weight noise: after every step normal numbers of this size, the same but for it in every
    run, are added to all weights.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "stabilization"

    degree: int = whole(
        4,
        1,
        8,
        label="Degree of the target",
        help="The target is the Chebyshev polynomial T_k of this degree, on [−1, 1].",
        section="Data",
        offered=(3, 4, 5),
    )
    n: int = whole(20, 4, 200, label="Training points", section="Data")
    widths: tuple[int, ...] = wholes((30, 20), 1, 100, most=4, order="any", label="Hidden units, layer by layer")
    rate: float = number(
        0.15,
        0.001,
        4,
        label="Learning rate η",
        help="The edge of stability is where the sharpness is 2/η.",
        section="Optimizer",
        offered=(0.1, 0.15, 0.2),
    )
    noises: tuple[float, ...] = numbers(
        (0.0, 1e-12, 1e-8, 1e-6, 1e-4), 0, 0.01, most=MOST_NOISES, label="Weight noise a step"
    )
    step_limit: int = whole(
        600,
        20,
        4000,
        label="Steps past the edge",
        help="Of gradient descent, each of them recorded.",
        section="Optimizer",
        offered=(300, 600, 1200),
        form="{:,}",
    )
    seed: int = seed(
        label="Seed",
        help="Draws the initial weights and the noise.",
        section="Optimizer",
        offered=(0, 1, 2, 3, 4),
    )

    @property
    def runs(self) -> int:
        """How many networks are followed: one an amount of noise."""
        return len(self.noises)
