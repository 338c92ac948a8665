"""Whether what a linear classifier explains of a fitted network tells its test error.

Of networks that fit all training points, the share explained mu_Y(F;L) / I(F;Y) has the test error in its denominator:
I(F;Y) is nearly a function of it, and mu_Y is at most I(L;Y), the same for a whole seed. So the share falls as the
error falls whatever F and L have in common, also where their errors are independent. Two measures are beside it: the
share that unrelated classifiers of the same accuracies have, and the correlation of F's errors with L's on test points,

    phi = (P(both wrong) - e_F e_L) / sqrt(e_F (1 - e_F) e_L (1 - e_L)),

which is 0 where errors are independent, at any error rate.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from core.observables.ranks import RankCorrelation, rank_correlation
from core.studies.explorer.tables import plane
from core.studies.explorer.trajectory import PlaneTrajectory
from core.trajectory import FITTED, Array

MEASURES: Mapping[str, str] = {
    "mu_y_share": "share explained",
    "mu_y_share_independent": "the same if errors were independent",
    "retained_share": "share of L retained",
    "error_correlation": "correlation of errors",
}
"""Columns of `simplicity`, and words for them."""
WITHIN = ("seed", "alpha", "temperature")
"""What rank correlations are within: a seed, and a seed at one alpha or one temperature."""


def error_correlation(predictions: Array, explainer: Array, labels: Array) -> Array:
    """Return phi of every run's errors with the explainer's, (run,); NaN where one of them has none, or errs always.

    Args:
        predictions: (run, point); explainer, labels: (point,): classes, as truth values.
    """
    wrong, its = predictions != labels, explainer != labels
    error, other = wrong.mean(axis=1), its.mean()
    joint = (wrong & its).mean(axis=1)
    spread = np.sqrt(error * (1 - error) * other * (1 - other))
    found: Array = np.divide(joint - error * other, spread, out=np.full(len(error), np.nan), where=spread > 0)
    return found


def simplicity(trajectory: PlaneTrajectory) -> pd.DataFrame:
    """Return one row a run that fitted its training points: test error, and how much of F a linear classifier L is."""
    runs: list[int] = np.flatnonzero(trajectory["outcome"] == FITTED).tolist()
    table = plane(trajectory, runs) if runs else plane(trajectory, [0]).iloc[:0]
    shares = table["mutual_information"].where(table["mu_y_share"].notna())
    table["mu_y_share_independent"] = table["mu_y_independent"] / shares
    table["retained_share"] = table["mu_y"] / table["explainer_information"].where(table["explainer_information"] > 0)
    table["error_correlation"] = np.nan
    for row in range(len(trajectory.experiment.seeds)):
        own = np.array([trajectory.seed_row(run) == row for run in runs], np.bool_)
        last = trajectory["prediction"][-1, np.array(runs, np.int64)[own]]
        found = error_correlation(last, trajectory["explainer_prediction"][row], trajectory["test_label"][row])
        table.loc[own, "error_correlation"] = found
    return table[["seed", "alpha", "temperature", "test_error", *MEASURES]]


def correlations(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row a measure and what it is within: Spearman's rho with the test error, and what reshuffling shows.

    Args:
        table: `simplicity`.
    """
    rows = []
    for measure in MEASURES:
        for within in WITHIN:
            found = ranked(table, measure, within)
            rows.append({"measure": measure, "within": within, **found._asdict()})
    return pd.DataFrame(rows)


def ranked(table: pd.DataFrame, measure: str, within: str) -> RankCorrelation:
    """Return the rank correlation of a measure with the test error within a seed, or a seed at one alpha or T."""
    group = table.groupby(list(dict.fromkeys(["seed", within]))).ngroup()
    return rank_correlation(table[measure], table["test_error"], group)


def sentence(table: pd.DataFrame) -> str:
    """Say what the ranks are, in Markdown; nothing for a few runs.

    Args:
        table: `simplicity`.
    """
    if len(table) < 10:
        return ""
    share, null = (ranked(table, name, "seed") for name in ("mu_y_share", "mu_y_share_independent"))
    held = {within: ranked(table, "error_correlation", within) for within in WITHIN}
    if not all(np.isfinite(one.rho) for one in (share, null, *held.values())):
        return ""
    known = {one.sign for one in held.values()}
    said = {
        frozenset({1}): "the more F errs where L errs, the larger its test error",
        frozenset({-1}): "the more F errs where L errs, the smaller its test error",
    }.get(frozenset(known), "not of one sign in all three, as far as reshuffled test errors tell")
    values = ", ".join(
        f"{held[within].rho:z.2f} {where}".replace("-", "−")
        for within, where in zip(WITHIN, ("in all", "at fixed α", "at fixed T"), strict=True)
    )
    return (
        f"Of {len(table)} fitted networks the rank correlation of the share explained with the test error is "
        f"{share.rho:z.2f}; of unrelated classifiers with the same accuracies {null.rho:z.2f}. ".replace("-", "−")
        + f"Of the correlation of F's errors with L's it is {values}: {said}."
    )
