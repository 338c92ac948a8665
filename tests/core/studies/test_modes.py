"""Modes: exact curves against solvers and special functions, networks against the curves, and the tables."""

import io
import json
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq
from scipy.special import expi, expit

from core.columns import columns
from core.cost import estimate
from core.datasets import Source
from core.experiment import to_json, with_settings
from core.presets import command_line
from core.store import decode, encode
from core.studies.modes.experiment import COMPARED, HEADS, Modes
from core.studies.modes.presets import PRESETS as MODES
from core.studies.modes.theory import curves, neurons, one_layer, start
from core.studies.modes.trajectory import THRESHOLDS, ModesTrajectory
from core.study import from_json, join, studies
from core.sweeps import shards, train
from core.tables import to_csv
from core.theory.modes import (
    Neurons,
    balanced_inflection,
    balanced_time,
    curve,
    hinge_logit,
    hinge_time,
    inflection,
    late_logit,
    linear_logit,
    pull,
    soft_error,
)
from core.training.descent import Networks, Points
from core.trajectory import FITTED, STEP_LIMIT, UNFINISHED
from core.values import ExperimentError
from tests.claims import Measured, near

SMALL = Modes(width=8, dimension=3, init=0.2, learning_rate=0.02, last_time=20)
CONTRACT = {
    "modes": "time,mode,loss,source,logit,error",
    "losses": "time,mode,loss,source,logit,error,confidence,loss_value",
    "clocks": "loss,mode,p,norm,rate,start_logit,kappa,event,time_theory,time_measured,difference",
    "neurons": "loss,mode,neuron,time,y,z,y_theory,z_theory",
    "one_layer": "time,mode,loss,source,logit,error",
}


@cache
def trained(experiment: Modes) -> ModesTrajectory:
    found = train(experiment, source=Source(), workers=1)
    assert isinstance(found, ModesTrajectory)
    return found


def table(experiment: Modes, name: str) -> pd.DataFrame:
    return studies()["modes"].tables()[name](trained(experiment))


def both(experiment: Modes, name: str = "modes") -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = table(experiment, name)
    measured, theory = (rows[rows["source"] == source].reset_index(drop=True) for source in ("measured", "theory"))
    columns = ["time", "mode", "loss"]
    pd.testing.assert_frame_equal(measured[columns], theory[columns])
    return measured, theory


def drawn(seed: int, units: int = 9) -> Neurons:
    rng = np.random.default_rng(seed)
    return Neurons(0.3 * rng.standard_normal(units), 0.3 * rng.standard_normal(units), 1.7)


# ---- theory against solvers and special functions ---------------------------------------------------------------


@pytest.mark.parametrize("loss", ["cross_entropy", "hinge", "squared"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_curve_is_that_of_the_equations_of_all_neurons(seed: int, loss: str) -> None:
    """An ODE solver on y and z of every neuron, with no thought of clocks or hyperbolas."""
    mode, rate = drawn(seed), 0.9
    size = len(mode.first)

    def slope(_: float, state: np.ndarray) -> np.ndarray:
        y, z = state[:size], state[size:]
        r = rate * float(pull(loss, mode.norm * np.sum(np.maximum(y, 0) * z)))
        return np.concatenate([r * z * (y > 0), r * np.maximum(y, 0)])

    times = np.linspace(0, 6, 31)
    found = solve_ivp(slope, (0, 6), np.concatenate([mode.first, mode.head]), t_eval=times, max_step=0.004).y
    oracle = mode.norm * np.sum(np.maximum(found[:size], 0) * found[size:], axis=0)
    exact = curve(mode, rate, loss, 6).logit(times)
    np.testing.assert_allclose(exact, oracle, atol=6e-3)


def test_the_balanced_time_is_the_curve_s_and_the_integral() -> None:
    for rate, start_logit in ((0.35, 0.01), (2.0, 1e-4)):
        weight = np.sqrt(start_logit)
        mode = Neurons(np.array([weight]), np.array([weight]), 1.0)
        exact = curve(mode, rate, "cross_entropy", 500 / rate)
        for end in (0.5, 1.0, 2.0, 4.0, 5.0):
            time = float(balanced_time(start_logit, end, rate))
            integral = quad(lambda n: (1 + np.exp(n)) / (2 * rate * n), start_logit, end)[0]  # noqa: B023
            assert time == pytest.approx(integral, rel=1e-7)
            assert exact.time_to(end) == pytest.approx(time, rel=1e-4)


def test_times_to_confidences_of_the_note() -> None:
    """R = 1, N0 = .01: 7.57 (90 %), 20.03 (99 %), 94.0 (99.9 %)."""
    for confidence, time in ((0.9, 7.57), (0.99, 20.03), (0.999, 94.0)):
        end = np.log(confidence / (1 - confidence))
        assert float(balanced_time(0.01, end, 1.0)) == pytest.approx(time, rel=1e-3)


def test_norms_of_the_note() -> None:
    """T6: norms 1, 2, 4 take 14.270, 6.437, 2.867 from |x| c0, c0 = .01, to N = 2 at p = .5: a little below 1/|x|."""
    for norm, time in ((1, 14.270), (2, 6.437), (4, 2.867)):
        start_logit = 0.01 * norm
        own = (np.log(2 / start_logit) + expi(2) - expi(start_logit)) / (2 * 0.5 * norm)
        assert own == pytest.approx(time, rel=2e-4)
        mode = Neurons(np.array([0.1]), np.array([0.1]), norm)
        assert curve(mode, 0.5 * norm, "cross_entropy", 30).time_to(2) == pytest.approx(time, rel=2e-4)


def test_hinge_s_closed_form_is_the_curve() -> None:
    mode = Neurons(np.array([0.2, 0.1, 0.3]), np.array([0.1, 0.3, 0.05]), 1.3)
    exact, times = curve(mode, 0.8, "hinge", 5), np.linspace(0, 5, 60)
    start_logit = float(mode.logit(0))
    np.testing.assert_allclose(hinge_logit(start_logit, mode.kappa, 0.8, times), exact.logit(times), rtol=1e-5)
    assert exact.time_to(1) == pytest.approx(hinge_time(start_logit, mode.kappa, 0.8), rel=1e-6)
    assert exact.logit(1e9) == pytest.approx(1, rel=1e-9)


def test_the_slope_is_what_the_clock_says() -> None:
    """dN/dtau = 2 sqrt(N^2 + kappa^2), where no neuron has died."""
    mode = Neurons(np.array([0.2, 0.1]), np.array([0.1, 0.3]), 1.3)
    tau = np.linspace(0, 2, 21)
    np.testing.assert_allclose(mode.growth(tau), 2 * np.sqrt(mode.logit(tau) ** 2 + mode.kappa**2), rtol=1e-12)
    near = drawn(4)
    step = 1e-6
    slope = (near.logit(0.3 + step) - near.logit(0.3 - step)) / (2 * step)
    assert float(near.growth(0.3)) == pytest.approx(float(slope), rel=1e-6)


def test_late_cross_entropy_comes_to_its_asymptote_from_above(measured: Measured) -> None:
    """T9: within 1 % for 2Rt >= 2e4 and dN / d ln t falls to 1."""
    mode = Neurons(np.array([0.1]), np.array([0.1]), 1.0)
    times = np.geomspace(1e4, 1e9, 11)
    exact = curve(mode, 1.0, "cross_entropy", 1e9).logit(times)
    off = np.abs(late_logit(1.0, times) / exact - 1).max()
    measured("T9", "late cross-entropy less its asymptote from 2Rt = 2e4 on, relative", off, near(0, 0.01))
    slope = np.gradient(exact, np.log(times))
    assert (slope > 1).all()
    assert (np.diff(slope[1:-1]) < 0).all()
    assert slope[-2] < 1.08
    late = late_logit(1.0, times)
    np.testing.assert_allclose(np.exp(late) / late, 2 * times, rtol=1e-9)


@pytest.mark.parametrize("weight", [0.05, 0.7, 2.5])
@pytest.mark.parametrize("tilt", [0.1, 1.0, 20.0])
def test_a_curve_reaches_to_its_last_time(weight: float, tilt: float) -> None:
    """From N0 = .0025 to 6 and more, kappa small and large; and it moves from wherever it begins."""
    mode = Neurons(np.array([weight * tilt]), np.array([weight / tilt]), 1.0)
    for last in (1.0, 1e3, 1e9):
        exact = curve(mode, 1.0, "cross_entropy", last)
        end = float(exact.logit(last))
        assert end > float(mode.logit(0))
        scale = np.sqrt(end**2 + mode.kappa**2)
        slope = float(exact.logit(last) - exact.logit(last * 0.99)) / (last * 0.01)
        assert slope == pytest.approx(2 * scale * float(expit(-end)), rel=0.1)


def test_one_layer_solves_its_equation_and_is_not_sigmoidal() -> None:
    times = np.linspace(0, 40, 401)
    for loss in ("cross_entropy", "hinge", "squared"):
        found = solve_ivp(lambda _, n: 0.3 * 4 * pull(loss, n), (0, 40), [0.0], t_eval=times, max_step=0.02)  # noqa: B023
        np.testing.assert_allclose(linear_logit(0.0, 2.0, 0.3, loss, times), found.y[0], atol=0.03)
    error = soft_error(linear_logit(0.0, 2.0, 0.3, "cross_entropy", times))
    assert (np.diff(error, 2) > 0).all()  # T8: no inflection in one layer from N = 0
    early = soft_error(linear_logit(-4.0, 2.0, 0.3, "cross_entropy", np.linspace(0, 40, 40_001)))
    assert early[np.argmin(np.diff(early))] == pytest.approx(balanced_inflection(1), abs=1e-3)


def test_the_inflection_is_universal_where_neurons_are_balanced() -> None:
    """T8: once, at 1/N + 1 = 3 sigmoid(N), E = .29145, whatever the rate, the norm and the start."""
    root = brentq(lambda n: 1 / n + 1 - 3 * expit(n), 0.5, 1.5)
    assert root == pytest.approx(0.88837, abs=1e-5)
    assert balanced_inflection() == pytest.approx(0.29145, abs=1e-5)
    assert [round(balanced_inflection(depth), 3) for depth in (2, 3, 4, 6)] == [0.291, 0.254, 0.238, 0.223]
    for weight, norm, rate in ((0.05, 1.0, 0.5), (0.02, 3.0, 0.1), (0.2, 0.5, 2.0)):
        exact = curve(Neurons(np.array([weight]), np.array([weight]), norm), rate, "cross_entropy", 60 / rate)
        time, error = inflection(exact, "cross_entropy")
        assert error == pytest.approx(balanced_inflection(), abs=2e-4)
        assert float(soft_error(exact.logit(time))) == pytest.approx(error, abs=2e-4)
        even = soft_error(exact.logit(np.linspace(0, exact.time_to(4), 4000)))
        bend = np.sign(np.diff(even[::20], 2))
        assert int((np.diff(bend) != 0).sum()) == 1
    assert np.isnan(inflection(curve(drawn(0), 1.0, "hinge", 10), "hinge")).all()


# ---- the start ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("heads", HEADS)
@pytest.mark.parametrize("cosine", [0.0, -0.6])
def test_the_start_keeps_its_promises(heads: str, cosine: float) -> None:
    experiment = replace(SMALL, heads=heads, cosine=cosine, width=60, norm_plus=2.0)
    first = start(experiment)
    np.testing.assert_allclose(np.linalg.norm(first.x, axis=1), [2.0, 1.0])
    assert first.x[0] @ first.x[1] == pytest.approx(2.0 * cosine, abs=1e-12)
    on = first.hidden @ first.x.T > 0
    assert (on.sum(axis=1) == 1).all()
    assert (on.argmax(axis=1) == first.owner).all()
    assert np.bincount(first.owner).tolist() == [30, 30]
    y, z = first.along(first.hidden, first.head)
    np.testing.assert_allclose(y[::2], y[1::2])  # mirror images
    np.testing.assert_allclose(z[::2], z[1::2])
    assert (y > 0).all()
    assert (z > 0).all() == (heads != "free")
    assert np.allclose(y, z) == (heads == "balanced")
    plus, minus = neurons(experiment)
    assert float(plus.logit(0)) == pytest.approx(2 * float(minus.logit(0)))


def test_first_weights_are_as_spread_as_asked() -> None:
    y, z = start(replace(SMALL, width=256, init=0.5, seed=3)).along(
        *_weights(replace(SMALL, width=256, init=0.5, seed=3))
    )
    assert np.sqrt(np.mean(y**2)) == pytest.approx(0.5, rel=0.15)
    assert np.sqrt(np.mean(z**2)) == pytest.approx(0.5, rel=0.15)


def _weights(experiment: Modes) -> tuple[np.ndarray, np.ndarray]:
    first = start(experiment)
    return first.hidden, first.head


# ---- networks against theory -------------------------------------------------------------------------------------


def test_networks_follow_the_curve_and_the_error_goes_with_the_learning_rate(measured: Measured) -> None:
    """T1: within 2 % at lr .01 (R = .7 * 1.5), E within .002; ten times the rate, ten times the error."""
    worst = {}
    for rate in (0.1, 0.01):
        experiment = Modes(
            p=0.7, norm_plus=1.5, norm_minus=1.5, cosine=-0.35, width=64, init=0.05, learning_rate=rate, last_time=30
        )
        seen, theory = both(experiment)
        entropy = seen["loss"] == "cross_entropy"
        relative = np.abs(seen["logit"] / theory["logit"] - 1)[entropy]
        worst[rate] = relative.max()
        if rate == 0.01:
            off = np.abs(seen["error"] - theory["error"])[entropy].max()
            measured("T1", "logit of 64 neurons at lr .01 less the curve, relative", relative.max(), near(0, 0.02))
            measured("T1", "soft error of 64 neurons at lr .01 less the curve", off, near(0, 0.002))
    measured("T1", "relative error at lr .1 over that at .01", worst[0.1] / worst[0.01], near(10, 1))


@pytest.mark.parametrize(
    "name", ["learning_dynamics/modes", "learning_dynamics/losses", "learning_dynamics/large_norm"]
)
def test_the_tables_of_the_presets_keep_to_two_percent(name: str) -> None:
    """N is above 0 from the first step on, so the relative difference of logits means something everywhere."""
    measured, theory = both(MODES[name].experiment)
    assert theory["logit"].min() > 0.01
    assert np.abs(measured["logit"] / theory["logit"] - 1).max() < 0.02
    clocks = table(MODES[name].experiment, "clocks")
    known = clocks.dropna(subset=["time_theory", "time_measured"])
    assert len(known) >= 16
    assert known["difference"].abs().max() < 0.01


def test_hinge_ends_in_finite_time_and_stands_still(measured: Measured) -> None:
    """T3: within a step and .5 % of the formula; then its loss is exactly 0 and nothing changes, bit for bit."""
    experiment = MODES["learning_dynamics/losses"].experiment
    losses = table(experiment, "losses")
    clocks = table(experiment, "clocks")
    for mode, own, rate in zip(("plus", "minus"), neurons(experiment), experiment.rates, strict=True):
        formula = hinge_time(float(own.logit(0)), own.kappa, rate)
        row = clocks[(clocks["event"] == "zero loss") & (clocks["loss"] == "hinge") & (clocks["mode"] == mode)].iloc[0]
        assert row["time_theory"] == pytest.approx(formula, rel=1e-5)
        assert abs(row["time_measured"] - formula) < experiment.learning_rate + 0.005 * formula
        measured("T3", f"hinge reaches zero, mode {mode}, less the formula, relative", row["difference"], near(0, 0.01))
        after = losses[(losses["loss"] == "hinge") & (losses["mode"] == mode) & (losses["source"] == "measured")]
        assert after["time"][after["loss_value"] == 0].min() == pytest.approx(formula, rel=0.01)
        after = after[after["time"] >= row["time_measured"]]
        assert len(after) > 20
        assert (after["loss_value"] == 0).all()
        assert after["logit"].nunique() == 1
    assert trained(experiment)["outcome"].tolist() == [STEP_LIMIT, FITTED]
    heads = trained(experiment)["head"][:, 1]
    late = trained(experiment).times > clocks["time_measured"].where(clocks["event"] == "zero loss").max()
    assert (heads[late] == heads[-1]).all()


def test_balanced_crossing_times_are_the_formula_s(measured: Measured) -> None:
    """T2: N = .5, 1, 2, 4 within .5 %; T8: the error falls fastest at .291 +- .005 in the network itself."""
    experiment = Modes(p=0.5, heads="balanced", learning_rate=0.01, last_time=40)
    clocks = table(experiment, "clocks")
    start_logit = float(neurons(experiment)[0].logit(0))
    mine = clocks[(clocks["loss"] == "cross_entropy") & (clocks["mode"] == "plus")].set_index("event")["time_measured"]
    for end in (0.5, 1.0, 2.0, 4.0):
        off = mine[f"N = {end:g}"] / float(balanced_time(start_logit, end, 0.5)) - 1
        measured("T2", f"balanced, time to N = {end:g} less the formula, relative", off, near(0, 0.005))
    for mode, error in zip(("plus", "minus"), trained(experiment)["steepest_error"][0, 0], strict=True):
        measured("T8", f"soft error where a balanced network's falls fastest, mode {mode}", error, near(0.291, 0.005))
    assert trained(experiment)["steepest_time"][0, 1].max() < experiment.learning_rate  # one layer: at once


def test_frequency_is_only_a_clock(measured: Measured) -> None:
    """T5: p = .9 against .1, nine times as long to every logit, within 1 %."""
    experiment = MODES["learning_dynamics/rare_mode"].experiment
    crossing = trained(experiment)["crossing"][0, 0]
    ratio = crossing[1] / crossing[0]
    measured("T5", "p = .9 against .1, ratio of times, least of all thresholds", ratio.min(), near(9, 0.09))
    measured("T5", "p = .9 against .1, ratio of times, greatest", ratio.max(), near(9, 0.09))
    assert len(THRESHOLDS) == crossing.shape[1]


def test_norms_are_clocks_too(measured: Measured) -> None:
    """T6: doubled norm, p = .5: times to every threshold within 1 % of the formula, and better than half."""
    times = {}
    for norm in (1.0, 2.0):
        experiment = Modes(p=0.5, norm_plus=norm, heads="balanced", init=0.04, learning_rate=0.01, last_time=40)
        own = neurons(experiment)[0]
        times[norm] = trained(experiment)["crossing"][0, 0, 0]
        formula = balanced_time(float(own.logit(0)), np.array(THRESHOLDS), 0.5 * norm)
        off = np.abs(times[norm] / formula - 1).max()
        measured("T6", f"|x| = {norm:g}, times to every threshold less the formula, relative", off, near(0, 0.01))
    assert (times[1.0] / times[2.0] > 2).all()


@pytest.mark.claim
def test_a_rare_mode_by_minibatches(measured: Measured) -> None:
    """T5: SGD with batches of 8, lr .05, 10 seeds: the ratio of times to N = 1 has a mean of 9 +- .5."""
    seeds, rate = 10, 0.05
    rng = np.random.default_rng(0)
    weight = np.full((seeds, 1, 2), 0.1) * np.eye(2)[[0]]
    hidden = np.concatenate([weight, np.full((seeds, 1, 2), 0.1) * np.eye(2)[[1]]], axis=1)
    networks = Networks.of(hidden, head=np.tile([0.1, -0.1], (seeds, 1)))
    x, sign = np.eye(2), np.array([1.0, -1.0])
    crossing = np.full((seeds, 2), np.nan)
    for step in range(4000):
        frequent = rng.binomial(8, 0.9, seeds) / 8
        share = np.stack([frequent, 1 - frequent], axis=1)
        logit = networks.step(Points(x, sign, share), "cross_entropy", rate) * sign
        crossing = np.where(np.isnan(crossing) & (logit >= 1), step * rate, crossing)
        if np.isfinite(crossing).all():
            break
    ratio = crossing[:, 1] / crossing[:, 0]
    error = ratio.std(ddof=1) / seeds**0.5
    measured("T5", "the same by SGD of batch 8, mean of 10 seeds", ratio.mean(), near(9, 0.5, null=1), error)


def test_neurons_keep_their_hyperbolas_and_both_losses_the_same_ones() -> None:
    rows = table(MODES["learning_dynamics/some_die"].experiment, "neurons")
    scale = np.abs(rows["y_theory"]).max()
    np.testing.assert_allclose(rows["y"], rows["y_theory"], atol=0.01 * scale)
    np.testing.assert_allclose(rows["z"], rows["z_theory"], atol=0.01 * scale)
    exact = rows["y_theory"] ** 2 - rows["z_theory"] ** 2
    moved = exact.groupby([rows["loss"], rows["neuron"]]).agg(["min", "max"])
    np.testing.assert_allclose(moved["min"], moved["max"], atol=1e-9)
    np.testing.assert_allclose(moved.loc["hinge"], moved.loc["cross_entropy"], atol=1e-9)
    last = rows[rows["time"] == rows["time"].max()]
    assert (last[last["loss"] == "cross_entropy"]["y"] <= 0).sum() == 6  # three in each mode have died


def test_one_layer_is_measured_as_its_closed_form_has_it() -> None:
    measured, theory = both(Modes(learning_rate=0.005, last_time=30), "one_layer")
    np.testing.assert_allclose(measured["logit"], theory["logit"], atol=0.005)
    assert np.isnan(one_layer(replace(SMALL, cosine=-0.2), "hinge", [0.0, 1.0])).all()
    assert table(replace(SMALL, cosine=-0.2), "one_layer")["logit"].isna().mean() == 0.5


# ---- trajectories, tables, fields --------------------------------------------------------------------------------


def test_the_same_experiment_gives_the_same_bytes_and_reads_back() -> None:
    one, other = trained(SMALL), train(SMALL, source=Source(), workers=1)
    assert encode(one) == encode(other)
    back = decode(encode(one))
    assert back.experiment == SMALL
    for name in one.axes:
        np.testing.assert_array_equal(back[name], one[name])


def test_recorded_steps_are_even_and_logarithmic() -> None:
    steps = ModesTrajectory.scheduled(SMALL)
    assert steps[0] == 0
    assert steps[-1] == SMALL.step_limit == 1000
    assert {10, 500, 990} <= set(steps)
    assert {1, 2, 3} <= set(steps)
    assert ModesTrajectory.scheduled(replace(SMALL, last_time=1, learning_rate=0.5)).tolist() == [0, 1, 2]


def test_runs_that_no_shard_has_are_unfinished() -> None:
    whole = trained(SMALL)
    part = {name: np.take(whole[name], [0], axes.index("run")) for name, axes in whole.axes.items()}
    found = join(SMALL, [([0], part)])
    assert found["outcome"].tolist() == [STEP_LIMIT, UNFINISHED]
    assert np.isnan(found["logit"][:, 1]).all()


def test_both_losses_are_one_shard_and_cost_a_moment() -> None:
    assert shards(SMALL, "cpu") == [[0, 1]]
    assert all(not estimate(preset.experiment, workers=1, device="cpu").long for preset in MODES.values())
    long = Modes(learning_rate=0.001, last_time=200)
    assert estimate(long, workers=1, device="cpu").long


@pytest.mark.parametrize("name", CONTRACT)
def test_columns_of_the_csv(name: str) -> None:
    assert set(studies()["modes"].tables()) == set(CONTRACT)
    written = pd.read_csv(io.BytesIO(to_csv(table(SMALL, name))))
    assert ",".join(written.columns) == CONTRACT[name]
    assert set(written.columns) <= set(columns())


def test_rows_say_what_the_arrays_do() -> None:
    found, (measured, theory) = trained(SMALL), both(SMALL)
    at = int(np.flatnonzero(found.steps == 500)[0])
    row = measured[(measured["mode"] == "minus") & (measured["loss"] == "hinge") & (measured["time"] == 10)].iloc[0]
    assert row["logit"] == found["logit"][at, 1, 0, 1]
    assert row["error"] == pytest.approx(1 / (1 + np.exp(row["logit"])))
    known = theory.loc[row.name]
    assert known["logit"] == pytest.approx(float(curves(SMALL, "hinge")[1].logit(10)))
    losses = table(SMALL, "losses")
    entropy = losses[losses["loss"] == "cross_entropy"]
    np.testing.assert_allclose(entropy["loss_value"], np.log1p(np.exp(-entropy["logit"])), rtol=1e-12)
    np.testing.assert_allclose(losses["confidence"] + losses["error"], 1)
    assert tuple(measured["loss"].unique()) == COMPARED


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("p", 0),
        ("p", 1),
        ("p", float("nan")),
        ("norm_plus", 0),
        ("norm_minus", -1),
        ("cosine", 0.1),
        ("cosine", -1),
        ("width", 0),
        ("width", 7),
        ("dimension", 1),
        ("init", 0),
        ("heads", "both"),
        ("learning_rate", 0),
        ("learning_rate", 1),
        ("last_time", 0),
        ("last_time", 2000),
        ("seed", -1),
    ],
)
def test_a_bad_field_is_said_in_one_sentence(field: str, value: object) -> None:
    with pytest.raises(ExperimentError) as error:
        Modes(**{field: value})  # type: ignore[arg-type]
    said = "learning_rate" if (field, value) == ("last_time", 2000) else field
    assert str(error.value).startswith(f"{said}: ")
    assert "\n" not in str(error.value)


def test_an_experiment_reads_back_and_takes_settings_as_text() -> None:
    experiment = Modes(p=0.25, heads="free", width=10)
    assert from_json(to_json(experiment)) == experiment
    assert json.loads(to_json(experiment))["study"] == "learning_modes"
    assert with_settings(Modes(), {"p": "0.25", "heads": "free", "width": "10"}) == experiment
    line = command_line(experiment)
    assert line.startswith("python -m core train learning_dynamics/")
    assert "--set width=10" in line
