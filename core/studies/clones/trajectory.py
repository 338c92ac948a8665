"""What is kept of networks that are trained on clones of a data set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.comparison.compared import Compared
from core.explainers.names import ANOTHER_SEED, title
from core.schedule import Log, Schedule
from core.studies.clones.experiment import EXPLAINERS, Clones
from core.trajectory import Axes

AXES: Axes = {
    "on_real": ("snapshot", "run", "kind"),
    "on_clone": ("snapshot", "run", "kind"),
    "mean_error": ("run", "clone"),
    "variance_ratio": ("run", "clone"),
    "outside_share": ("run", "clone"),
    "prediction": ("snapshot", "run", "test_point"),
    "train_counts": ("snapshot", "run", "side", "label"),
    "test_label": ("test_point",),
    "explainer_prediction": ("explainer", "run", "test_point"),
    "explainer_train_accuracy": ("explainer", "run"),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; runs go through the seeds, kinds and clones are `experiment.KINDS` and `CLONES`.

on_real: accuracy on real test images of the network trained on a kind; on_clone: accuracy of the network trained on
real images on a kind, test images of their labels; NaN from where any network of the seed has diverged. The moments
of a training clone: mean_error, variance_ratio (see `distributions.Moments`) and the share of its pixels outside the
range of real ones, before they are clipped. The others are of the two-class network and what it is compared with:
prediction: whether it puts a real test image in class +1; test_label: whether it is; train_counts: of the first 2,000
training images by the network's class and label; explainers are `experiment.EXPLAINERS`.
"""


@dataclass(frozen=True, eq=False)
class ClonesTrajectory(Compared):
    """The arrays of `AXES` for one experiment."""

    experiment: Clones

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Log(1.25)

    @property
    def seeds(self) -> Sequence[int]:
        """The seeds of the runs."""
        return self.experiment.seeds

    @property
    def explainers(self) -> tuple[str, ...]:
        """The names along the axis of explainers."""
        return tuple(EXPLAINERS)

    def title_of(self, explainer: str) -> str:
        """Return what an explainer is called."""
        return title(explainer) if explainer == ANOTHER_SEED else EXPLAINERS[explainer]
