"""The experiment on depth and the loss: one balanced mode in networks of several depths under three losses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.choices import MARGIN_LOSSES as LOSSES
from core.experiment import Experiment
from core.field import declared, number, numbers, seed, whole, wholes
from core.values import ExperimentError

COMPARED = tuple(LOSSES)
"""The losses that every depth is trained with."""
MOST_STARTS, MOST_STRENGTHS, MOST_STEPS = 6, 6, 200_000
NEARLY = 0.95
"""What the squared loss, which never comes to its target 1, has to come to."""


@dataclass(frozen=True, kw_only=True)
class Depths(Experiment):
    """N(x) of ReLU networks with D layers of weights on one data vector x, under every loss of `COMPARED`.

    x is a share `p` of the data and of length `norm`. The layers start aligned, of rank one and of equal norm, so that
    N = N0 for each of `starts`; `noise` adds to every weight a random one, as a share of its layer's norm. Plain
    full-batch gradient descent. The setting of Tachet des Combes et al. 2018 (1809.06848) as derived here: the paper's
    body could not be read. Beside each network with the squared loss a linear one of the same depth learns a matrix
    with the singular values `strengths` from white inputs, each mode from N0 too, as in Saxe et al. 2013 (1312.6120).

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "depths"
    stored_as: ClassVar[str] = "learning_depth"

    depths: tuple[int, ...] = wholes((1, 2, 3, 4, 5, 6), 1, 8, most=8)
    starts: tuple[float, ...] = numbers((0.001, 0.05), 1e-5, 0.5, most=MOST_STARTS)
    end: float = number(3.0, 0.6, 8)
    """The logit that times are measured to; under the hinge loss 1 and under the squared loss 0.95 if that is less."""
    p: float = number(1.0, 0.01, 1)
    norm: float = number(1.0, 0.1, 10)
    width: int = whole(16, 1, 128)
    noise: float = number(0.0, 0, 1)
    strengths: tuple[float, ...] = numbers((1.0, 2.0, 4.0), 0.1, 10, most=MOST_STRENGTHS)
    learning_rate: float = number(0.005, 1e-4, 0.5)
    last_time: float = number(60.0, 1, 500)
    """Sum of the learning rates."""
    seed: int = seed(0)

    def settle(self) -> None:
        """Refuse settings that do not go together."""
        if self.strengths[0] <= self.starts[-1]:
            raise ExperimentError("strengths", f"above the greatest start, {self.starts[-1]:g}", self.strengths)
        if self.step_limit > MOST_STEPS:
            allowed = f"at most {MOST_STEPS * self.learning_rate:g}, {MOST_STEPS:,} steps of {self.learning_rate:g}"
            raise ExperimentError("last_time", allowed, self.last_time)

    @property
    def cells(self) -> tuple[tuple[int, str, float], ...]:
        """(depth, loss, start) of every run, in order."""
        return tuple((depth, loss, start) for depth in self.depths for loss in COMPARED for start in self.starts)

    @property
    def runs(self) -> int:
        """How many networks are trained: one a depth, loss and start."""
        return len(self.depths) * len(COMPARED) * len(self.starts)

    @property
    def step_limit(self) -> int:
        """How many steps of `learning_rate` it is to `last_time`."""
        return max(round(self.last_time / self.learning_rate), 1)

    def end_of(self, loss: str) -> float:
        """Return the logit that times are measured to under a loss."""
        return min(self.end, {"hinge": 1.0, "squared": NEARLY}.get(loss, self.end))


LIMITS = {name: field.bounds for name, field in declared(Depths).items()}
