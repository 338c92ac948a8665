"""Simplicity and test error: the correlation of errors, ranks within groups, and the claim on the Explorer's plane."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from core.columns import columns
from core.datasets import Source
from core.observables.ranks import rank_correlation, ranks
from core.part import Shown
from core.store import Store
from core.studies.explorer.experiment import Explorer
from core.studies.explorer.scene import scene
from core.studies.explorer.simplicity import WITHIN, correlations, error_correlation, ranked, sentence, simplicity
from core.studies.explorer.trajectory import PlaneTrajectory
from core.studies.explorer.view import ExplorerView
from core.sweeps import train
from core.trajectory import FITTED, STEP_LIMIT
from core.values import log2_grid
from tests.claims import Measured, above, seeds


@cache
def shipped() -> PlaneTrajectory:
    found, _ = Store(Path("nowhere")).load(Explorer())
    assert isinstance(found, PlaneTrajectory)
    return found


def test_independent_errors_have_no_correlation_at_any_error_rate() -> None:
    rng = np.random.default_rng(0)
    labels = rng.random(200_000) < 0.5
    explainer = labels ^ (rng.random(200_000) < 0.1)
    predictions = labels ^ (rng.random((3, 200_000)) < np.array([[0.02], [0.1], [0.4]]))
    assert np.abs(error_correlation(predictions, explainer, labels)).max() < 0.01
    wrong = predictions != labels
    expected = [np.corrcoef(one, explainer != labels)[0, 1] for one in wrong]
    np.testing.assert_allclose(error_correlation(predictions, explainer, labels), expected, atol=1e-12)
    assert error_correlation(explainer[None], explainer, labels) == pytest.approx(1)
    assert np.isnan(error_correlation(labels[None], explainer, labels)).all()


def test_a_rank_correlation_is_scipys() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.integers(0, 8, (2, 60)).astype(np.float64)
    y += x
    assert rank_correlation(x, y).rho == pytest.approx(spearmanr(x, y)[0])
    assert ranks([3, 1, 3, 2]).tolist() == [3.5, 1, 3.5, 2]
    x[3] = np.nan
    assert rank_correlation(x, y).runs == 59
    assert np.isnan(rank_correlation(np.ones(5), np.arange(5)).rho)


def test_what_differs_between_groups_counts_for_nothing() -> None:
    rng = np.random.default_rng(2)
    group = np.repeat(np.arange(6), 50)
    x, y = group + 0.1 * rng.standard_normal((2, 300))
    assert rank_correlation(x, y).rho > 0.9
    within = rank_correlation(x, y, group)
    assert within.null_low < within.rho < within.null_high
    assert abs(within.rho) < 0.2
    assert within.sign == 0
    against = rank_correlation(x, y - 2 * (x - group), group)
    assert against.sign == -1


def test_the_null_holds_what_unrelated_numbers_show() -> None:
    rng = np.random.default_rng(3)
    outside = sum(rank_correlation(*rng.standard_normal((2, 40))).sign != 0 for _ in range(200))
    assert 1 <= outside <= 22


def test_tables_are_of_fitted_runs_and_what_is_said_is_in_them() -> None:
    table = simplicity(shipped())
    assert len(table) == (shipped()["outcome"] == FITTED).sum()
    laws = correlations(table)
    assert {*table.columns, *laws.columns} <= set(columns())
    own = laws.set_index(["measure", "within"])["rho"]
    said = sentence(table)
    assert f"is {own['mu_y_share', 'seed']:.2f}; of unrelated" in said
    assert f"it is {own['error_correlation', 'seed']:.2f} in all" in said
    none = {**shipped().arrays, "outcome": np.full_like(shipped()["outcome"], STEP_LIMIT)}
    empty = simplicity(PlaneTrajectory(Explorer(), none))
    assert len(empty) == 0
    assert sentence(empty) == ""


def test_the_chart_stands_beside_the_plane_that_is_coloured_by_the_share() -> None:
    drawn = [None, Shown(shipped())]
    assert "simplicity" not in scene(ExplorerView(), drawn).figures
    found = scene(ExplorerView(colour="mu_y_share"), drawn)
    assert list(found.figures) == list(found.cards) == ["kinks", "information", "plane", "simplicity"]
    assert sentence(simplicity(shipped())) in found.cards["simplicity"].caption


@cache
def of_seeds() -> pd.DataFrame:
    """A coarser plane of digits from five seeds."""
    experiment = Explorer(alphas=log2_grid(-8, 10, 8), temperatures=log2_grid(-10, -3, 6), seeds=seeds(5))
    found = train(experiment, source=Source(), workers=1)
    assert isinstance(found, PlaneTrajectory)
    return simplicity(found)


def rhos(measure: str, within: str) -> pd.Series:
    """The rank correlation with the test error of every seed by itself."""
    return pd.Series([ranked(own, measure, within).rho for _, own in of_seeds().groupby("seed")])


@pytest.mark.claim
@pytest.mark.timeout(1200)
def test_n9_the_share_explained_rises_with_the_test_error_as_that_of_unrelated_classifiers(measured: Measured) -> None:
    for name, what in (("mu_y_share", "networks"), ("mu_y_share_independent", "unrelated classifiers")):
        rho = rhos(name, "seed")
        said = f"explorer/digits, 48 cells, within a seed: rank correlation of the share explained, {what}"
        measured("N9", said, rho.mean(), above(0), rho.sem())


@pytest.mark.claim
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("within", WITHIN)
def test_n9_errors_that_are_those_of_the_linear_classifier_go_with_a_larger_test_error(
    measured: Measured, within: str
) -> None:
    rho = rhos("error_correlation", within)
    said = f"explorer/digits, 48 cells, within a {within}: rank correlation of the correlation of errors"
    measured("N9", said, rho.mean(), above(0), rho.sem())
