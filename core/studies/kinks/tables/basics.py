"""What every table of networks on a line begins with: the points, the grid of x, and where a unit's kink is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.studies.kinks.experiment import Kinks
from core.studies.kinks.theory.piecewise import NO_KINK
from core.studies.kinks.theory.points import Points, on_line

Floats = NDArray[np.float64]

GRID_POINTS = 201
MARGIN = 0.15
"""How far the grid of x reaches past the data, as a share of their range."""


def data(experiment: Kinks) -> Points:
    """Return the points as the theory takes them: a logistic loss starts at the residual y / 2."""
    return on_line(experiment.x, experiment.y)


def residual(experiment: Kinks, output: Floats) -> Floats:
    """Return r = -dl/df at outputs (..., point)."""
    y = np.array(experiment.y)
    return y - output if experiment.loss == "squared" else y / (1 + np.exp(np.clip(y * output, -500, 500)))


def losses(experiment: Kinks, output: Floats) -> Floats:
    """Return the loss at outputs (..., point), as (...)."""
    y = np.array(experiment.y)
    each = (output - y) ** 2 / 2 if experiment.loss == "squared" else np.logaddexp(0, -y * output)
    return np.asarray(each.mean(-1))


def grid(experiment: Kinks) -> Floats:
    """Return the places at which f is shown: even ones, and the data."""
    low, high = experiment.x[0], experiment.x[-1]
    pad = MARGIN * (high - low)
    return np.union1d(np.linspace(low - pad, high + pad, GRID_POINTS), experiment.x)


def position(w: Floats, b: Floats) -> Floats:
    """Return the kinks -b/w, NaN where a unit has none."""
    bends = np.abs(w) > NO_KINK * np.hypot(w, b)
    kinks: Floats = np.divide(-b, w, out=np.full(w.shape, np.nan), where=bends)
    return kinks


def angle(w: Floats, b: Floats) -> Floats:
    """Return the direction of (w, b) in [-pi/2, 3 pi/2)."""
    theta = np.arctan2(b, w)
    return np.asarray(np.where(theta < -np.pi / 2, theta + 2 * np.pi, theta))
