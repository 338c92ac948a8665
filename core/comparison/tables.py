"""The tables of a network that is compared with simpler classifiers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.comparison.compared import (
    RETAINED,
    Compared,
    Explained,
    explained,
    explainer_predictions,
    first_step,
    learned,
    train_information,
)
from core.observables.contingency import tables
from core.trajectory import Array

CELLS = ("both_right", "only_network", "only_explainer", "both_wrong")
"""The four cells of right and wrong: of F and L, of F alone, of L alone, of neither."""

COUNTS = tuple(f"{cell}_{side}" for side in ("negative", "positive") for cell in CELLS)
"""The same as numbers of test points of either class, which is all that mu_Y is of."""


def information(trajectory: Compared) -> pd.DataFrame:
    """Return one row an explainer, seed and recorded step."""
    names = explainer_predictions(trajectory)
    parts = [information_of(trajectory, name, explained(trajectory, name)) for name in names]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(INFORMATION))


def information_of(trajectory: Compared, explainer: str, compared: Explained) -> pd.DataFrame:
    """Return one row a seed and recorded step for one explainer."""
    steps, runs = trajectory.steps, trajectory.experiment.runs
    bits, (on_train, train_accuracy) = compared.bits, train_information(trajectory)
    values = (
        on_train,
        bits.mutual_information,
        bits.conditional_information,
        bits.mu_y,
        bits.mu_y_independent,
        bits.standard_error,
        train_accuracy,
        bits.accuracy,
        compared.explained_share,
        compared.retained_share,
        compared.explained_share_independent,
        compared.retained_share_independent,
        bits.agreement,
    )
    keys = {
        "seed": np.repeat(trajectory.seeds, len(steps)),
        "step": np.tile(steps, runs),
        "explainer": explainer,
    }
    numbers = {name: value.T.ravel() for name, value in zip(INFORMATION[3:], values, strict=True)}
    return pd.DataFrame(keys | numbers)


INFORMATION = (
    "seed",
    "step",
    "explainer",
    "mutual_information_train",
    "mutual_information_test",
    "conditional_information",
    "mu_y",
    "mu_y_independent",
    "standard_error",
    "accuracy_train",
    "accuracy_test",
    "explained_share",
    "retained_share",
    "explained_share_independent",
    "retained_share_independent",
    "agreement",
)
"""The columns of `information`."""


def early_shares(compared: Explained) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean explained share on the way to T0 and that of unrelated classifiers, (run,); NaN without one."""
    shares = (compared.explained_share, compared.explained_share_independent)
    early, unrelated = (
        np.array([np.nanmean(share[on, run]) if on.any() else np.nan for run, on in enumerate(compared.early.T)])
        for share in shares
    )
    return early, unrelated


def explainers(trajectory: Compared) -> pd.DataFrame:
    """Return one row an explainer and seed: how good it is, and what it explains of that seed's network."""
    rows = []
    known = dict(zip(trajectory.explainers, trajectory["explainer_train_accuracy"], strict=True))
    for name, predictions in explainer_predictions(trajectory).items():
        compared = explained(trajectory, name)
        bits = compared.bits
        at_first = compared.matched_step
        reached = first_step(trajectory.steps, compared.retained_share >= RETAINED)
        own = (predictions == trajectory["test_label"]).mean(axis=1)
        early, unrelated = early_shares(compared)
        for run, seed in enumerate(trajectory.seeds):
            rows.append(
                {
                    "explainer": name,
                    "seed": seed,
                    "accuracy_train": float(known[name][run]) if name in known else np.nan,
                    "accuracy_test": own[run],
                    "explainer_information": np.nanmax([bits.explainer_information[0, run], 0.0]),
                    "matched_step": at_first[run],
                    "early_explained_share": early[run],
                    "early_explained_share_independent": unrelated[run],
                    "reached_step": reached[run],
                    "end_mu_y": bits.mu_y[-1, run],
                    "end_mu_y_independent": bits.mu_y_independent[-1, run],
                    "end_explained_share": compared.explained_share[-1, run],
                    "end_retained_share": compared.retained_share[-1, run],
                    "end_explained_share_independent": compared.explained_share_independent[-1, run],
                    "end_retained_share_independent": compared.retained_share_independent[-1, run],
                }
            )
    return pd.DataFrame(rows, columns=list(EXPLAINERS))


EXPLAINERS = (
    "explainer",
    "seed",
    "accuracy_train",
    "accuracy_test",
    "explainer_information",
    "matched_step",
    "early_explained_share",
    "early_explained_share_independent",
    "reached_step",
    "end_mu_y",
    "end_mu_y_independent",
    "end_explained_share",
    "end_retained_share",
    "end_explained_share_independent",
    "end_retained_share_independent",
)
"""The columns of `explainers`."""


def four_cells(trajectory: Compared) -> pd.DataFrame:
    """Return one row an explainer, seed and recorded step: the shares of test points in the four `CELLS`, and `COUNTS`
    of them by class where there are two."""
    steps, seeds, two = trajectory.steps, trajectory.seeds, trajectory.classes == 2
    right = trajectory["prediction"] == trajectory["test_label"]
    parts = []
    for name, predictions in explainer_predictions(trajectory).items():
        by_l = predictions == trajectory["test_label"]
        both = (right & by_l).mean(axis=-1)
        of_f, of_l = right.mean(axis=-1), np.broadcast_to(by_l.mean(axis=-1), both.shape)
        shares = (both, of_f - both, of_l - both, 1 - of_f - of_l + both)
        by_class = _by_class(trajectory, predictions) if two else []
        parts.append(
            pd.DataFrame(
                {"seed": np.repeat(seeds, len(steps)), "step": np.tile(steps, len(seeds)), "explainer": name}
                | {cell: share.T.ravel() for cell, share in zip(CELLS, shares, strict=True)}
                | {name: count.T.ravel() for name, count in zip(COUNTS if two else (), by_class, strict=True)}
            )
        )
    names = ["seed", "step", "explainer", *CELLS, *(COUNTS if two else ())]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)


def _by_class(trajectory: Compared, predictions: Array) -> list[NDArray[np.int64]]:
    """Return the numbers of test points in the four cells of each of two classes, (snapshot, run) each."""
    counts = tables(trajectory["prediction"], predictions, trajectory["test_label"])  # (snapshot, run, F, L, Y)
    return [counts[..., f, el, y] for y in (0, 1) for f, el in ((y, y), (y, 1 - y), (1 - y, y), (1 - y, 1 - y))]


def examples(trajectory: Compared) -> pd.DataFrame:
    """Return one row an explainer and test point: whether the explainer is right on it, and when the first seed's
    network came to be."""
    order, label = learned(trajectory), trajectory["test_label"]
    found = explainer_predictions(trajectory)
    times = len(found)
    right = [predictions[0] == label for predictions in found.values()]
    return pd.DataFrame(
        {
            "explainer": np.repeat(list(found), len(label)),
            "example": np.tile(np.arange(len(label)), times),
            "label": np.tile(trajectory.shown_labels, times),
            "explainer_right": np.concatenate(right) if right else np.zeros(0, bool),
            "first_right_step": np.tile(order.first_right, times),
            "learned_step": np.tile(order.learned, times),
            "changes": np.tile(order.changes, times),
            "right_share": np.tile(order.right_share, times),
        }
    )
