"""What is kept of the study of complexity: hard predictions of every network and of the simpler classifiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from core.explainers.names import TO_EARLY, TO_END, available
from core.studies.complexity.experiment import Complexity
from core.trajectory import Array, Part, Trajectory, by_run

OUTCOMES = ("fitted", "step_limit", "diverged", "unfinished", "")

AXES: Mapping[str, tuple[str, ...]] = {
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

prediction: whether f puts the test point in class +1; train_counts: training points by f's side (0, 1) and label, as
trained on; loss: mean log(1 + exp(-y f)) on the training points, NaN from where a run has diverged; output: f of the
first run on a square of (x2, x1), `grid` its coordinates, of no rows unless inputs are two; test_input: (x1, x2) of the
first test points, likewise; explainer_prediction: as prediction, by the classifiers of `explainers`;
explainer_train_accuracy: the share of training labels it gets right, NaN as long as it is not fitted;
explainer_output: whether the explainer of the first run puts a place of the grid in class +1. Outcomes: fitted says
that every training point is on its side at the end.
"""


def explainers(experiment: Complexity) -> tuple[str, ...]:
    """Return the names of the classifiers whose predictions are kept, the simplest first."""
    return (*available(experiment.dataset), TO_EARLY, TO_END)


@dataclass(frozen=True, eq=False)
class ComplexityTrajectory(Trajectory):
    """The arrays of `AXES` for one experiment."""

    experiment: Complexity

    axes: ClassVar[Mapping[str, tuple[str, ...]]] = AXES
    outcomes: ClassVar[tuple[str, ...]] = OUTCOMES

    @property
    def flat(self) -> bool:
        """Whether the inputs are two, so that the border between the classes is a curve in the plane."""
        return bool(len(self["grid"]))

    @property
    def explainers(self) -> tuple[str, ...]:
        """The names along the axis of explainers."""
        return explainers(self.experiment)

    @classmethod
    def join(cls, experiment: Complexity, parts: Sequence[Part]) -> Self:
        """Put the arrays of the networks and of the explainers into one trajectory.

        Runs that no shard has are unfinished, explainers that none has are unknown. Raises KeyError as long as no part
        has the first run.
        """
        first = next((part for runs, part in parts if 0 in runs), None)
        if first is None:
            raise KeyError("no shard with the first run")
        networks = [(runs, part) for runs, part in parts if runs]
        arrays: dict[str, Array] = {}
        for name, axes in AXES.items():
            if name.startswith("explainer"):
                arrays[name] = _by_explainer(experiment, name, parts, first[name].shape)
            elif "run" not in axes:
                arrays[name] = first[name]
            else:
                arrays[name] = by_run(name, axes, experiment.runs, networks)
        return cls(experiment, arrays)


def _by_explainer(experiment: Complexity, name: str, parts: Sequence[Part], sample: tuple[int, ...]) -> Array:
    """Return an array of explainers: those that a shard of networks fitted, for its runs, and those of the labels."""
    names = explainers(experiment)
    shape = (len(names), *(experiment.runs,) * (name != "explainer_output"), *sample[1:][name != "explainer_output" :])
    is_share = name == "explainer_train_accuracy"
    whole = np.full(shape, np.nan, np.float32) if is_share else np.zeros(shape, bool)
    for runs, part in parts:
        if name not in part:
            continue
        if not runs:  # fitted to the labels: one classifier for all runs
            count = len(part[name])
            whole[:count] = part[name] if name == "explainer_output" else part[name][:, None]
        elif name != "explainer_output":
            whole[-2:, list(runs)] = part[name]
        elif 0 in runs:
            whole[-2:] = part[name]
    return whole
