"""What is kept of the study of complexity: hard predictions of every network and of the simpler classifiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.comparison.compared import Compared
from core.datasets import CATALOGUE
from core.explainers.names import TO_EARLY, TO_END, available
from core.schedule import Log, Schedule
from core.studies.complexity.experiment import Complexity
from core.trajectory import Array, Axes, ShardArrays

AXES: Axes = {
    "step": ("snapshot",),
    "prediction": ("snapshot", "run", "test_point"),
    "train_counts": ("snapshot", "run", "side", "label"),
    "loss": ("snapshot", "run"),
    "output": ("snapshot", "row", "column"),
    "test_label": ("test_point",),
    "test_input": ("shown_point", "plane"),
    "grid": ("row",),
    "explainer_prediction": ("explainer", "run", "test_point"),
    "explainer_train_accuracy": ("explainer", "run"),
    "explainer_output": ("explainer", "row", "column"),
    "outcome": ("run",),
    "end_step": ("run",),
}
"""The arrays and their axes; runs go through the seeds.

prediction: whether f puts the test point in class +1, or the class of the largest f if there are more than two;
test_label: the same of the test point; train_counts: training points by f's class (0, 1, ...) and label, as trained on;
loss: mean log(1 + exp(-y f)) or softmax cross-entropy on the training points, NaN from where a run has diverged;
output: f of the first run on a square of (x2, x1), `grid` its coordinates; test_input: (x1, x2) of the first test
points; all three of no rows unless inputs are two; explainer_prediction: as prediction, by those of `explainers`;
explainer_train_accuracy: the share of training labels it gets right, NaN as long as it is not fitted;
explainer_output: whether the explainer of the first run puts a place of the grid in class +1. Outcomes: fitted says
that every training point is on its side at the end.
"""


def explainers(experiment: Complexity) -> tuple[str, ...]:
    """Return the names of the classifiers whose predictions are kept, the simplest first."""
    return (*available(experiment.dataset), TO_EARLY, TO_END)


@dataclass(frozen=True, eq=False)
class ComplexityTrajectory(Compared):
    """The arrays of `AXES` for one experiment."""

    experiment: Complexity

    axes: ClassVar[Axes] = AXES
    schedule: ClassVar[Schedule] = Log()

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return self.experiment.classes

    @property
    def shown_labels(self) -> Array:
        """The class of every test point as tables write it, (test_point,): -1 or 1, or its name if there are more."""
        if self.classes == 2:
            return super().shown_labels
        return np.array(CATALOGUE[self.experiment.dataset].classes, object)[self["test_label"]]

    @property
    def flat(self) -> bool:
        """Whether the inputs are two, so that the decision boundary is a curve in the plane."""
        return bool(len(self["grid"]))

    @property
    def seeds(self) -> Sequence[int]:
        """The seeds of the runs."""
        return self.experiment.seeds

    @property
    def explainers(self) -> tuple[str, ...]:
        """The names along the axis of explainers."""
        return explainers(self.experiment)

    @classmethod
    def joined(cls, name: str, experiment: Complexity, shards: Sequence[ShardArrays]) -> Array:
        """Return one array; what explains a network is not known as long as its shard has not ended."""
        if name.startswith("explainer"):
            (first,) = (arrays for runs, arrays in shards if 0 in runs)
            return _by_explainer(experiment, name, shards, first[name])
        return super().joined(name, experiment, shards)


def _by_explainer(experiment: Complexity, name: str, shards: Sequence[ShardArrays], sample: Array) -> Array:
    """Return an array of explainers: those that a shard of networks fitted, for its runs, and those of the labels."""
    names = explainers(experiment)
    by_run = name != "explainer_output"
    shape = (len(names), *(experiment.runs,) * by_run, *sample.shape[1:][by_run:])
    is_share = name == "explainer_train_accuracy"
    whole = np.full(shape, np.nan, np.float32) if is_share else np.zeros(shape, sample.dtype)
    for runs, arrays in shards:
        if name not in arrays:
            continue
        part = arrays[name]
        if not runs:  # fitted to the labels: one classifier for all runs
            whole[: len(part)] = part if name == "explainer_output" else part[:, None]
        elif name != "explainer_output":
            whole[-2:, list(runs)] = part
        elif 0 in runs:
            whole[-2:] = part
    return whole
