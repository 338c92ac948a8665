"""The experiment on where training fails: single neurons from a grid of starts, small networks, and clouds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import Bounds, ExperimentError, distinct, number, numbers, one_of, whole

LOSSES = ("cross_entropy", "hinge")
EDGE = 1.5
"""Starts on the grid have z and y from -EDGE to EDGE."""
WIDTHS = (1, 2, 3, 4, 6, 8, 12)
NETWORKS = 400
"""So many networks of each of `WIDTHS` tell how often a class is learned."""
LONE = 4000
"""So many neurons are drawn for each cosine; those doomed in class +1 that class -1 does not see train alone."""
LIMITS: Mapping[str, Bounds] = {
    "norm": Bounds(0.1, 10),
    "share": Bounds(0.01, 0.99),
    "target": Bounds(0.01, 10),
    "learning_rate": Bounds(1e-3, 1),
    "time_limit": Bounds(1, 1000),
    "grid": Bounds(11, 401),
    "width": Bounds(1, 512),
    "sigma_y": Bounds(0.01, 2),
    "sigma_z": Bounds(0.01, 2),
    "cosines": Bounds(-0.99, 0),
    "seeds": Bounds(0, 2**31 - 1),
}
MOST_SEEDS, MOST_COSINES, MOST_STEPS = 64, 12, 20_000


@dataclass(frozen=True, kw_only=True)
class Basin(Experiment):
    """N(x) = sum_i z_i max(0, w_i.x), trained by full-batch gradient descent on the mean loss of two classes.

    Class +1 is one point x, or many on one ray, and a share p of the data; class -1 has the rest, with the same |x|.
    Trained are single neurons that see class +1 only, from every start of a grid; networks of `WIDTHS` neurons on it,
    drawn from w ~ N(0, sigma_y^2) along x / |x| and z ~ N(0, sigma_z^2); and, with both classes at each angle of
    `cosines`, clouds of `width` neurons, drawn likewise in the plane of the two, and doomed neurons alone. After Tachet
    des Combes et al. 2018 (1809.06848), whose body could not be read.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "basin"
    stored_as: ClassVar[str] = "learning_basin"

    loss: str = "cross_entropy"
    norm: float = 1.0
    """|x|."""
    share: float = 0.5
    """p."""
    target: float = 1.0
    """N from which a class counts as learned; under the hinge loss, whose margin is 1, at most 1."""
    learning_rate: float = 0.02
    time_limit: float = 60.0
    grid: int = 201
    """Starts along z, and as many along y."""
    width: int = 100
    sigma_y: float = 0.5
    sigma_z: float = 0.5
    cosines: tuple[float, ...] = (-0.9, -0.5, -0.2, 0.0)
    seeds: tuple[int, ...] = tuple(range(8))

    def __post_init__(self) -> None:
        set_ = object.__setattr__
        one_of("loss", self.loss, LOSSES)
        for name in ("norm", "share", "target", "learning_rate", "time_limit", "sigma_y", "sigma_z"):
            set_(self, name, number(name, getattr(self, name), LIMITS[name]))
        for name in ("grid", "width"):
            set_(self, name, whole(name, getattr(self, name), LIMITS[name]))
        set_(self, "cosines", numbers("cosines", self.cosines, LIMITS["cosines"]))
        if len(self.cosines) > MOST_COSINES:
            raise ExperimentError("cosines", f"at most {MOST_COSINES} numbers", self.cosines)
        set_(self, "seeds", distinct("seeds", self.seeds, MOST_SEEDS, LIMITS["seeds"]))
        if self.grid % 2 == 0:
            raise ExperimentError("grid", "an odd number, so that the border is on the grid", self.grid)
        if self.loss == "hinge" and self.target > 1:
            raise ExperimentError("target", "at most 1 with loss hinge, which stops there", self.target)
        if self.step_limit > MOST_STEPS:
            most = MOST_STEPS * self.learning_rate
            raise ExperimentError(
                "time_limit", f"at most {MOST_STEPS:,} steps, here a time of {most:g}", self.time_limit
            )

    @property
    def runs(self) -> int:
        """How many clouds are trained: one a cosine and seed, the seeds of the first cosine first."""
        return len(self.cosines) * len(self.seeds)

    @property
    def step_limit(self) -> int:
        """How many steps `time_limit` is."""
        return max(round(self.time_limit / self.learning_rate), 1)

    @property
    def rate(self) -> float:
        """R = p |x|, the speed of the class's clock."""
        return self.share * self.norm
