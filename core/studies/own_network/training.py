"""Explainers fitted to what a recording brings: a step of the loop is one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.datasets import DataError, Source
from core.explainers.classes import fit_classes
from core.explainers.names import OF_NUMBERS
from core.observables.information_points import information_of
from core.recorded.opened import fitted_on, kept
from core.recorded.recorded import CURVES, FITTED, STAGES, Recorded, flat
from core.studies.own_network.experiment import OwnNetwork
from core.studies.own_network.trajectory import ITSELF, QUANTILES
from core.trajectory import FITTED as FITTED_OUTCOME
from core.trajectory import STEP_LIMIT, UNFINISHED, Array

MOST_PIXELS = 40_000_000
"""Bytes of all images that are kept."""


def begin(experiment: OwnNetwork, runs: Sequence[int], source: Source, device: str) -> Opening:
    """Return the recording with what it brings, and the explainers that are to be fitted.

    Raises:
        DataError: it is not on this machine, or another one than the experiment says.
    """
    recorded = kept(experiment.recording, source.uploads)
    if (int(recorded.steps[-1]), fitted_on(recorded)) != (experiment.step_limit, experiment.fitted_on):
        raise DataError("recording: a link whose last step and points are those of its file; this one was altered.")
    return Opening(recorded, Kept.of(recorded))


@dataclass
class Kept:
    """The arrays of the trajectory (see `trajectory.AXES`)."""

    arrays: dict[str, Array] = field(default_factory=dict)

    @classmethod
    def of(cls, recorded: Recorded) -> Kept:
        """Return what there is before anything is fitted."""
        test = tested(recorded)
        predictions = recorded.predictions[:, test]
        brought = dict(_brought(recorded, test))
        names = tuple(dict.fromkeys((*(OF_NUMBERS if fitted_on(recorded) else ()), *brought, ITSELF)))
        count, points = len(names), len(test)
        arrays: dict[str, Array] = {
            "step": recorded.steps.astype(np.int64),
            "prediction": predictions[:, None].astype(np.uint16),
            "test_label": recorded.labels[test].astype(np.uint16),
            "train_counts": _train_counts(recorded)[:, None],
            "explainer_prediction": np.zeros((count, 1, points), np.uint16),
            "explainer_train_accuracy": np.full((count, 1), np.nan, np.float32),
            "explainer_known": np.zeros((count, 1), bool),
            "explainer_name": np.array(names),
            "class_name": np.array(recorded.names),
            "example": test.astype(np.int32),
            "curve": _curves(recorded),
            "margin": _margins(recorded, test),
            "kink": np.zeros((len(recorded.steps), 0), np.float32) if recorded.kinks is None else recorded.kinks,
            "picture": pictures(recorded, test),
            "outcome": np.array([UNFINISHED], np.int8),
            "end_step": np.array([recorded.steps[-1]], np.int64),
        }
        own = {**brought, ITSELF: predictions[_early(recorded, test)]}
        for name, values in own.items():
            place = names.index(name)
            arrays["explainer_prediction"][place, 0], arrays["explainer_known"][place, 0] = values, True
        return cls(arrays)


@dataclass
class Opening:
    """A recording whose explainers are being fitted."""

    recorded: Recorded
    recording: Kept
    fitted: int = 0

    @property
    def live(self) -> int:
        """One until all are fitted."""
        return int(self.recording.arrays["outcome"][0] == UNFINISHED)

    def advance(self, step: int) -> int:
        """Fit the next explainer; one of its name that came with the recording stays as it came."""
        arrays, recorded = self.recording.arrays, self.recorded
        known = arrays["explainer_known"][:, 0]
        while self.fitted < self._count and known[self.fitted]:
            self.fitted += 1
        if self.fitted < self._count:
            name = OF_NUMBERS[self.fitted]
            inputs, labels = training_points(recorded)
            classify = fit_classes(name, inputs, labels, recorded.classes)
            assert recorded.inputs is not None
            arrays["explainer_prediction"][self.fitted, 0] = classify(flat(recorded.inputs)[tested(recorded)])
            arrays["explainer_train_accuracy"][self.fitted, 0] = (classify(inputs) == labels).mean()
            known[self.fitted] = True
            self.fitted += 1
        return step + 1

    def record(self, step: int) -> bool:
        """Note the end once there is nothing left to fit."""
        if self.fitted == self._count:
            counts = self.recording.arrays["train_counts"][-1, 0]
            all_right = counts.sum() > 0 and np.trace(counts) == counts.sum()
            self.recording.arrays["outcome"][0] = FITTED_OUTCOME if all_right else STEP_LIMIT
        return True

    @property
    def _count(self) -> int:
        return len(OF_NUMBERS) if fitted_on(self.recorded) else 0


def tested(recorded: Recorded) -> NDArray[np.int64]:
    """Return the points that are measured: all, or those that no explainer is fitted to."""
    points = len(recorded.labels)
    if recorded.inputs is None or recorded.train_inputs is not None:
        return np.arange(points)
    return np.sort(np.random.default_rng(0).permutation(points)[points // 2 :])


def training_points(recorded: Recorded) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return inputs (point, dim) and labels (point,) to fit explainers to: training points, or half of the others."""
    if recorded.train_inputs is not None and recorded.train_labels is not None:
        return flat(recorded.train_inputs[:FITTED]), recorded.train_labels[:FITTED].astype(np.int64)
    assert recorded.inputs is not None
    rest = np.setdiff1d(np.arange(len(recorded.labels)), tested(recorded))[:FITTED]
    return flat(recorded.inputs[rest]), recorded.labels[rest].astype(np.int64)


def _brought(recorded: Recorded, test: NDArray[np.int64]) -> Mapping[str, Array]:
    """Return the explainers that the recording brings; of one over time some stages of its own training."""
    found: dict[str, Array] = {}
    for name, values in recorded.explainers.items():
        if values.ndim == 1:
            found[name] = values[test]
            continue
        for place in np.unique(np.linspace(0, len(recorded.steps) - 1, STAGES + 1)[1:].astype(int)):
            found[f"{name}, step {recorded.steps[place]:,}"] = values[place, test]
    return found


def _early(recorded: Recorded, test: NDArray[np.int64]) -> int:
    """Return the first snapshot at which the network knows half of what it knows at its best."""
    labels, predictions = recorded.labels[test], recorded.predictions[:, test]
    known = information_of(predictions, labels, labels, recorded.classes).mutual_information
    return int(np.argmax(known >= known.max() / 2))


def _train_counts(recorded: Recorded) -> NDArray[np.int32]:
    """Return (snapshot, class, label), of zeros where nothing is known of training points."""
    k, found = recorded.classes, recorded.train_predictions
    if found is None or recorded.train_labels is None:
        return np.zeros((len(recorded.steps), k, k), np.int32)
    codes = found.astype(np.int64) * k + recorded.train_labels
    return np.stack([np.bincount(row, minlength=k * k).reshape(k, k) for row in codes]).astype(np.int32)


def _curves(recorded: Recorded) -> NDArray[np.float32]:
    unknown = np.full(len(recorded.steps), np.nan, np.float32)
    return np.stack([recorded.curves.get(name, unknown) for name in CURVES], axis=1).astype(np.float32)


def _margins(recorded: Recorded, test: NDArray[np.int64]) -> NDArray[np.float32]:
    if recorded.margins is None:
        return np.full((len(recorded.steps), len(QUANTILES)), np.nan, np.float32)
    return np.quantile(recorded.margins[:, test].astype(np.float32), QUANTILES, axis=1).T.astype(np.float32)


def pictures(recorded: Recorded, test: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return the test points as images (point, channel, row, column) of bytes; none if they are none, or too many."""
    images = recorded.inputs
    if images is None or images.ndim not in (3, 4):
        return np.zeros((0, 1, 1, 1), np.uint8)
    images = images[:, None] if images.ndim == 3 else images
    images = np.moveaxis(images, -1, 1) if images.shape[1] not in (1, 3) and images.shape[-1] in (1, 3) else images
    if images.shape[1] not in (1, 3) or images[test].size > MOST_PIXELS:
        return np.zeros((0, 1, 1, 1), np.uint8)
    shown = images[test]
    if shown.dtype == np.uint8:
        return np.ascontiguousarray(shown)
    low, high = float(shown.min()), float(shown.max())
    bright: NDArray[np.uint8] = (255 * (shown.astype(np.float32) - low) / ((high - low) or 1.0)).astype(np.uint8)
    return bright
