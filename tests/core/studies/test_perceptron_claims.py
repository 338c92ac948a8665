"""What the working note claims of the perceptron (C6 to C10), measured with its pass ranges.

After Sclocchi, Geiger, Wyart 2023 (2301.13703) and Sclocchi, Wyart 2024 (2309.10688).
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from numba import njit
from numpy.typing import NDArray

from core.datasets import Source
from core.observables.power_laws import exponent as fitted
from core.studies.perceptron.experiment import Perceptron
from core.studies.perceptron.presets import PRESETS as PERCEPTRON
from core.studies.perceptron.theory import noise, noise_prefactor, online_exponent
from core.studies.perceptron.trajectory import PerceptronTrajectory
from core.study import studies
from core.sweeps import train
from core.values import log2_grid
from tests.claims import HOLDS, SIGN, Measured, above, factor, near

pytestmark = pytest.mark.claim
CHIS = (0.0, 1.0, 3.0)


@cache
def tables(experiment: Perceptron) -> dict[str, pd.DataFrame]:
    found = train(experiment, source=Source(), workers=1)
    assert isinstance(found, PerceptronTrajectory)
    return {name: studies()["perceptron"].tables()[name](found) for name in ("plane", "runs", "exponents", "scaling")}


def hot() -> dict[str, pd.DataFrame]:
    """The preset's sweep where noise or the first step decides."""
    given = PERCEPTRON["phase_plane/perceptron"].experiment
    return tables(replace(given, learning_rates=given.learning_rates[-1:]))


def calm() -> dict[str, pd.DataFrame]:
    """The preset's coldest and hottest runs, up to 2,048 points: at chi = 0 gradient descent on more is beyond its cap
    of events."""
    given = PERCEPTRON["phase_plane/perceptron"].experiment
    ends = (given.learning_rates[0], given.learning_rates[-1])
    return tables(replace(given, n_train=given.n_train[:4], learning_rates=ends, full_batch=False))


def law(quantity: str, chi: float) -> tuple[float, float]:
    """The exponent in P, and its standard error over seeds."""
    laws = (calm if quantity == "critical_temperature" else hot)()["exponents"]
    row = laws[(laws["quantity"] == quantity) & (laws["chi"] == chi) & (laws["against"] == "n_train")]
    assert len(row) == 1
    assert row["high"].item() >= 2048
    return float(row["exponent"].item()), float(row["standard_error"].item())


def gamma(chi: float) -> float:
    """Of the theory, written down here again: lambda ~ P^gamma where a run stops."""
    return 1 / (1 + chi)


GROWTH = {
    "signal": ("C6", lambda chi: near(gamma(chi), 0.1, null=0)),
    "noise_norm": ("C6", lambda _: near(0, 0.1)),
    "time": ("C6", lambda chi: near(1 + 2 * gamma(chi), 0.25, null=0)),
    "test_error": ("C6", lambda _: near(-1, 0.1, null=0)),
    "critical_temperature": ("C8", lambda _: near(0, 0.1)),
    "critical_batch": ("C9", lambda chi: near(gamma(chi), 0.1, null=0)),
}
"""Prediction of each exponent in P; finite P over d bends them, which the tolerance is for."""


@pytest.mark.parametrize("quantity", GROWTH)
@pytest.mark.parametrize("chi", CHIS)
def test_growth_with_the_training_set(quantity: str, chi: float, measured: Measured) -> None:
    """The times at chi = 3 fall short of theory at these sizes."""
    (slope, error), (claim, expected) = law(quantity, chi), GROWTH[quantity]
    verdict = SIGN if (quantity, chi) == ("time", 3.0) else HOLDS
    measured(claim, f"perceptron, chi = {chi:g}: {quantity} ~ P^", slope, expected(chi), error, verdict)


@njit
def _online(x: NDArray[np.float64], temperature: float, path: NDArray[np.float64], steps: NDArray[np.int64]) -> None:
    """Batch 1 on fresh samples with a margin of nearly nothing; x has |x_1| times the label in its first column."""
    count, dim = x.shape
    w, frame = np.zeros(dim), 0
    for step in range(count):
        if frame < len(steps) and steps[frame] == step:
            path[frame, 0], path[frame, 1] = w[0], math.sqrt((w[1:] ** 2).sum())
            frame += 1
        if (x[step] * w).sum() / math.sqrt(dim) < 1e-9:
            w += temperature / math.sqrt(dim) * x[step]


@pytest.mark.parametrize("chi", CHIS)
def test_fresh_samples_grow_as_theory_says(chi: float, measured: Measured) -> None:
    """C7: w_1 ~ t^{1 / (3 + chi)} within .02, and the noise level within 12 % of T (d - 1) / (2 sqrt d) times the
    factor at the lambda that is reached."""
    dim, runs, length = 16, 10, 2**20
    steps = np.unique(np.geomspace(2**14, length - 1, 40).astype(np.int64))
    paths = np.zeros((runs, len(steps), 2))
    rng = np.random.default_rng(int(chi))
    for run in range(runs):
        x = rng.standard_normal((length, dim))
        x[:, 0] = np.sqrt(2 * rng.standard_gamma((chi + 1) / 2, length))
        _online(x, 1.0, paths[run], steps)
    mean = paths.mean(axis=0)
    slope = np.polyfit(np.log(steps), np.log(mean[:, 0]), 1)[0]
    theory, other = (round(online_exponent(one), 3) for one in (chi, chi + 0.3))
    between = near(theory, round((theory - other) / 2, 4), null=0)
    # At chi = 3 a million samples are too few to tell it from 3.3: of the exponent they show that there is one.
    measured("C7", f"fresh samples, chi = {chi:g}: w_1 ~ t^", slope, between, verdict=SIGN if chi == 3 else HOLDS)
    level, ratio = mean[-10:, 1].mean(), (mean[-10:, 0] / mean[-10:, 1]).mean()
    what = f"fresh samples, chi = {chi:g}: |w_perp| over theory"
    measured("C7", f"{what} at the lambda reached", level / float(noise(1.0, chi, dim, ratio)), near(1, 0.12))
    measured("C7", f"{what} for large lambda", level / (15 / 8) / noise_prefactor(chi), near(1, 0.12))


@pytest.mark.parametrize("chi", CHIS)
def test_noise_matters_from_a_few_margins_on(chi: float, measured: Measured) -> None:
    """C8: of the order of kappa; theory gives no factor."""
    found = calm()["scaling"]
    values = (
        found[(found["quantity"] == "critical_temperature") & (found["chi"] == chi)].groupby("seed")["value"].mean()
    )
    what = f"perceptron, chi = {chi:g}: T_c / kappa, mean over P"
    measured("C8", what, values.mean(), factor(1, 4), values.sem())


def test_runs_of_the_same_temperature_end_alike_up_to_a_quarter_of_the_critical_batch(measured: Measured) -> None:
    """C9: within 20 % in |w|, seeds averaged, where B* is about 98."""
    plane = tables(PERCEPTRON["phase_plane/batch_learning_rate"].experiment)["plane"]
    noisy = plane[(plane["temperature"] * plane["alpha"] >= 32) & (plane["batch_size"] <= 98 / 4)]
    ratio = noisy["weight_norm"] / noisy["temperature"]
    assert len(noisy) > 30
    off = max(np.abs(alike / alike.mean() - 1).max() for _, alike in ratio.groupby(noisy["temperature"]))
    measured("C9", "perceptron, B <= B* / 4: |w| at one T, farthest from the mean", off, near(0, 0.2))


def test_large_batches_end_by_the_learning_rate_alone_and_slow_steps_by_nothing() -> None:
    """Section 4.1: |w| ~ eta where B > B* and eta > eta_c; |w| of gradient descent otherwise."""
    plane = tables(PERCEPTRON["phase_plane/batch_learning_rate"].experiment)["plane"]
    first = plane[(plane["batch_size"] >= 512) & (plane["learning_rate"] >= 16)]
    ratio = first["weight_norm"] / first["learning_rate"]
    assert ratio.max() / ratio.min() < 1.5
    calm = plane[(plane["temperature"] * plane["alpha"] <= 0.3) & (plane["learning_rate"] <= 0.5)]["weight_norm"]
    assert len(calm) > 20
    assert calm.max() / calm.min() < 1.25


@pytest.mark.parametrize("chi", CHIS)
def test_the_mechanism(chi: float, measured: Measured) -> None:
    """C10: with hardly a margin the steps to fit do not depend on eta while |w| goes with T; lambda depends on neither,
    and grows as P^gamma."""
    found = tables(
        Perceptron(
            chi=(chi,),
            n_train=(512, 2048),
            alphas=(2.0**15,),
            learning_rates=log2_grid(-3, 6, 4),
            seeds=tuple(range(8)),
        )
    )["runs"]
    assert (found["outcome"] == "fitted").all()
    for size, of in found.groupby("n_train"):
        for quantity, expected in (
            ("steps", near(0, 0.08)),
            ("lambda", near(0, 0.03)),
            ("weight_norm", near(1, 0.02, null=0)),
        ):
            slope, error = fitted(of["temperature"], of[quantity], of["seed"], 0 * of["seed"])
            measured("C10", f"perceptron, chi = {chi:g}, P = {size}: {quantity} ~ T^", slope, expected, error)
    slope, error = fitted(found["n_train"], found["lambda"], found["seed"], found["temperature"])
    measured("C10", f"perceptron, chi = {chi:g}: lambda ~ P^", slope, near(gamma(chi), 0.2, null=0), error)


def test_gradient_descent_ends_with_a_larger_signal_over_noise(measured: Measured) -> None:
    """C10: chi = 1, P = 2,048, d = 64."""
    plane = tables(PERCEPTRON["phase_plane/batch_learning_rate"].experiment)["plane"]
    noisy = plane[(plane["temperature"] * plane["alpha"] >= 32) & (plane["batch_size"] <= 24)]["lambda"]
    calm = plane[(plane["temperature"] * plane["alpha"] <= 0.3) & (plane["learning_rate"] <= 0.5)]["lambda"]
    what = "perceptron, chi = 1, P = 2,048: least lambda of gradient descent over the greatest where noise dominates"
    measured("C10", what, calm.min() / noisy.max(), above(1))
    spread = noisy.max() / noisy.min()
    measured("C10", "the same: greatest lambda where noise dominates over the least", spread, near(1, 0.2))
