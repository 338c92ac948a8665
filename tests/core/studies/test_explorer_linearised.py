"""C11, C12: how lazy the Explorer's runs are, beside their linearised twins: same start, batches, tangent features."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.datasets import Source
from core.observables.regimes import FEATURE_FACTOR, LAZY_DISPLACEMENT, LAZY_FACTOR, WEAKLY
from core.studies.explorer.experiment import Explorer
from core.studies.explorer.linearised import SAME
from core.studies.explorer.tables import plane
from core.studies.linearised.experiment import Linearised
from core.studies.linearised.tables import runs
from core.sweeps import train
from core.values import log2_grid
from tests.claims import HOLDS, NONE, Measured, above, below, near, seeds

GIVEN = Linearised()
pytestmark = [pytest.mark.claim, pytest.mark.timeout(1200)]


def ended(experiment: Linearised) -> pd.DataFrame:
    return runs(train(experiment, source=Source(), device="cpu", workers=1))


def test_c11_a_lazy_network_is_its_twin_and_another_is_not(measured: Measured) -> None:
    """Lazy, in a middle regime, and learning features: the middle one is left by the weights before the predictions."""
    shares = {}
    for name, alpha, temperature, expected in (
        ("lazy", 11, 1, near(1, 0.05)),
        ("middle", 8, 5, below(1)),
        ("features", 5, 5, below(1, by=0.5)),
    ):
        place = {"alphas": GIVEN.alphas[alpha : alpha + 1], "temperatures": GIVEN.temperatures[temperature:][:1]}
        table = ended(replace(GIVEN, seeds=seeds(5), **place))
        ratio, shares[name] = table["weight_ratio"], table["agreement"]
        where = f"explorer/digits, alpha = {place['alphas'][0]:.3g}, T = {place['temperatures'][0]:.2g} ({name})"
        measured("C11", f"{where}: |dw| over the linearised twin's", ratio.mean(), expected, ratio.sem())
    for name, expected in (("lazy", near(1, 0.05)), ("middle", near(1, 0.05))):
        said = f"explorer/digits, {name}: share of test points that both put in one class"
        measured("C11", said, shares[name].mean(), expected, shares[name].sem())
    less = shares["lazy"] - shares["features"]
    said = "explorer/digits: agreement with the twin, lazy less features"
    measured("C11", said, less.mean(), above(0), less.sem())


@pytest.fixture(scope="module")
def both() -> pd.DataFrame:
    """A coarser plane of digits from five seeds: what the kinks say of the networks, and what their twins say."""
    experiment = Explorer(alphas=log2_grid(-2, 10, 7), temperatures=log2_grid(-9, -3, 4), seeds=seeds(5))
    own = plane(train(experiment, source=Source(), device="cpu", workers=1))
    twins = ended(Linearised(**{name: getattr(experiment, name) for name in SAME}))
    keys = ["alpha", "temperature", "seed"]
    columns = [*keys, "weight_ratio", "agreement", "agreement_independent", "regime"]
    found = own.merge(twins[columns], on=keys, suffixes=("_of_kinks", ""))
    fitted = found["outcome"] == "fitted"
    assert fitted.mean() > 0.95
    return found[fitted]


def by_seed(both: pd.DataFrame, chosen: pd.Series, value: pd.Series) -> tuple[float, float]:
    """The mean over seeds, and its standard error, of each seed's mean over the chosen runs."""
    means = value[chosen].groupby(both["seed"][chosen]).mean()
    assert len(means) == both["seed"].nunique()
    return float(means.mean()), float(means.sem())


def test_c12_kinks_tell_lazy_runs_and_not_features(both: pd.DataFrame, measured: Measured) -> None:
    """By kinks a run is lazy or learns features; beside the twins two in three of the latter are between, or lazy."""
    moved = both["kink_displacement"] >= LAZY_DISPLACEMENT
    off = np.abs(np.log(both["weight_ratio"]))
    for what, chosen, value, expected in (
        ("kinks in place: |dw| off the twin's, as a factor", ~moved, np.exp(off), near(1, LAZY_FACTOR - 1)),
        (
            "kinks moved by .05 or more: share whose weights learn features",
            moved,
            both["regime"] == "feature learning",
            below(1),
        ),
        (
            "kinks moved by .05 or more: share that does not",
            moved,
            both["regime"].isin(["lazy", WEAKLY]),
            above(0),
        ),
    ):
        mean, error = by_seed(both, chosen, value.astype(float))
        measured("C12", f"explorer/digits, {what}", mean, expected, error)


def test_c12_lazy_runs_predict_as_their_twins_and_others_less(both: pd.DataFrame, measured: Measured) -> None:
    """Of the agreement beyond that of classifiers that err independently: 1 were the same function, 0 an unrelated one.

    The weights name the regimes, so that the predictions are a test of the names. They confirm the lazy one; of the
    other two, noisy runs at a large scale are nearer to their twins by weights and as far by predictions.
    """
    beyond = (both["agreement"] - both["agreement_independent"]) / (1 - both["agreement_independent"])
    of = {name: beyond.where(both["regime"] == name).groupby(both["seed"]).mean() for name in set(both["regime"])}
    lazy, between, features = (of[name] for name in ("lazy", WEAKLY, "feature learning"))
    for what, less, verdict in (("lazy less", lazy - between, HOLDS), ("features below", between - features, NONE)):
        said = f"explorer/digits: agreement with the twin beyond chance, {what} weakly nonlinear"
        measured("C12", said, less.mean(), above(0), less.sem(), verdict)


def test_c12_noise_moves_the_kinks_as_far_as_a_small_scale_and_ends_between_lazy_and_features(
    both: pd.DataFrame, measured: Measured
) -> None:
    noisy, small = (
        both[(both["alpha"] == alpha) & (both["temperature"] == temperature)].set_index("seed")
        for alpha, temperature in ((2.0**10, 2.0**-3), (1.0, 2.0**-7))
    )
    where = "explorer/digits, alpha = 2^10, T = 2^-3"
    ratio = noisy["weight_ratio"]
    for what, value, expected in (
        ("|dw| over the twin's, against features", ratio, above(1 / FEATURE_FACTOR)),
        ("|dw| over the twin's, against lazy", ratio, below(1 / LAZY_FACTOR)),
        ("kink displacement over that at alpha = 1, T = 2^-7", _moved(noisy) / _moved(small), near(1, 0.5, null=0)),
    ):
        measured("C12", f"{where}: {what}", value.mean(), expected, value.sem())
    assert (small["regime"] == "feature learning").all()


def _moved(runs: pd.DataFrame) -> pd.Series:
    found: pd.Series = runs["kink_displacement"]
    return found
