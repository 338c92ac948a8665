"""What was recorded of a training elsewhere: hard predictions on one probe set, and whatever came along."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.datasets.catalogue import DataError
from core.recorded.bounded import MAX_ROWS

Array = NDArray[Any]

CURVES = ("train_loss", "test_loss", "relative_weight_change")
"""Numbers a recorded step that a recording may have."""
EXPLAINER = "explainer/"
"""What the names of arrays of an explainer's predictions begin with."""
NAME = r"[^\n<>\[\]]{1,60}"
"""What an explainer may be called: texts of a page and a link say it, and it is neither markup nor a link in them."""
SNAPSHOTS, POINTS, CLASSES = (2, 2_000), (20, 100_000), (2, 1_000)
FITTED = 8_192
"""Points that explainers are fitted to, at most: the first ones."""
MAX_INPUTS = 20_000
"""Numbers of one input, at most."""
STAGES = 4
"""An explainer that was recorded over its own training is taken at so many of its steps."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Recorded:
    """A recording that has been checked.

    Raises:
        DataError: something in it is not as it has to be; the sentence says what, what is allowed, and what came.
    """

    steps: Array
    """(snapshot,), whole numbers that rise."""
    predictions: Array
    """(snapshot, point), whole numbers from 0."""
    labels: Array
    """(point,), likewise."""
    classes: int = 0
    """How many; 0: as many as the labels say."""
    class_names: tuple[str, ...] = ()
    inputs: Array | None = None
    """(point, ...), numbers; images as (point, channel, row, column) or (point, row, column)."""
    train_inputs: Array | None = None
    train_labels: Array | None = None
    train_predictions: Array | None = None
    """(snapshot, training point)."""
    explainers: Mapping[str, Array] = field(default_factory=dict)
    """Predictions of simpler classifiers on the same points, (point,) or (snapshot, point), by their names."""
    curves: Mapping[str, Array] = field(default_factory=dict)
    """Some of `CURVES`, (snapshot,)."""
    margins: Array | None = None
    """(snapshot, point): the logit of the right class less the highest other one."""
    kinks: Array | None = None
    """(snapshot, unit): where first-layer units switch on the line through the means of two classes."""

    def __post_init__(self) -> None:
        steps = whole("step", self.steps, (None,))
        if not SNAPSHOTS[0] <= len(steps) <= SNAPSHOTS[1]:
            raise refused("step", f"{SNAPSHOTS[0]} to {SNAPSHOTS[1]:,} recorded steps", len(steps))
        if steps[0] < 0 or (np.diff(steps) <= 0).any():
            place = 0 if steps[0] < 0 else int(np.argmax(np.diff(steps) <= 0)) + 1
            raise refused("step", "whole numbers from 0 that rise", f"{steps[place]} in place {place}")
        if steps[-1] > 10**12:
            raise refused("step", "at most 10^12", steps[-1])
        labels = whole("labels", self.labels, (None,))
        points = len(labels)
        if not POINTS[0] <= points <= POINTS[1]:
            raise refused("labels", f"those of {POINTS[0]} to {POINTS[1]:,} points", points)
        if points * len(steps) > MAX_ROWS:
            raise refused("predictions", f"at most {MAX_ROWS:,}, steps times points", points * len(steps))
        classes = self._classes(labels)
        small = np.uint8 if classes <= 256 else np.uint16
        for name, value in {"steps": steps.astype(np.int64), "labels": labels, "classes": classes}.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "labels", of_classes("labels", labels, classes).astype(small))
        if len(np.unique(labels)) < 2:
            raise refused("labels", "points of at least two classes", f"{int(labels[0])} alone")
        for name in ("predictions", "train_predictions"):
            self._set(
                name, getattr(self, name), (len(steps), points if name == "predictions" else None), classes, small
            )
        self._set("train_labels", self.train_labels, (None,), classes, small)
        self._check_train()
        object.__setattr__(self, "explainers", {n: self._explainer(n, e, small) for n, e in self.explainers.items()})
        self._check_numbers(points)

    def _classes(self, labels: Array) -> int:
        found = self.classes or len(self.class_names) or int(labels.max()) + 1
        if not CLASSES[0] <= found <= CLASSES[1]:
            allowed = f"{CLASSES[0]} to {CLASSES[1]:,} classes, numbered from 0"
            raise refused("labels", allowed, f"{found:,}, the largest label plus one" if not self.classes else found)
        if self.class_names and len(self.class_names) != found:
            raise refused("class_names", f"{found} names, one a class", len(self.class_names))
        return found

    def _set(self, name: str, values: Array | None, shape: tuple[int | None, ...], classes: int, kind: Any) -> None:
        if values is not None:
            object.__setattr__(self, name, of_classes(name, whole(name, values, shape), classes).astype(kind))

    def _explainer(self, name: str, values: Array, kind: Any) -> Array:
        what, points = f"{EXPLAINER}{name[:40]}", len(self.labels)
        shape = (points,) if np.ndim(values) == 1 else (len(self.steps), points)
        check_name(name)
        return of_classes(what, whole(what, values, shape), self.classes).astype(kind)

    def _check_train(self) -> None:
        both = {"train_inputs": self.train_inputs, "train_predictions": self.train_predictions}
        for name, values in both.items():
            if values is not None and self.train_labels is None:
                raise refused("train_labels", f"a label for every point of {name}", "none")
        if self.train_predictions is not None and self.train_labels is not None:
            whole("train_predictions", self.train_predictions, (len(self.steps), len(self.train_labels)))

    def _check_numbers(self, points: int) -> None:
        snapshots = len(self.steps)
        curves = {name: numbers(name, values, (snapshots,)) for name, values in self.curves.items()}
        object.__setattr__(self, "curves", {name: values.astype(np.float32) for name, values in curves.items()})
        for name, shape in {"margins": (snapshots, points), "kinks": (snapshots, None)}.items():
            values = getattr(self, name)
            if values is not None:
                object.__setattr__(
                    self, name, numbers(name, values, shape).astype(np.float16 if name == "margins" else np.float32)
                )
        for name, count in {
            "inputs": points,
            "train_inputs": len(self.train_labels) if self.train_labels is not None else 0,
        }.items():
            values = getattr(self, name)
            if values is None:
                continue
            if values.ndim < 2 or len(values) != count:
                raise refused(name, f"one row for each of {count:,} points", f"shape {values.shape}")
            if int(np.prod(values.shape[1:])) > MAX_INPUTS:
                raise refused(name, f"at most {MAX_INPUTS:,} numbers a point", int(np.prod(values.shape[1:])))
            if not np.isfinite(numbers(name, values, values.shape)).all():
                raise refused(name, "finite numbers", "NaN or infinity")

    @property
    def names(self) -> tuple[str, ...]:
        """What the classes are called."""
        return self.class_names or tuple(str(number) for number in range(self.classes))


def refused(name: str, allowed: str, came: object) -> DataError:
    """Return the error that says what is refused, in the one form."""
    return DataError(f"recording: {name}: {allowed}; got {came}.")


def check_name(name: str) -> None:
    """Refuse what an explainer may not be called."""
    if not re.fullmatch(NAME, name):
        raise refused("explainer", "a name of 1 to 60 letters, on one line and without < > [ ]", name[:80])


def whole(name: str, values: Any, shape: tuple[int | None, ...]) -> Array:
    """Return values as whole numbers of this shape (None: any length)."""
    found = np.asarray(values)
    if found.ndim != len(shape) or any(n is not None and n != m for n, m in zip(shape, found.shape, strict=True)):
        wanted = ", ".join("any" if n is None else f"{n:,}" for n in shape)
        raise refused(name, f"an array of shape ({wanted})", f"shape {found.shape}")
    if found.dtype == np.bool_:
        return found.astype(np.int64)
    if not np.issubdtype(found.dtype, np.number) or np.issubdtype(found.dtype, np.complexfloating):
        raise refused(name, "whole numbers", f"values of type {found.dtype}")
    if np.issubdtype(found.dtype, np.floating):
        if not np.isfinite(found).all():
            raise refused(name, "whole numbers", "NaN or infinity")
        if (found != np.floor(found)).any():
            raise refused(name, "whole numbers", f"{found[found != np.floor(found)].flat[0]:g}")
    return found.astype(np.int64)


def of_classes(name: str, values: Array, classes: int) -> Array:
    """Return values that are classes; raise DataError for one that is none."""
    if values.size and not 0 <= (low := int(values.min())) <= (high := int(values.max())) < classes:
        allowed = f"classes 0 to {classes - 1}, those of the labels (an entry `classes` says that there are more)"
        raise refused(name, allowed, low if low < 0 else high)
    return values


def numbers(name: str, values: Any, shape: tuple[int | None, ...]) -> Array:
    """Return numbers of this shape; NaN is one that is not known."""
    found = np.asarray(values)
    if found.ndim != len(shape) or any(n is not None and n != m for n, m in zip(shape, found.shape, strict=True)):
        wanted = ", ".join("any" if n is None else f"{n:,}" for n in shape)
        raise refused(name, f"an array of shape ({wanted})", f"shape {found.shape}")
    if found.dtype != np.bool_ and not np.issubdtype(found.dtype, np.number):
        raise refused(name, "numbers", f"values of type {found.dtype}")
    return found


def flat(inputs: Array) -> NDArray[np.float32]:
    """Return inputs as explainers take them, (point, dim); bytes as shares of 255."""
    found = inputs.reshape(len(inputs), -1).astype(np.float32)
    return found / np.float32(255) if inputs.dtype == np.uint8 else found


def encoded(recorded: Recorded) -> bytes:
    """Return a recording as an npz file, the same bytes for the same recording."""
    arrays: dict[str, Array] = {
        "step": recorded.steps,
        "predictions": recorded.predictions,
        "labels": recorded.labels,
        "classes": np.array(recorded.classes, np.int64),
    }
    if recorded.class_names:
        arrays["class_names"] = np.array(recorded.class_names)
    for name in OPTIONAL:
        if (values := getattr(recorded, name)) is not None:
            arrays[name] = values
    arrays |= dict(recorded.curves) | {f"{EXPLAINER}{name}": values for name, values in recorded.explainers.items()}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


OPTIONAL = ("inputs", "train_inputs", "train_labels", "train_predictions", "margins", "kinks")


def of_arrays(arrays: Mapping[str, Array]) -> Recorded:
    """Return the recording that the arrays of an npz file are.

    Raises:
        DataError: one that is needed is not there, or is not as it has to be.
    """
    needed = ("step", "predictions", "labels")
    if missing := [name for name in needed if name not in arrays]:
        raise refused(
            "arrays", f"{', '.join(needed)}; without {', '.join(missing)} nothing can be measured", _some(arrays)
        )
    known = {*needed, "classes", "class_names", *OPTIONAL, *CURVES}
    explainers = {name.removeprefix(EXPLAINER): arrays[name] for name in arrays if name.startswith(EXPLAINER)}
    if other := [name for name in arrays if name not in known and not name.startswith(EXPLAINER)]:
        raise refused("arrays", f"{', '.join((*needed, *OPTIONAL, *CURVES))}, {EXPLAINER}NAME", _some(other))
    classes = int(whole("classes", arrays["classes"], ())) if "classes" in arrays else 0
    return Recorded(
        steps=arrays["step"],
        predictions=arrays["predictions"],
        labels=arrays["labels"],
        classes=classes,
        class_names=tuple(str(name)[:60] for name in arrays["class_names"].ravel()) if "class_names" in arrays else (),
        explainers=explainers,
        curves={name: arrays[name] for name in CURVES if name in arrays},
        **{name: arrays[name] for name in OPTIONAL if name in arrays},
    )


def _some(names: Any) -> str:
    found = [str(name)[:40] for name in names]
    return ", ".join(found[:8]) + (", …" if len(found) > 8 else "") if found else "none"
