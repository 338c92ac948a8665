"""The experiment on where training fails: single neurons from a grid of starts, small networks, and clouds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import choice, declared, number, numbers, seeds, whole
from core.values import ExperimentError

LOSSES = ("cross_entropy", "hinge")
EDGE = 1.5
"""Starts on the grid have z and y from -EDGE to EDGE."""
WIDTHS = (1, 2, 3, 4, 6, 8, 12)
NETWORKS = 400
"""So many networks of each of `WIDTHS` tell how often a class is learned."""
LONE = 4000
"""So many neurons are drawn for each cosine; those doomed in class +1 that class -1 does not see train alone."""
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

    loss: str = choice("cross_entropy", LOSSES)
    norm: float = number(1.0, 0.1, 10)
    """|x|."""
    share: float = number(0.5, 0.01, 0.99)
    """p."""
    target: float = number(1.0, 0.01, 10)
    """N from which a class counts as learned; under the hinge loss, whose margin is 1, at most 1."""
    learning_rate: float = number(0.02, 1e-3, 1)
    time_limit: float = number(60.0, 1, 1000)
    grid: int = whole(201, 11, 401)
    """Starts along z, and as many along y."""
    width: int = whole(100, 1, 512)
    sigma_y: float = number(0.5, 0.01, 2)
    sigma_z: float = number(0.5, 0.01, 2)
    cosines: tuple[float, ...] = numbers((-0.9, -0.5, -0.2, 0.0), -0.99, 0, most=MOST_COSINES)
    seeds: tuple[int, ...] = seeds(tuple(range(8)), MOST_SEEDS)

    def settle(self) -> None:
        """Refuse settings that do not go together."""
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


LIMITS = {name: field.bounds for name, field in declared(Basin).items()}
