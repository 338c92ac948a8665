"""The experiment on two features of a linearised network: gradient descent under ridge and Spectral Decoupling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import number, numbers, whole

PENALTIES = ("ridge", "spectral_decoupling")
"""What is added to the sum of log(1 + exp(-Y yhat)): (ridge / 2) |theta|^2, or (decoupling / 2) |yhat|^2."""
MOST_STRENGTHS = 16


@dataclass(frozen=True, kw_only=True)
class Strengths(Experiment):
    """yhat = Phi theta on two samples of class 1, Phi = U diag(s_1, s_2), U a rotation by `angle` degrees.

    The setting in which Pezeshki et al. 2021 (2011.09468) draw the responses z = U^T yhat for several s_1: their code
    has s_2 = 2, an angle of 30 degrees, lambda = 0.01 for ridge and 0.001 sum(yhat^2) for Spectral Decoupling, which is
    lambda = 0.002 here; plain gradient descent from theta = 0, learning rate 0.05, 5,000 steps.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "strengths"
    stored_as: ClassVar[str] = "learning_strengths"

    strengths: tuple[float, ...] = numbers(
        (2.0, 3.0, 4.0, 5.0, 6.0, 8.0), 0.1, 20, most=MOST_STRENGTHS, label="Strengths s₁ of the first feature"
    )
    """Each is trained under both penalties."""
    second: float = number(
        2.0,
        0.1,
        20,
        label="Strength s₂",
        help="Of the second feature.",
        section="Features",
        offered=(0.5, 1.0, 2.0, 3.0, 4.0, 6.0),
    )
    angle: float = number(
        30.0,
        0,
        45,
        label="Angle of U",
        help="How the two samples mix the features: U is a rotation. At 0° each sample has a feature of its own, and "
        "nothing couples the two.",
        section="Features",
        offered=(0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0),
        form="{:g}°",
        unit="degrees",
    )
    ridge: float = number(
        0.01,
        1e-4,
        1,
        label="Ridge λ",
        help="λ of (λ/2)|θ|².",
        section="Penalties",
        offered=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3),
    )
    decoupling: float = number(
        0.002,
        1e-4,
        1,
        label="Spectral Decoupling λ",
        help="λ of (λ/2)|ŷ|², on the sum over samples.",
        section="Penalties",
        offered=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.03, 0.1),
    )
    learning_rate: float = number(0.05, 1e-4, 2, label="Learning rate")
    step_limit: int = whole(
        5000,
        1,
        100_000,
        label="Steps",
        help="Of gradient descent, from θ = 0.",
        section="Optimizer",
        offered=(500, 5000, 20_000),
        form="{:,}",
    )

    @property
    def cells(self) -> tuple[tuple[float, str], ...]:
        """(s_1, penalty) of every run, in order."""
        return tuple((strength, penalty) for strength in self.strengths for penalty in PENALTIES)

    @property
    def runs(self) -> int:
        """How many models are trained: one a strength and penalty."""
        return len(self.cells)

    def penalty(self, name: str) -> float:
        """Return the lambda of a penalty."""
        return self.ridge if name == "ridge" else self.decoupling
