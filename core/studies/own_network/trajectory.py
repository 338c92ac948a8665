"""What is kept of a recording: predictions of the network and of explainers on its test points, and what came along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from core.comparison.compared import Compared
from core.explainers.names import FITTED
from core.recorded.recorded import CURVES
from core.schedule import Log, Schedule
from core.studies.own_network.experiment import OwnNetwork
from core.trajectory import Array, Axes

AXES: Axes = {
    "step": ("snapshot",),
    "prediction": ("snapshot", "run", "test_point"),
    "test_label": ("test_point",),
    "train_counts": ("snapshot", "run", "side", "label"),
    "explainer_prediction": ("explainer", "run", "test_point"),
    "explainer_train_accuracy": ("explainer", "run"),
    "explainer_known": ("explainer", "run"),
    "explainer_name": ("explainer",),
    "class_name": ("class",),
    "example": ("test_point",),
    "curve": ("snapshot", "measure"),
    "margin": ("snapshot", "quantile"),
    "kink": ("snapshot", "neuron"),
    "picture": ("shown_point", "channel", "height", "width"),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; there is one run.

prediction, test_label, explainer_prediction: classes as whole numbers; train_counts: training points by the network's
class and their own, of no points if none came along; explainer_known: whether an explainer is fitted yet, or came with
the recording; example: the number of a test point in the recording; curve: those of `CURVES`, margin: the quantiles of
`QUANTILES`, kink: places of first-layer units on the line through two class means, all three NaN where they did not
come along; picture: the test points as images of bytes, of no points if inputs are none.
"""

QUANTILES = (0.1, 0.5, 0.9)
ITSELF = "early_self"
"""The network as it was at an early step, which explains it later."""
TITLES = {**FITTED, ITSELF: "itself, early on"}


@dataclass(frozen=True, eq=False)
class OwnNetworkTrajectory(Compared):
    """The arrays of `AXES` for one recording."""

    experiment: OwnNetwork

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Log()

    @property
    def seeds(self) -> Sequence[int]:
        """One run, number 0."""
        return (0,)

    @cached_property
    def explainers(self) -> tuple[str, ...]:
        """The names along the axis of explainers."""
        return tuple(str(name) for name in self["explainer_name"])

    @property
    def explainers_known(self) -> NDArray[np.bool_]:
        """Whether each explainer's predictions are there yet, (explainer, run)."""
        known: NDArray[np.bool_] = self["explainer_known"]
        return known

    @cached_property
    def class_names(self) -> tuple[str, ...]:
        """What the classes are called."""
        return tuple(str(name) for name in self["class_name"])

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.class_names)

    @property
    def shown_labels(self) -> Array:
        """The class of every test point by its name, (test_point,)."""
        return np.array(self.class_names, object)[self["test_label"]]

    def title_of(self, explainer: str) -> str:
        """Return what an explainer is called; what came with the recording has a name of its own."""
        return TITLES.get(explainer, explainer)

    def curve(self, name: str) -> NDArray[np.float64]:
        """Return one of `CURVES`, (snapshot,)."""
        found: NDArray[np.float64] = self["curve"][:, CURVES.index(name)].astype(np.float64)
        return found
