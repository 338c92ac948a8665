"""The experiment on where training fails: single neurons from a grid, small networks, and samples of neurons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.experiment import Experiment
from core.field import choice, number, numbers, seeds, whole
from core.values import ExperimentError

LOSSES = {"cross_entropy": "Cross-entropy", "hinge": "Hinge"}
"""The losses, and what a person reads of each."""
EDGE = 1.5
"""Initializations on the grid have z and y from -EDGE to EDGE."""
WIDTHS = (1, 2, 3, 4, 6, 8, 12)
NETWORKS = 400
"""Networks of each of `WIDTHS`, from which it is measured how often a class is learned."""
LONE = 4000
"""Neurons drawn for each cosine; those that will die in class +1 and are inactive on class -1 train alone."""
SCALES = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
MOST_SEEDS, MOST_COSINES, MOST_STEPS = 64, 12, 20_000


@dataclass(frozen=True, kw_only=True)
class Basin(Experiment):
    """N(x) = sum_i z_i max(0, w_i.x), trained by full-batch gradient descent on the mean loss of two classes.

    Class +1 is one point x, or many on one ray, and a share p of the data; class -1 has the rest, with the same |x|.
    Trained are single neurons that see class +1 only, from every initialization of a grid; networks of `WIDTHS` neurons
    on it, drawn from w ~ N(0, sigma_y^2) along x / |x| and z ~ N(0, sigma_z^2); and, with both classes at each angle of
    `cosines`, samples of `width` neurons, drawn in the same way in the plane of the two, and neurons that will die,
    alone. After Tachet des Combes et al. 2018 (1809.06848), whose body could not be read.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "basin"
    stored_as: ClassVar[str] = "learning_basin"

    loss: str = choice(
        "cross_entropy",
        LOSSES,
        label="Loss",
        help="Every neuron has the same fate under both: only the clock differs. Hinge stops at N = 1, cross-entropy "
        "never does.",
        section="Class",
    )
    norm: float = number(
        1.0,
        0.1,
        10,
        label="Norm |x|",
        help="|x|, of both classes. N = |x| z y.",
        section="Class",
        offered=(0.25, 0.5, 1.0, 2.0, 4.0),
    )
    share: float = number(
        0.5,
        0.01,
        0.99,
        label="Frequency p",
        help="The class's share of the data. The clock runs at R = p |x|.",
        section="Class",
        offered=tuple(part / 100 for part in (1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99)),
    )
    target: float = number(
        1.0,
        0.01,
        10,
        label="Learned at N =",
        help="The class counts as learned when its logit N reaches this; at most 1 under the hinge loss.",
        section="Class",
        offered=(0.1, 0.25, 0.5, 1.0),
    )
    learning_rate: float = number(
        0.02,
        1e-3,
        1,
        label="Learning rate",
        help="The theory is for infinitely small steps.",
        section="Optimizer",
        offered=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    )
    time_limit: float = number(
        60.0,
        1,
        1000,
        label="Training time",
        help="Steps times the learning rate. A neuron that has neither learned nor died by then is undecided.",
        section="Optimizer",
        offered=(10.0, 30.0, 60.0, 120.0, 200.0),
    )
    grid: int = whole(201, 11, 401, label="Initializations along z and along y")
    width: int = whole(
        100,
        1,
        512,
        label="Width h",
        help="Neurons in the sample.",
        section="Sample of neurons",
        offered=(1, 2, 4, 8, 16, 32, 64, 100, 200, 400),
        form="{:,}",
    )
    sigma_y: float = number(
        0.5,
        0.01,
        2,
        label="First layer σ_y",
        help="The initial first layer along x / |x| is drawn from N(0, σ_y²).",
        section="Sample of neurons",
        offered=SCALES,
    )
    sigma_z: float = number(
        0.5,
        0.01,
        2,
        label="Output weights σ_z",
        help="The initial output weights are drawn from N(0, σ_z²).",
        section="Sample of neurons",
        offered=SCALES,
    )
    cosines: tuple[float, ...] = numbers(
        (-0.9, -0.5, -0.2, 0.0), -0.99, 0, most=MOST_COSINES, label="Cosines of the two classes"
    )
    seeds: tuple[int, ...] = seeds(tuple(range(8)), MOST_SEEDS, label="Seeds")

    def settle(self) -> None:
        """Refuse settings that do not go together."""
        if self.grid % 2 == 0:
            raise ExperimentError("grid", "an odd number, so that the boundary y = -z is on the grid", self.grid)
        if self.loss == "hinge" and self.target > 1:
            raise ExperimentError("target", "at most 1 with loss hinge, which stops there", self.target)
        if self.step_limit > MOST_STEPS:
            most = MOST_STEPS * self.learning_rate
            raise ExperimentError(
                "time_limit", f"at most {MOST_STEPS:,} steps, here a time of {most:g}", self.time_limit
            )

    @property
    def runs(self) -> int:
        """How many samples are trained: one a cosine and seed, the seeds of the first cosine first."""
        return len(self.cosines) * len(self.seeds)

    @property
    def step_limit(self) -> int:
        """How many steps `time_limit` is."""
        return max(round(self.time_limit / self.learning_rate), 1)

    @property
    def rate(self) -> float:
        """R = p |x|, the speed of the class's clock."""
        return self.share * self.norm
