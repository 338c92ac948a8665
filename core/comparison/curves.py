"""What the charts show of one explainer, or of all side by side: means over seeds, with their bands."""

from __future__ import annotations

from typing import Any

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
    gone,
    learned,
)
from core.comparison.tables import CELLS, early_shares, information_of
from core.observables.contingency import tables
from core.observables.information import Information, information
from core.observables.information_errors import bootstrap, noise_floor, redrawn
from core.observables.information_points import measured as measured_at
from core.trajectory import Array

BANDED = (
    "mutual_information_test",
    "mutual_information_train",
    "conditional_information",
    "mu_y",
    "mu_y_independent",
    "accuracy_test",
    "accuracy_train",
    "explained_share",
    "retained_share",
    "explained_share_independent",
    "retained_share_independent",
)
"""The columns that get a mean over seeds and the band from the lowest to the highest."""

DRAWS = 200
"""Bootstrap draws a table."""


def curves(trajectory: Compared, explainer: str, *, miller_madow: bool = False) -> pd.DataFrame:
    """Return one row a recorded step: means over seeds, their `<column>_low` and `_high`, and the test set's errors.

    bootstrap_low and _high: the 95 % interval of mu_y over draws of the test set, the mean over seeds.
    """
    predictions = explainer_predictions(trajectory)[explainer]
    compared = explained(trajectory, explainer, miller_madow=miller_madow)
    table, runs = information_of(trajectory, explainer, compared), trajectory.experiment.runs
    columns: dict[str, Any] = {"step": trajectory.steps}
    for name in BANDED:
        values = table[name].to_numpy(np.float64).reshape(runs, -1)
        columns[name], columns[f"{name}_low"], columns[f"{name}_high"] = _over_runs(values)
    columns["standard_error"] = _over_runs(table["standard_error"].to_numpy(np.float64).reshape(runs, -1))[0]
    interval = dict(zip(("bootstrap_low", "bootstrap_high"), _interval(trajectory, predictions, compared), strict=True))
    for name, ends in interval.items():
        columns[name] = _over_runs(np.where(gone(trajectory), np.nan, ends).T)[0]
    if trajectory.classes == 2 and miller_madow:
        shift = _over_runs((compared.bits.mu_y - explained(trajectory, explainer).bits.mu_y).T)[0]
        columns |= {name: columns[name] + shift for name in interval}
    return pd.DataFrame(columns)


def _interval(
    trajectory: Compared, predictions: Array, compared: Explained
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the ends of the 95 % interval of mu_y, (snapshot, run).

    Percentiles of a bootstrap where there are two classes. Of many, most cells of the table hold few points, and every
    draw of it is biased a second time: the interval would lie below the estimate. So there it is 1.96 standard errors
    (delta method) to either side, which says nothing of the bias.
    """
    if trajectory.classes > 2:
        reach = 1.96 * compared.bits.standard_error
        return compared.bits.mu_y - reach, compared.bits.mu_y + reach
    counts = tables(trajectory["prediction"], predictions, trajectory["test_label"])  # (snapshot, run, F, L, Y)
    return bootstrap(counts, draws=DRAWS)


def _over_runs(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return mean, least and most over the runs of (run, snapshot) that have a value; NaN where none has."""
    there = np.isfinite(values)
    count = there.sum(axis=0)
    mean = np.where(there, values, 0).sum(axis=0) / np.where(count, count, 1)
    ends = (np.where(there, values, np.inf).min(axis=0), np.where(there, values, -np.inf).max(axis=0))
    low, high = (np.where(count, end, np.nan) for end in ends)
    return np.where(count, mean, np.nan), low, high


def facts(trajectory: Compared, explainer: str, *, miller_madow: bool = False) -> dict[str, Any]:
    """Return what the charts of one explainer say in words.

    explainer (its title), explainer_information (bits), explainer_accuracy, noise_floor (bits, of I(F;Y|L)),
    noise_floor_mutual (of I(F;Y)), matched_step (T0, the median over seeds that come to it; NaN: none does), seeds,
    chance (accuracy of the larger class), early and early_independent (explained share until T0, of L and of unrelated
    classifiers, the mean over seeds that have one), apart and apart_error (retained share at the end less that of
    unrelated classifiers, the mean over seeds, with its standard error over draws of the test set and over seeds).
    """
    predictions = explainer_predictions(trajectory)[explainer]
    compared = explained(trajectory, explainer, miller_madow=miller_madow)
    at_first, label = compared.matched_step, trajectory["test_label"]
    floor = noise_floor(len(label), trajectory.classes)
    own = compared.bits.explainer_information
    apart, apart_error = _apart(compared, _drawn(trajectory, predictions, miller_madow=miller_madow))
    early, unrelated = early_shares(compared)
    return {
        "explainer": trajectory.title_of(explainer),
        "explainer_information": _mean(own),
        "explainer_accuracy": float((predictions == label).mean()),
        "noise_floor": float(floor.conditional_information),
        "noise_floor_mutual": float(floor.mutual_information),
        "matched_step": float(np.nanmedian(at_first)) if np.isfinite(at_first).any() else float("nan"),
        "seeds": trajectory.experiment.runs,
        "chance": float(np.bincount(label).max() / len(label)),
        "early": _mean(early),
        "early_independent": _mean(unrelated),
        "apart": apart,
        "apart_error": apart_error,
    }


def _mean(values: NDArray[np.float64]) -> float:
    """Return the mean of those that are known; NaN if none is."""
    return float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")


def _apart(compared: Explained, drawn: Information) -> tuple[float, float]:
    """Return how much more is retained at the end than by unrelated classifiers, with its standard error.

    Seeds share their test set: its error is that of one seed, whatever their number.
    """
    more = (compared.retained_share - compared.retained_share_independent)[-1]
    kept = np.isfinite(more)
    if not kept.any():
        return float("nan"), float("nan")
    with np.errstate(divide="ignore", invalid="ignore"):
        share = ((drawn.mu_y - drawn.mu_y_independent) / drawn.explainer_information)[:, kept]
    of_test = float(share.std(axis=0).mean())
    of_seeds = float(more[kept].std(ddof=1) / np.sqrt(kept.sum())) if kept.sum() > 1 else 0.0
    return float(more[kept].mean()), float(np.hypot(of_test, of_seeds))


def _drawn(trajectory: Compared, predictions: Array, *, miller_madow: bool) -> Information:
    """Return the measures at the end of every run on test sets drawn anew, (draw, run)."""
    rng, label = np.random.default_rng(0), trajectory["test_label"]
    last = trajectory["prediction"][-1]
    if trajectory.classes > 2:
        rows = rng.integers(len(label), size=(DRAWS, len(label)))
        found = [
            measured_at(last[:, row], predictions[:, row], label[row], trajectory.classes, miller_madow=miller_madow)
            for row in rows
        ]
        return Information(**{name: np.stack([vars(one)[name] for one in found]) for name in vars(found[0])})
    return information(redrawn(tables(last, predictions, label), DRAWS, rng), miller_madow=miller_madow)


def staircase(trajectory: Compared) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the heat map of explainers over steps, and a row an explainer.

    The first has explainer, title, order, step, and explained_share, retained_share and mu_y, means over seeds; shares
    are NaN where they cannot be told, all of them where every run has diverged. The second has explainer, title, order,
    explainer_information, reached_step, the median over seeds of the first step with a retained share of 0.95, and
    baseline_share, what two unrelated classifiers would retain at that step.
    """
    parts, rows = [], []
    for order, name in enumerate(explainer_predictions(trajectory)):
        compared = explained(trajectory, name)
        shares = {
            "explained_share": compared.explained_share,
            "retained_share": compared.retained_share,
            "mu_y": compared.bits.mu_y,
        }
        columns = {measure: _over_runs(values.T)[0] for measure, values in shares.items()}
        about = {"explainer": name, "title": trajectory.title_of(name), "order": order}
        parts.append(pd.DataFrame(about | {"step": trajectory.steps} | columns))
        reached = first_step(trajectory.steps, compared.retained_share >= RETAINED)
        own = compared.bits.explainer_information
        unrelated = compared.retained_share_independent[np.searchsorted(trajectory.steps, np.nan_to_num(reached))]
        unrelated = np.where(np.isfinite(reached), np.diagonal(unrelated), np.nan)
        rows.append(
            about
            | {
                "baseline_share": float(np.nanmean(unrelated)) if np.isfinite(unrelated).any() else float("nan"),
                "explainer_information": float(np.nanmean(own)) if np.isfinite(own).any() else float("nan"),
                "reached_step": float(np.nanmedian(reached)) if np.isfinite(reached).any() else float("nan"),
            }
        )
    return pd.concat(parts, ignore_index=True), pd.DataFrame(rows)


def mean_cells(four_cells: pd.DataFrame, explainer: str) -> pd.DataFrame:
    """Return one row a step: the shares of test points in the four cells, means over seeds."""
    chosen = four_cells[four_cells["explainer"] == explainer]
    return chosen.groupby("step", as_index=False)[list(CELLS)].mean()


SHOWN_OF_CELL = {"only_network": 44, "only_explainer": 14, "both_wrong": 14, "both_right": 24}
"""How many of the examples shown are of each cell at the end; what one lacks the others fill."""


def learning_order(trajectory: Compared, explainer: str) -> pd.DataFrame:
    """Return chosen test examples in the order in which the first seed's network learns them for good.

    example, label (1 or -1), explainer_right, learned_step (NaN: wrong at the end), cell (of `CELLS`, at the end),
    right: a string with a character a snapshot, 1 where the network is right.
    """
    label = trajectory["test_label"]
    right = trajectory["prediction"][:, 0] == label
    by_l, order = explainer_predictions(trajectory)[explainer][0] == label, learned(trajectory)
    cells = np.array(CELLS)[np.where(right[-1], np.where(by_l, 0, 1), np.where(by_l, 2, 3))]
    chosen: list[int] = []
    for cell, count in SHOWN_OF_CELL.items():
        mine = np.flatnonzero(cells == cell)
        chosen += mine[np.linspace(0, len(mine) - 1, min(count, len(mine))).astype(int)].tolist() if len(mine) else []
    spare = sum(SHOWN_OF_CELL.values()) - len(chosen)
    chosen += np.setdiff1d(np.flatnonzero(cells == "both_right"), chosen)[:spare].tolist()
    places = np.array(chosen)
    places = places[np.lexsort((places, order.first_right[places], order.learned[places]))]
    return pd.DataFrame(
        {
            "example": places,
            "label": trajectory.shown_labels[places],
            "explainer_right": by_l[places],
            "learned_step": order.learned[places],
            "cell": cells[places],
            "right": as_digits(right[:, places]),
        }
    )


def as_digits(values: NDArray[np.generic]) -> list[str]:
    """Return (snapshot, item) values from 0 to 9 as a string an item with a character a snapshot."""
    return ["".join(map(str, item)) for item in values.T.astype(np.int64).tolist()]
