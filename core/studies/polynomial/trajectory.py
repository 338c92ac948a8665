"""What is kept of polynomial regression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.schedule import Log, Schedule
from core.studies.polynomial.experiment import Polynomial
from core.trajectory import Axes, Trajectory

MEASURES = (
    "train_loss",
    "variance",
    "misalignment",
    "linear",
    "alignment",
    "kernel_change",
    "overlap",
    "neurons_loss",
    "difference",
)
"""What is measured of every run at every snapshot."""

AXES: Axes = {**dict.fromkeys(MEASURES, ("snapshot", "run")), "outcome": ("run",), "end_step": ("run",)}
"""The arrays and their axes; runs go through the output scales.

train_loss: mean of (F - y)^2 over E y^2; variance, misalignment, linear: the parts of the test loss, likewise.
alignment: of the tangent kernel on the training points with y y^T, centred; kernel_change: |K - K(0)| / |K(0)|;
overlap: the cosine of dM with beta beta^T. neurons_loss: train_loss of neurons, for the first steps;
difference: the largest |F| by which it is off the closed form from its own weights. A diverged run is NaN from the
snapshot on at which it was found so.
"""


@dataclass(frozen=True, eq=False)
class PolynomialTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Polynomial

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Log(1.06)
