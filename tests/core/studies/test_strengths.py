"""Two features that compete: fixed points against scipy's optimisers and the dual, descents against both."""

import io
import json
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq, minimize

from core.columns import columns
from core.cost import estimate
from core.datasets import Source
from core.experiment import to_json, with_settings
from core.store import decode, encode
from core.studies.strengths.experiment import Strengths
from core.studies.strengths.presets import PRESETS as STRENGTHS
from core.studies.strengths.theory import (
    decoupled_responses,
    dual_objective,
    mixing,
    objective,
    responses_of_dual,
    ridge_responses,
    starvation,
)
from core.studies.strengths.trajectory import StrengthTrajectory
from core.study import from_json, studies
from core.sweeps import shards, train
from core.tables import to_csv
from core.theory.decoupling import decoupled_margin
from core.trajectory import DIVERGED, STEP_LIMIT
from core.values import ExperimentError
from tests.claims import Measured, below, near

SMALL = Strengths(strengths=(2, 4), step_limit=200)
CONTRACT = {
    "strengths": "s_1,penalty,source,step,z_1,z_2,loss",
    "fixed_points": "penalty,s_1,z_1,z_2,dz_2_ds_1",
    "ends": "s_1,penalty,outcome,steps,z_1,z_2,fixed_z_1,fixed_z_2",
}


@cache
def trained(experiment: Strengths) -> StrengthTrajectory:
    found = train(experiment, source=Source(), workers=1)
    assert isinstance(found, StrengthTrajectory)
    return found


def tables(experiment: Strengths) -> dict[str, pd.DataFrame]:
    return {name: table(trained(experiment)) for name, table in studies()["strengths"].tables().items()}


def test_mixing_is_the_rotation_of_the_figures_code() -> None:
    np.testing.assert_allclose(mixing(30), [[0.866, -0.5], [0.5, 0.866]], atol=1e-4)
    np.testing.assert_allclose(mixing(17) @ mixing(17).T, np.eye(2), atol=1e-15)


@pytest.mark.parametrize("s_1", [1.0, 2.0, 4.0, 8.0])
@pytest.mark.parametrize(("angle", "lam"), [(30, 0.01), (10, 0.001), (45, 0.3)])
def test_ridge_against_an_optimiser_in_theta(s_1: float, angle: float, lam: float) -> None:
    """Phi = U S, minimised over theta itself."""
    phi = mixing(angle) * [s_1, 2.0]

    def loss(theta: np.ndarray) -> float:
        return float(np.logaddexp(0, -phi @ theta).sum() + lam / 2 * theta @ theta)

    theta = minimize(loss, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-15}).x
    z = mixing(angle).T @ phi @ theta
    np.testing.assert_allclose(ridge_responses([s_1, 2.0], angle, lam), z, atol=2e-5)


def test_the_notes_fixed_points() -> None:
    """The figure's setting: s_2 = 2, 30 degrees, lambda .01; Spectral Decoupling .001 on the sum."""
    note = {2: (6.120, 1.640), 3: (7.068, 1.583), 4: (7.812, 1.467), 5: (8.465, 1.329), 6: (9.071, 1.185)}
    for s_1, z in (note | {8: (10.182, 0.915)}).items():
        np.testing.assert_allclose(ridge_responses([s_1, 2.0], 30, 0.01), z, atol=6e-4)
    np.testing.assert_allclose(decoupled_responses(30, 0.002), (6.3727, 1.7076), atol=6e-5)
    assert float(decoupled_margin(0.006)) == pytest.approx(3.7669, abs=5e-5)


@pytest.mark.parametrize("lam", [1e-4, 2e-3, 0.1, 1.0, 10.0])
def test_the_decoupled_margin_solves_its_equation(lam: float) -> None:
    m = float(decoupled_margin(lam))
    assert m == pytest.approx(brentq(lambda at: at * (1 + np.exp(at)) - 1 / lam, 0, 50), rel=1e-9)


@pytest.mark.parametrize("s_1", [2.0, 4.0, 8.0])
def test_the_dual_optimum_is_the_primal_one(s_1: float) -> None:
    strengths, angle, lam = [s_1, 2.0], 30.0, 0.01
    low = 1e-9
    found = minimize(
        lambda a: -dual_objective(1 / (1 + np.exp(-a)), strengths, angle, lam),
        np.full(2, -5.0),
        method="Nelder-Mead",
        options={"xatol": 1e-10, "fatol": 1e-16, "maxiter": 5000},
    )
    alpha = np.clip(1 / (1 + np.exp(-found.x)), low, 1 - low)
    z = ridge_responses(strengths, angle, lam)
    np.testing.assert_allclose(responses_of_dual(alpha, strengths, angle, lam), z, atol=1e-4)
    np.testing.assert_allclose(alpha, 1 / (1 + np.exp(mixing(angle) @ z)), atol=1e-6)
    gap = float(objective(z, strengths, angle, lam, "ridge")) - dual_objective(alpha, strengths, angle, lam)
    assert 0 <= gap + 1e-12 < 1e-8


def test_starvation_is_the_slope_of_the_fixed_point() -> None:
    for s_1 in (1.0, 3.0, 6.0):
        up, down = (ridge_responses([s_1 + step, 2.0], 30, 0.01)[1] for step in (1e-4, -1e-4))
        assert float(starvation([s_1, 2.0], 30, 0.01)) == pytest.approx((up - down) / 2e-4, abs=1e-6)
    assert float(starvation([1.0, 2.0], 30, 0.01)) > 0 > float(starvation([3.0, 2.0], 30, 0.01))
    assert float(starvation([2.0, 2.0], 30, 0.01)) == pytest.approx(0, abs=1e-12)


def test_nothing_couples_the_features_where_u_is_diagonal() -> None:
    z = ridge_responses([[0.5, 2.0], [2.0, 2.0], [8.0, 2.0]], 0, 0.01)
    assert np.ptp(z[:, 1]) < 1e-12
    assert np.ptp(z[:, 0]) > 1
    ends = tables(replace(SMALL, angle=0))["ends"]
    ridge = ends[ends["penalty"] == "ridge"]
    assert np.ptp(ridge["z_2"]) == 0


def test_descent_is_gradient_descent_on_theta() -> None:
    """Against plain loops on Phi theta with finite differences of the whole objective."""
    experiment = Strengths(strengths=(3,), step_limit=3, angle=20)
    found, phi = trained(experiment), mixing(20) * [3.0, 2.0]
    for run, (_, penalty) in enumerate(experiment.cells):
        theta, lam = np.zeros(2), experiment.penalty(penalty)

        def total(at: np.ndarray, penalty: str = penalty, lam: float = lam) -> float:
            size = at @ at if penalty == "ridge" else (phi @ at) @ (phi @ at)
            return float(np.logaddexp(0, -phi @ at).sum() + lam / 2 * size)

        for step in range(4):
            np.testing.assert_allclose(found["response"][step, run], mixing(20).T @ phi @ theta, atol=1e-7)
            slope = [(total(theta + e) - total(theta - e)) / 2e-5 for e in 1e-5 * np.eye(2)]
            theta = theta - experiment.learning_rate * np.array(slope)


def test_t12_ridge_starves_and_spectral_decoupling_does_not(measured: Measured) -> None:
    experiment = STRENGTHS["learning_dynamics/spectral_decoupling"].experiment
    ends = tables(experiment)["ends"]
    ridge, free = (ends[ends["penalty"] == name] for name in ("ridge", "spectral_decoupling"))
    for name, column in (("fixed points", "fixed_z_2"), ("descents", "z_2")):
        largest = np.diff(ridge[column]).max()
        measured("T12", f"ridge's {name}: largest change of z_2 as s_1 grows", largest, below(0))
    u = mixing(experiment.angle)
    margins = (u @ free[["z_1", "z_2"]].to_numpy().T).ravel()  # Y yhat, both samples of every strength
    np.testing.assert_allclose(margins * (1 + np.exp(margins)) * experiment.decoupling, 1, atol=1e-3)
    off = np.abs(margins - float(decoupled_margin(experiment.decoupling))).max()
    measured("T12", "Spectral Decoupling's optimizers less m(1 + e^m) = 1 / lambda, every s_1", off, near(0, 1e-3))


@pytest.mark.claim
def test_longer_descents_reach_the_fixed_points() -> None:
    ends = tables(Strengths(step_limit=50_000))["ends"]
    np.testing.assert_allclose(ends[["z_1", "z_2"]], ends[["fixed_z_1", "fixed_z_2"]], atol=1e-6)


def test_steps_too_large_are_found_and_not_hidden() -> None:
    experiment = replace(SMALL, learning_rate=2, decoupling=1, strengths=(2, 20))
    found = trained(experiment)
    assert DIVERGED in found["outcome"]
    lost = found["outcome"] == DIVERGED
    assert np.isnan(found["response"][-1, lost]).all()
    assert np.isfinite(found["response"][:, ~lost]).all()
    assert (trained(SMALL)["outcome"] == STEP_LIMIT).all()


def test_same_experiment_same_bytes() -> None:
    one, other = (train(SMALL, source=Source(), workers=1) for _ in range(2))
    assert encode(one) == encode(other)
    assert decode(encode(one)).experiment == SMALL
    assert shards(SMALL, "cpu") == [[0, 1, 2, 3]]
    assert estimate(SMALL, workers=1, device="cpu").usual < 3


@pytest.mark.parametrize("name", CONTRACT)
def test_columns_of_the_csv(name: str) -> None:
    written = pd.read_csv(io.BytesIO(to_csv(tables(SMALL)[name])))
    assert ",".join(written.columns) == CONTRACT[name]
    assert set(written.columns) <= set(columns())
    assert set(tables(SMALL)) == set(CONTRACT)


def test_rows_say_what_the_arrays_do() -> None:
    found, rows = trained(SMALL), tables(SMALL)["strengths"]
    assert set(rows["source"]) == {"descent", "fixed_point"}
    mine = rows[(rows["s_1"] == 4) & (rows["penalty"] == "ridge")]
    last = mine[mine["step"] == 200].iloc[0]
    assert last["z_2"] == found["response"][-1, 2, 1]
    resting = mine[mine["source"] == "fixed_point"]
    assert resting["step"].isna().all()
    theory = ridge_responses([4.0, 2.0], 30, 0.01)
    np.testing.assert_allclose(resting[["z_1", "z_2"]].to_numpy(np.float64)[0], theory, rtol=1e-13)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("strengths", ()),
        ("strengths", (2, 2)),
        ("strengths", (0,)),
        ("strengths", tuple(range(1, 19))),
        ("second", 0),
        ("angle", 46),
        ("angle", float("nan")),
        ("ridge", 0),
        ("decoupling", -1),
        ("learning_rate", 3),
        ("step_limit", 0),
        ("step_limit", "soon"),
    ],
)
def test_a_bad_field_is_said_in_one_sentence(field: str, value: object) -> None:
    with pytest.raises(ExperimentError) as error:
        Strengths(**{field: value})  # type: ignore[arg-type]
    assert str(error.value).startswith(f"{field}: ")
    assert "\n" not in str(error.value)


def test_an_experiment_reads_back_and_takes_settings_as_text() -> None:
    experiment = Strengths(strengths=(1, 2.5), angle=10, ridge=0.1)
    assert from_json(to_json(experiment)) == experiment
    assert json.loads(to_json(experiment))["study"] == "learning_strengths"
    assert with_settings(Strengths(), {"strengths": "1,2.5", "angle": "10", "ridge": "0.1"}) == experiment
