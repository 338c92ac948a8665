"""What the predictions of a trajectory say: information by explainer, steps of note, and the order of learning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.explainers.names import ANOTHER_SEED, title
from core.observables import information_points
from core.observables.information import Information, information
from core.observables.information_errors import noise_floor
from core.observables.information_points import of_two
from core.trajectory import DIVERGED, UNFINISHED, Array, Trajectory

Floats = NDArray[np.float64]

LEAST_INFORMATION = 0.02
"""Bits (or three standard errors, if more) of I(F;Y) or I(L;Y) below which a share of it says nothing."""

EARLY = (0.05, 0.8)
"""The early phase: from I(F;Y) of this many bits to this share of I(L;Y)."""

RETAINED = 0.95
"""Retained share from which an explainer counts as reached."""


@dataclass(frozen=True, eq=False)
class Compared(Trajectory):
    """A trajectory of hard predictions on test points, by networks and by the classifiers that explain them.

    Its arrays are prediction (snapshot, run, test_point), test_label (test_point,), explainer_prediction (explainer,
    run, test_point), all bool for two classes or whole numbers from 0; train_counts (snapshot, run, side, label), and
    explainer_train_accuracy (explainer, run).
    """

    @property
    def seeds(self) -> Sequence[int]:
        """The seeds of the runs, as tables have them."""
        raise NotImplementedError

    @property
    def explainers(self) -> tuple[str, ...]:
        """The names along the axis of explainers, the simplest first."""
        raise NotImplementedError

    @property
    def explainers_known(self) -> NDArray[np.bool_]:
        """Whether each explainer's predictions are there yet, (explainer, run)."""
        return ~np.isnan(self["explainer_train_accuracy"])

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return 2

    @cached_property
    def comparisons(self) -> dict[tuple[str, bool], Explained]:
        """What `explained` has found so far, by the explainer's name and whether by Miller and Madow's estimate."""
        return {}

    @property
    def shown_labels(self) -> Array:
        """The class of every test point as tables write it, (test_point,)."""
        return np.where(self["test_label"], 1, -1)

    def title_of(self, explainer: str) -> str:
        """Return what an explainer is called."""
        return title(explainer)


def explainer_predictions(trajectory: Compared) -> Mapping[str, Array]:
    """Return the predictions (run, test_point) of every explainer that is known for all runs, the simplest first."""
    known = trajectory.explainers_known
    names, kept = trajectory.explainers, trajectory["explainer_prediction"]
    found = {name: kept[place] for place, name in enumerate(names) if known[place].all()}
    ended = ~np.isin(trajectory["outcome"], (UNFINISHED, DIVERGED))
    if len(ended) > 1 and ended.all():
        found[ANOTHER_SEED] = np.roll(trajectory["prediction"][-1], -1, axis=0)
    return found


def gone(trajectory: Compared) -> NDArray[np.bool_]:
    """Return whether a run has diverged by a snapshot, (snapshot, run)."""
    by_then = trajectory.steps[:, None] >= trajectory["end_step"]
    diverged: NDArray[np.bool_] = by_then & (trajectory["outcome"] == DIVERGED)
    return diverged


@dataclass(frozen=True)
class Explained:
    """One explainer compared with every run, (snapshot, run); NaN from where a run has diverged.

    explained_share is mu_Y / I(F;Y), retained_share mu_Y / I(L;Y), NaN where the denominator is too small to tell;
    the two `_independent` are the same of two unrelated classifiers of these accuracies.
    """

    bits: Information
    explained_share: Floats
    retained_share: Floats
    explained_share_independent: Floats
    retained_share_independent: Floats
    early: NDArray[np.bool_]  # on the way to T0: I(F;Y) from EARLY[0] bits to EARLY[1] of I(L;Y)
    matched_step: Floats
    """T0, (run,): the first step with I(F;Y) >= I(L;Y); NaN if none has, or L knows nothing to speak of."""


def least_information(points: int, classes: int) -> float:
    """Return the bits of information below which a share of it says nothing, standard errors apart.

    With many classes and few points chance alone reaches beyond `LEAST_INFORMATION`.
    """
    chance = float(noise_floor(points, classes).mutual_information) if classes > 2 else 0.0
    return max(LEAST_INFORMATION, chance)


def measured(trajectory: Compared, f: Array, el: Array, *, miller_madow: bool = False) -> Information:
    """Return the measures of predictions F (..., test_point) and L, with the test labels."""
    label, classes = trajectory["test_label"], trajectory.classes
    return information_points.measured(f, el, label, classes, miller_madow=miller_madow)


def explained(trajectory: Compared, explainer: str, *, miller_madow: bool = False) -> Explained:
    """Compare every snapshot of every run with a known explainer: once, as tables and charts ask for the same."""
    found, key = trajectory.comparisons, (explainer, miller_madow)
    if key not in found:
        found[key] = _explained(trajectory, explainer_predictions(trajectory)[explainer], miller_madow)
    return found[key]


def _explained(trajectory: Compared, predictions: Array, miller_madow: bool) -> Explained:
    """Compare every snapshot of every run with an explainer's predictions (run, test_point)."""
    label, lost = trajectory["test_label"], gone(trajectory)
    bits = measured(trajectory, trajectory["prediction"], predictions, miller_madow=miller_madow)

    def kept(values: Floats) -> Floats:
        return np.where(lost, np.nan, values)

    bits = Information(**{name: kept(value) for name, value in vars(bits).items()})
    least = least_information(len(label), trajectory.classes)
    enough = bits.mutual_information >= np.fmax(least, 3 * bits.mutual_information_error)
    # The explainer's own information has an error too: that of I(F;Y) with L in F's place.
    own = measured(trajectory, predictions, predictions)
    useful = own.mutual_information >= np.fmax(least, 3 * own.mutual_information_error)

    def share(part: Floats, whole: Floats, told: NDArray[np.bool_]) -> Floats:
        return np.where(told, part / np.where(told, whole, 1), np.nan)

    both = (bits.mu_y, bits.mu_y_independent)
    of_f = [share(part, bits.mutual_information, enough) for part in both]
    of_l = [share(part, bits.explainer_information, useful & ~lost) for part in both]
    as_good = (bits.mutual_information >= bits.explainer_information) & useful
    told = np.isfinite(of_f[0]) & (bits.mutual_information >= EARLY[0]) & useful
    early = told & (bits.mutual_information <= EARLY[1] * bits.explainer_information)
    early &= np.cumsum(as_good, axis=0) == 0
    return Explained(bits, of_f[0], of_l[0], of_f[1], of_l[1], early, first_step(trajectory.steps, as_good))


def first_step(steps: NDArray[np.int64], holds: NDArray[np.bool_]) -> Floats:
    """Return the first of `steps` (snapshot,) at which each run of (snapshot, run) holds; NaN if none does."""
    found: Floats = np.where(holds.any(axis=0), steps[np.argmax(holds, axis=0)], np.nan)
    return found


def train_information(trajectory: Compared) -> tuple[Floats, Floats]:
    """Return I(F;Y) in bits and the accuracy on the training points with the labels trained on, (snapshot, run)."""
    counts, lost = trajectory["train_counts"], gone(trajectory)
    if trajectory.classes > 2:
        mutual, right = of_two(counts)
        return np.where(lost, np.nan, mutual), np.where(lost, np.nan, right)
    whole = np.stack([counts, np.zeros_like(counts)], axis=-2)  # an explainer that always says -1 takes no part
    with np.errstate(invalid="ignore", divide="ignore"):
        bits = information(whole)
    return np.where(lost, np.nan, bits.mutual_information), np.where(lost, np.nan, bits.accuracy)


@dataclass(frozen=True)
class Learned:
    """When the first run came to be right on each test point; all (test_point,)."""

    first_right: Floats  # step; NaN: never
    learned: Floats  # first step from which it stays right; NaN: not right at the end
    changes: NDArray[np.int64]  # how often its prediction changed between snapshots
    right_share: Floats  # share of runs that are right at the end


def learned(trajectory: Compared) -> Learned:
    """Return the order of learning."""
    right = trajectory["prediction"] == trajectory["test_label"]  # (snapshot, run, test_point)
    first = right[:, 0]
    steps = trajectory.steps
    stays = np.logical_and.accumulate(first[::-1], axis=0)[::-1]
    changed: Any = (first[1:] != first[:-1]).sum(axis=0)
    return Learned(
        first_right=first_step(steps, first),
        learned=first_step(steps, stays),
        changes=changed,
        right_share=right[-1].mean(axis=0),
    )
