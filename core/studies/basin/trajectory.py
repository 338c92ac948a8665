"""What is recorded of where training fails: how every neuron on the grid ended, and where the samples moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from core.randomness import generator
from core.schedule import Log, Schedule
from core.studies.basin.experiment import EDGE, Basin
from core.trajectory import Axes, Trajectory

Floats = NDArray[np.float64]

NOT_YET, LEARNED, DIED, DEAD = range(4)
ENDS = ("not yet", "learned", "died", "dead")
"""How a single neuron's training ended, by its number in `map_end`."""

AXES: Axes = {
    "map_end": ("row", "column"),
    "map_step": ("row", "column"),
    "learned": ("width",),
    "alone": ("cosine", "ending"),
    "cloud": ("snapshot", "cosine", "neuron", "coordinate"),
    "cloud_logit": ("snapshot", "cosine", "class"),
    "cloud_start": ("run", "neuron", "coordinate"),
    "cloud_end": ("run", "neuron", "coordinate"),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; a run is a sample of neurons, by cosine, then seed.

map_end: number in `ENDS`, over the grid by y, then z (see `starts`); map_step: the step at which N was `target` or more
for the first time (learned), or y no longer above 0 (died), -1 else; learned: of `NETWORKS` networks of each of
`WIDTHS`, how many reached N = target in time; alone: how many of the dying neurons that trained alone are active on
their class still, died, or are reactivated; cloud: the first seed's samples; cloud_logit: N on the two classes, times
their sign; cloud_start, cloud_end: all samples at step 0 and at the last; coordinates of a neuron: z, then w.x / |x|
for class +1, then for class -1. A sample is fitted if both classes are learned at the last step; all take all steps.
"""


def starts(experiment: Basin) -> Floats:
    """Return the grid's values of y, and of z, (row,): ascending, and symmetric to the last bit."""
    half = experiment.grid // 2
    return np.asarray(np.round(np.arange(-half, half + 1) * (EDGE / half), 10))


def directions(cosine: float) -> Floats:
    """Return x / |x| of the two classes, (class, dim), at an angle."""
    return np.array([[1.0, 0.0], [cosine, float(np.sqrt(1 - cosine**2))]])


def drawn(experiment: Basin, seed: int) -> tuple[Floats, Floats]:
    """Return a sample's first layer, (neuron, dim), and output weights, (neuron,); a wider one starts with these."""
    normal = generator("init", seed).standard_normal((experiment.width, 3))
    return experiment.sigma_y * normal[:, :2], experiment.sigma_z * normal[:, 2]


def coordinates(hidden: Floats, head: Floats, cosine: float) -> Floats:
    """Return z and both y of neurons, (..., neuron, coordinate), from their weights (..., neuron, dim), (..., neuron).

    Coordinates are not signed by the class: those of class -1 are -z and the second y.
    """
    return np.concatenate([head[..., None], hidden @ directions(cosine).T], axis=-1)


@dataclass(frozen=True, eq=False)
class BasinTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Basin

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Log(1.1)
