"""The experiment on gradient starvation: a frequent feature and a rare one, in three models of a classifier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import choice, declared, number, numbers, seeds, whole
from core.values import ExperimentError

MODELS: Mapping[str, str] = {
    "linear": "M1: linear",
    "private": "M2: private neurons",
    "shared": "M3: shared ReLU neurons",
}
"""The models by the names that charts and tables give them; see `theory.starvation` for their equations."""
LOSSES: Mapping[str, str] = {"cross_entropy": "Cross-entropy", "hinge": "Hinge"}
MOST_SEEDS, MOST_FREQUENCIES = 16, 24
ROUNDING = 1e-6
"""How far from 1 the shares may add up."""


@dataclass(frozen=True, kw_only=True)
class Starvation(Experiment):
    """Samples of one class, each with a strong feature, a weak one or both; the other class is a constant.

    The claim is that of Tachet des Combes et al. 2018 (1809.06848), whose own data and theorem are not known to us. The
    features are orthogonal vectors of lengths `strong_norm` and `weak_norm`; q_s, q_w and q_sw are the shares of
    samples with the strong one only, the weak one only, and both. Every model of `MODELS` is trained on the mean loss
    of these samples, at a learning rate of rate / (longest length)^2. It is measured when all samples that have the
    strong feature are given a probability above 1 - delta (hinge: have the margin 1), and trained on from there.

    `p` are other frequencies q_w + q_sw of the weak feature that are compared; of its samples the same share as in the
    mixture, q_w / (q_w + q_sw), has it alone.

    Raises:
        ExperimentError: a field is out of its range, or the shares do not add up to 1.
    """

    study: ClassVar[str] = "starvation"
    stored_as: ClassVar[str] = "learning_starvation"

    q_s: float = number(0.7, 0, 1, label="Share of samples with the strong feature only")
    q_w: float = number(0.0, 0, 1, label="Share of samples with the weak feature only")
    q_sw: float = number(0.3, 0, 1, label="Share of samples with both features")
    strong_norm: float = number(
        1.0,
        0.125,
        8,
        label="Norm of the strong feature",
        help="n_s, the length of its vector.",
        section="Features",
        offered=(0.25, 0.5, 1.0, 1.5, 2.0, 4.0, 8.0),
    )
    weak_norm: float = number(
        1.0,
        0.125,
        8,
        label="Norm of the weak feature",
        help="n_w, the length of its vector.",
        section="Features",
        offered=(0.25, 0.5, 1.0, 1.5, 2.0, 4.0, 8.0),
    )
    delta: float = number(
        0.01,
        0.0001,
        0.25,
        label="Learned at δ",
        help="A sample counts as learned when its class has a probability above 1 − δ; under hinge, at a margin of 1.",
        section="Training",
        offered=(0.0001, 0.001, 0.01, 0.05, 0.1, 0.2),
    )
    loss: str = choice("cross_entropy", LOSSES, label="Loss", section="Training")
    p: tuple[float, ...] = numbers(
        (0.1, 0.3, 0.5, 0.7, 0.9), 0.01, 1, most=MOST_FREQUENCIES, label="Other frequencies of the weak feature"
    )
    start: float = number(
        0.01,
        1e-8,
        0.1,
        label="Initial logit of M2",
        help="The logit that the private neurons (M2) of each feature start with. The linear model (M1) starts from 0.",
        section="Training",
        offered=(0.0001, 0.001, 0.01, 0.1),
    )
    shared_start: float = number(
        0.00001,
        1e-8,
        0.1,
        label="Initialization scale of M3",
        help="Length of the growing part of the shared neurons' (M3's) predictor at step 0. Theory is the limit of a "
        "small scale.",
        section="Training",
        offered=(1e-7, 1e-5, 1e-3, 1e-2, 1e-1),
    )
    width: int = whole(
        50,
        2,
        1000,
        label="Neurons",
        help="Of M2, half of them for each feature, and of M3.",
        section="Training",
        offered=(10, 20, 50, 100),
    )
    rate: float = number(0.05, 0.001, 0.5, label="Learning rate at norm 1")
    seeds: tuple[int, ...] = seeds((0, 1, 2), MOST_SEEDS, label="Seeds")
    step_limit: int = whole(
        12_000,
        1,
        200_000,
        label="Steps",
        help="Full-batch steps of gradient descent.",
        section="Training",
        offered=(2000, 4000, 12_000, 21_000, 50_000),
        form="{:,}",
    )

    def settle(self) -> None:
        """Refuse settings that do not go together."""
        if abs(self.q_s + self.q_w + self.q_sw - 1) > ROUNDING:
            raise ExperimentError("q_sw", "q_s, q_w and q_sw add up to 1", (self.q_s, self.q_w, self.q_sw))
        low = declared(type(self))["p"].bounds.low
        if self.frequency < low:
            raise ExperimentError("q_sw", f"q_w + q_sw, how often the weak feature is seen, {low:g} to 1", self.q_sw)
        if self.q_s + self.q_sw < low:
            raise ExperimentError("q_w", f"q_s + q_sw, how often the strong feature is seen, {low:g} to 1", self.q_w)
        if self.alone == 1 and self.p[-1] > 1 - low:
            raise ExperimentError("p", f"up to {1 - low:g} if the weak feature is always alone", self.p)

    @property
    def runs(self) -> int:
        """How many seeds are trained, each in every model and at every frequency."""
        return len(self.seeds)

    @property
    def frequency(self) -> float:
        """q_w + q_sw, how often the mixture has the weak feature."""
        return round(self.q_w + self.q_sw, 6)

    @property
    def alone(self) -> float:
        """q_w / (q_w + q_sw), the share of its samples that have the weak feature only."""
        return round(self.q_w / (self.q_w + self.q_sw), 6)

    @property
    def frequencies(self) -> tuple[float, ...]:
        """`p` and the mixture's own, ascending."""
        return tuple(sorted({*self.p, self.frequency}))

    @property
    def learning_rate(self) -> float:
        """rate / (the longer feature's length)^2; time is step times this."""
        return self.rate / max(self.strong_norm, self.weak_norm) ** 2
