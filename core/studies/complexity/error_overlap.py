"""What mu_Y is when only the accuracies of F and L are given, and how far their errors coincide is left open.

Two balanced classes, errors that are equally likely in both: then three numbers make the whole 2 x 2 x 2 table, the
shares of points that F gets wrong, that L gets wrong, and that both do (e11). With a = P(F = L) = 1 - e1 - e2 + 2 e11,
mu_Y = (1 - h(a)) - h(e1) - h(e2) + H(e11, e1 - e11, e2 - e11, 1 - e1 - e2 + e11). A family for building intuition, not
one of the paper's (Nakkiran et al. 2019, 1905.11604).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.observables.information import Information, bounds, information

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Overlap:
    """The family of two accuracies, (point,), from the least joint error to the most.

    low, high: the bounds of mu_y by its three forms. marks: joint error of the places worth knowing, see `marks`.
    """

    joint_error: Floats
    tables: Floats
    information: Information
    low: Floats
    high: Floats
    marks: Mapping[str, float]


def overlap_family(accuracy_f: float, accuracy_l: float, points: int = 121) -> Overlap:
    """Return the family of these accuracies at `points` joint errors and at its marks; shares are counts of 1 point."""
    marked = marks(accuracy_f, accuracy_l)
    joint = np.unique([*np.linspace(*joint_error_limits(accuracy_f, accuracy_l), points), *marked.values()])
    table = overlap_table(accuracy_f, accuracy_l, joint)
    return Overlap(joint, table, information(table), *bounds(table), marks=marked)


def joint_error_limits(accuracy_f: float, accuracy_l: float) -> tuple[float, float]:
    """Return the least and the largest share of points that both can get wrong."""
    for name, share in (("accuracy_f", accuracy_f), ("accuracy_l", accuracy_l)):
        if not 0 <= share <= 1:
            raise ValueError(f"{name}: a share from 0 to 1; got {share:g}.")
    error_f, error_l = 1 - accuracy_f, 1 - accuracy_l
    return max(0.0, error_f + error_l - 1), min(error_f, error_l)


def marks(accuracy_f: float, accuracy_l: float) -> dict[str, float]:
    """Return the joint errors of three relations between F and L.

    independent: given Y, F's error says nothing about L's. nested: where the better one errs, the other does, too
    (the most joint error). noisy_copy: the worse one is the better one with some of its labels flipped by a coin that
    knows nothing else, which makes mu_y as large as it can be, min(I(F;Y), I(L;Y)). That is not the nested case.
    """
    least, most = joint_error_limits(accuracy_f, accuracy_l)
    strong, weak = sorted((1 - accuracy_f, 1 - accuracy_l), key=lambda error: -abs(0.5 - error))
    flipped = (weak - strong) / (1 - 2 * strong) if strong != 0.5 else 0.0
    copy = min(max(strong * (1 - flipped), least), most)  # but for rounding it lies within
    return {"independent": (1 - accuracy_f) * (1 - accuracy_l), "nested": most, "noisy_copy": copy}


def overlap_table(accuracy_f: float, accuracy_l: float, joint_error: ArrayLike) -> Floats:
    """Return the shares (..., F, L, Y) of the family at joint errors (...)."""
    least, most = joint_error_limits(accuracy_f, accuracy_l)
    joint = np.asarray(joint_error, np.float64)
    outside = joint[~((joint >= least - 1e-12) & (joint <= most + 1e-12))]
    if outside.size:
        raise ValueError(f"joint_error: from {least:g} to {most:g} at these accuracies; got {outside.flat[0]:g}.")
    joint = np.clip(joint, least, most)
    error_f, error_l = 1 - accuracy_f, 1 - accuracy_l
    neither = np.maximum(1 - error_f - error_l + joint, 0)
    right_wrong = np.array([[neither, error_l - joint], [error_f - joint, joint]]) / 2  # (F wrong, L wrong, ...)
    classes = np.stack([right_wrong, right_wrong[::-1, ::-1]], axis=2)  # class 1 is wrong where it says 0
    return np.moveaxis(classes, (0, 1, 2), (-3, -2, -1))


def constant_table(accuracy_l: float) -> Floats:
    """Return the shares (F, L, Y) of an F that says 0 of every point."""
    _, most = joint_error_limits(0.5, accuracy_l)
    family = overlap_table(0.5, accuracy_l, most / 2).sum(axis=0)
    return np.stack([family, np.zeros_like(family)])


def xor_table() -> Floats:
    """Return the shares (F, L, Y) of fair coins F and L with Y = F xor L: only together do they say anything of Y."""
    f, el, y = np.ogrid[:2, :2, :2]
    return np.where(y == f ^ el, 0.25, 0.0)
