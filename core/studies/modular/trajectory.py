"""What is kept of networks that learn modular addition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.schedule import Log, Schedule
from core.studies.modular.experiment import Modular
from core.trajectory import Axes, Trajectory

MEASURES = (
    "train_loss",
    "test_loss",
    "train_error",
    "test_error",
    "participation",
    "alignment",
    "kernel_change",
    "norm",
)
"""What is measured of every run at every snapshot."""

AXES: Axes = {
    **dict.fromkeys(MEASURES, ("snapshot", "run")),
    "weights": ("snapshot", "alpha", "neuron", "residue"),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; runs go through the seeds of each alpha.

train_loss, test_loss: the loss on pairs trained on and on all others; train_error, test_error: shares of pairs on which
the largest F is another than (a + b) mod p. participation: sum |w_k|^4 / (sum |w_k|^2)^2 over the frequencies k = 1 ..
(p - 1) / 2 of a neuron's weights from a, mean over neurons. alignment: of the tangent kernel K, summed over outputs,
with the targets' Gram matrix, both centred: <K, Y Y'> / (|K| |Y Y'|); kernel_change: |K - K(0)| / |K(0)|. norm: of all
weights. weights: those from a of the first neurons, of the first seed. A diverged run is NaN from the snapshot on at
which it was found so.
"""


@dataclass(frozen=True, eq=False)
class ModularTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Modular

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Log(1.05)
