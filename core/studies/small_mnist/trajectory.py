"""What is kept of networks on small MNIST."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.schedule import Log, Schedule
from core.studies.small_mnist.experiment import SmallMnist
from core.trajectory import Axes, Trajectory

MEASURES = ("train_loss", "test_loss", "train_error", "test_error", "norm")
"""What is measured of every run at every snapshot."""

AXES: Axes = {**dict.fromkeys(MEASURES, ("snapshot", "run")), "outcome": ("run",), "end_step": ("run",)}
"""The arrays and their axes; runs go through the initialization scales.

train_loss, test_loss: mean over images and outputs of (f - Y)^2; train_error, test_error: shares of images on which the
largest output is another than the digit's; norm: of all weights and biases. A diverged run is NaN from the snapshot on
at which it was found so.
"""


@dataclass(frozen=True, eq=False)
class SmallMnistTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: SmallMnist

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Log(1.05)
