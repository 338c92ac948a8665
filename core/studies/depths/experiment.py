"""The experiment on depth and the loss: one balanced mode in networks of several depths under three losses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.choices import MARGIN_LOSSES as LOSSES
from core.experiment import Experiment
from core.field import number, numbers, seed, whole, wholes
from core.values import ExperimentError

COMPARED = tuple(LOSSES)
"""The losses that every depth is trained with."""
MOST_STEPS = 200_000
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

    depths: tuple[int, ...] = wholes(
        (1, 2, 3, 4, 5, 6),
        1,
        8,
        most=8,
        counted="up to",
        label="Layers up to",
        help="Layers of weights, from one up to this.",
        section="Network",
        offered=(1, 2, 3, 4, 5, 6, 7, 8),
    )
    starts: tuple[float, ...] = numbers((0.001, 0.05), 1e-5, 0.5, most=6, label="Initial logits N₀")
    end: float = number(
        3.0,
        0.6,
        8,
        label="Learned at N =",
        help="Logit that times are measured to; at most 1 under the hinge loss and 0.95 under the squared loss.",
        section="Optimizer",
        offered=(1.0, 2.0, 3.0, 4.0, 5.0),
    )
    p: float = number(
        1.0,
        0.01,
        1,
        label="Frequency p of x",
        help="Share of the data that is x. It rescales time and does nothing else.",
        section="Data",
        offered=(0.01, 0.05, 0.1, 0.2, 0.5, 0.7, 1.0),
    )
    norm: float = number(
        1.0,
        0.1,
        10,
        label="Norm |x|",
        help="|x|. It enters the rate as |x|^(2/D): one layer gains most from it.",
        section="Data",
        offered=(0.25, 0.5, 1.0, 2.0, 4.0),
    )
    width: int = whole(
        16,
        1,
        128,
        label="Width",
        help="Units of every hidden layer. The theory does not depend on it.",
        section="Network",
        offered=(1, 4, 16, 64, 128),
    )
    noise: float = number(
        0.0,
        0,
        1,
        label="Noise on the layers",
        help="Random weights added to the aligned ones, as a share of a layer's norm. The theory is for 0.",
        section="Initialization",
        offered=(0.0, 0.1, 0.2, 0.5, 1.0),
    )
    strengths: tuple[float, ...] = numbers(
        (1.0, 2.0, 4.0), 0.1, 10, most=6, label="Singular values of the linear networks"
    )
    learning_rate: float = number(
        0.005,
        1e-4,
        0.5,
        label="Learning rate",
        help="The theory is for infinitely small steps: measurements approach it in proportion to the learning rate.",
        section="Optimizer",
        offered=(0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    )
    last_time: float = number(
        60.0,
        1,
        500,
        label="Training time",
        help="Steps times the learning rate.",
        section="Optimizer",
        offered=(10.0, 12.0, 25.0, 60.0, 100.0, 200.0),
    )
    seed: int = seed(label="Seed")

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
