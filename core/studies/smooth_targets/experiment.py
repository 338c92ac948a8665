"""The experiment on smooth targets: networks on a line, fitted to ever more points of functions that are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from core.experiment import Experiment
from core.field import number, seeds, whole, wholes
from core.values import ExperimentError

TARGETS = ("sine", "bump", "random", "kink")
SMOOTH = TARGETS[:3]
"""Those with a bounded second derivative."""
STARTS = ("small", "lazy")


class Cell(NamedTuple):
    """What one network is fitted to, and how it starts."""

    target: str
    points: int
    seed: int
    start: str


@dataclass(frozen=True, kw_only=True)
class SmoothTargets(Experiment):
    """f(x) = sum_j a_j relu(w_j x + b_j) on K points of a target, from a small and from a large initialization.

    Points lie on [-1, 1]: both ends, and between them an even grid whose points are moved by up to a quarter of its
    spacing (`targets.positions`). Targets but for the kinked one have |f''| <= `bound`. (w_j, b_j) ~ N(0, sigma^2 /
    width), |a_j| = |(w_j, b_j)|; of the lazy networks units come in pairs of opposite a, so that f = 0 at the start.
    The loss is the mean over points of (f - y)^2 / 2; full-batch gradient descent as in `core.training.flow`.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "smooth_targets"

    points: tuple[int, ...] = wholes((4, 8, 12, 16, 24, 32), 4, 64, most=8, label="Numbers of points K")
    bound: float = number(
        10.0,
        0.1,
        50,
        label="Bound on |f″|",
        help="Largest second derivative of the smooth targets; the heights of all targets are in proportion to it.",
        section="Data",
        offered=(1.0, 3.0, 10.0, 30.0),
    )
    width: int = whole(
        256,
        2,
        4096,
        label="Width",
        help="Units of the hidden layer, an even number.",
        section="Network",
        offered=(64, 128, 256, 512),
        form="{:,}",
    )
    sigma: float = number(
        1e-3,
        1e-12,
        1,
        label="Small scale σ",
        help="Initialization scale of the networks that start small: (w, b) ~ N(0, σ²/width), |a| = |(w, b)|.",
        section="Initialization",
        offered=(1e-4, 1e-3, 1e-2, 1e-1),
    )
    lazy_sigma: float = number(
        30.0,
        1,
        100,
        label="Large scale σ",
        help="Likewise of the lazy networks, whose units come in pairs of opposite sign.",
        section="Initialization",
        offered=(3.0, 10.0, 30.0, 100.0),
    )
    seeds: tuple[int, ...] = seeds((0, 1, 2), 16, label="Seeds")
    step_limit: int = whole(
        20_000,
        1,
        200_000,
        label="Step limit",
        help="Gradient descent stops here if it has neither interpolated nor converged.",
        section="Optimizer",
        offered=(2000, 5000, 10_000, 20_000, 50_000),
        form="{:,}",
    )

    def settle(self) -> None:
        """Refuse settings that do not go together."""
        if self.width % 2:
            raise ExperimentError("width", "an even number, for units are paired", self.width)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """What the runs are, in their order."""
        return tuple(
            Cell(target, count, seed, start)
            for target in TARGETS
            for count in self.points
            for seed in self.seeds
            for start in STARTS
        )

    @property
    def runs(self) -> int:
        """How many networks are trained."""
        return len(TARGETS) * len(self.points) * len(self.seeds) * len(STARTS)
