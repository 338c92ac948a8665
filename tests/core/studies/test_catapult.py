"""The catapult: the toy against the network it is of, kernels against autograd, networks against the toy."""

from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd
import pytest
import torch

from core.columns import columns
from core.datasets import Source
from core.part import Shown
from core.store import decode, encode
from core.studies.catapult import theory
from core.studies.catapult.experiment import Catapult
from core.studies.catapult.part import PART
from core.studies.catapult.presets import PRESETS
from core.studies.catapult.scene import verdict
from core.studies.catapult.training import Networks, begin
from core.studies.catapult.trajectory import CatapultTrajectory
from core.studies.catapult.view import CatapultView
from core.study import studies
from core.sweeps import train
from core.trajectory import DIVERGED, STATIONARY, STEP_LIMIT
from core.values import ExperimentError
from tests.claims import Expected, Measured, above, below, near, seeds

SMALL = Catapult(n_train=32, width=64, rates=(1.0, 2.5, 30.0), step_limit=40)
ACTIVATIONS = {"relu": torch.relu, "tanh": torch.tanh, "linear": lambda x: x}


@cache
def trained(experiment: Catapult) -> CatapultTrajectory:
    found = train(experiment, source=Source(), workers=1)
    assert isinstance(found, CatapultTrajectory)
    return found


def tables(experiment: Catapult) -> dict[str, pd.DataFrame]:
    return {name: table(trained(experiment)) for name, table in studies()["catapult"].tables().items()}


def drawn(n: int, a: float, count: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """p and q of toys whose u and v are drawn."""
    rng, found = np.random.default_rng(seeds(1)[0]), []
    for _ in range(count):
        u, v = rng.standard_normal((2, n))
        rate = a * n / (u @ u + v @ v)
        found.append((rate * ((u + v) @ (u + v)) / (4 * n), rate * ((u - v) @ (u - v)) / (4 * n)))
    p, q = np.array(found).T
    return p, q


def networks(activation: str) -> Networks:
    rng = np.random.default_rng(0)
    shapes = ((7, 5), (2, 9, 5), (2, 9))
    x, hidden, head = (rng.standard_normal(shape) for shape in shapes)
    return Networks(activation, x, np.sign(x[:, 0]), hidden, head)


def gradients(found: Networks, run: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The outputs of one network, (point,), and their gradients by autograd, (point, parameter)."""
    weights = [torch.tensor(part[run], requires_grad=True) for part in (found.hidden, found.head)]
    x = torch.tensor(found.x)
    act = ACTIVATIONS[found.activation](x @ weights[0].T / x.shape[1] ** 0.5)
    output = act @ weights[1] / len(weights[1]) ** 0.5
    rows = [torch.autograd.grad(one, weights, retain_graph=True) for one in output]
    return output.detach(), torch.stack([torch.cat([part.ravel() for part in row]) for row in rows])


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_tangent_kernel_is_autograds(activation: str) -> None:
    found = networks(activation)
    for run in range(2):
        _, rows = gradients(found, run)
        np.testing.assert_allclose(found.kernels()[run], (rows @ rows.T).numpy(), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_step_is_gradient_descent(activation: str) -> None:
    found, rate = networks(activation), np.array([0.3, 0.7])
    for run in range(2):
        output, rows = gradients(found, run)
        gap = output - torch.tensor(found.y)
        move = rate[run] * (gap @ rows) / len(gap)
        before = np.concatenate([found.hidden[run].ravel(), found.head[run]])
        other = replace(found, hidden=found.hidden.copy(), head=found.head.copy())
        loss = other.step(rate)
        assert loss[run] == pytest.approx(float((gap**2).mean() / 2))
        after = np.concatenate([other.hidden[run].ravel(), other.head[run]])
        np.testing.assert_allclose(after, before - move.numpy(), rtol=1e-11, atol=1e-13)


def test_curvature_is_the_kernels_top_eigenvalue_at_every_recorded_step() -> None:
    training = begin(SMALL, range(SMALL.runs), Source(), "cpu")
    training.record(0)
    np.testing.assert_allclose(training.recording.arrays["curvature"][0] * training.rate, SMALL.rates, rtol=1e-4)
    step = 0
    while training.live:
        step = training.advance(step)
        training.record(step)
        exact = np.linalg.eigvalsh(training.networks.kernels().astype(np.float64) / SMALL.n_train)[:, -1]
        at = training.recording.snapshot(step)
        np.testing.assert_allclose(training.recording.arrays["curvature"][at], exact, rtol=5e-3, atol=1e-6)


def test_all_start_alike_and_runs_end_with_a_reason() -> None:
    found = trained(SMALL)
    assert np.ptp(found["loss"][0]) == 0
    linear = trained(replace(SMALL, activation="linear", rates=(1.0, 6.0)))
    assert linear["outcome"].tolist() == [STEP_LIMIT, DIVERGED]
    assert np.isnan(linear["loss"][-1, 1])
    assert np.isfinite(linear["loss"][:, 0]).all()
    dead = trained(replace(SMALL, rates=(1.0, 24.0), step_limit=60))
    assert dead["dead"][-1, 1] == 1
    assert dead["outcome"].tolist() == [STEP_LIMIT, STATIONARY]
    assert dead["curvature"][-1, 1] == 0


def test_what_is_kept_comes_back_and_tables_have_their_columns() -> None:
    found = trained(SMALL)
    again = decode(encode(found))
    for name in found.axes:
        np.testing.assert_array_equal(again[name], found[name])
    for name, table in tables(SMALL).items():
        assert len(table), name
        assert set(table.columns) - set(columns()) - {"eta_lambda_low", "eta_lambda_high"} == set()
    ends = tables(SMALL)["catapult_ends"].set_index("c")
    assert ends["peak_ratio"][1.0] == 1
    assert ends["rising_steps"][1.0] == 0
    assert ends["rising_steps"][2.5] > 0


@pytest.mark.parametrize(("name", "value"), [("width", 8), ("rates", (2.0, 1.0)), ("activation", "gelu"), ("seed", -1)])
def test_bad_settings_are_one_sentence(name: str, value: object) -> None:
    with pytest.raises(ExperimentError, match=f"{name}: .*got"):
        Catapult(**{name: value})  # type: ignore[arg-type]


def test_what_is_said_is_what_is_in_the_tables() -> None:
    shown: Shown[CatapultTrajectory] = Shown(trained(SMALL))
    said = {c: verdict(CatapultView(experiment=SMALL, c=c), shown) for c in SMALL.rates}
    assert "falls at every step" in said[1.0]
    assert "never exceeded its start" in said[1.0]
    assert "its start" in said[2.5]
    assert "the toy diverges" in said[30.0]
    assert "of its units dead" in said[30.0]
    lost = replace(SMALL, activation="linear", rates=(1.0, 6.0))
    assert "diverged by step" in verdict(CatapultView(experiment=lost, c=6.0), Shown(trained(lost)))
    assert PART.picked is not None
    assert PART.picked(CatapultView(experiment=SMALL, c=1.0), {"fields": {"c": 30.0}}).c == 30.0


def test_l1_the_toy_is_the_network_of_two_vectors(measured: Measured) -> None:
    rng, n, worst = np.random.default_rng(seeds(1)[0]), 1000, 0.0
    for a in (0.5, 1.5, 2.5, 3.0, 3.9):
        u, v = rng.standard_normal((2, n))
        rate = a * n / (u @ u + v @ v)
        p, q = (rate * ((u + sign * v) @ (u + sign * v)) / (4 * n) for sign in (1, -1))
        curvature, output = theory.orbit(np.array(p), np.array(q), 60)
        for step in range(61):
            f, top = u @ v / n**0.5, (u @ u + v @ v) / n
            worst = max(worst, abs(f - output[step] * n**0.5 / rate), abs(top - curvature[step] / rate))
            u, v = u - rate * f * v / n**0.5, v - rate * f * u / n**0.5
    measured("L1", "width 1,000, 60 steps: largest difference of f and lambda", worst, near(0, 1e-9))


def test_at_4_the_toy_stays_and_neither_converges_nor_diverges() -> None:
    """By exact fractions for as long as they can be written, by rounded ones for as long as anybody looks."""
    a, b = Fraction(4), Fraction(1, 8)
    exact = []
    for _ in range(9):
        exact.append(float(b))
        a, b = a + b**2 * (a - 4), b * (1 - a + b**2)
    assert a == 4
    kept, moved = theory.orbit(*theory.start(4.0, 256), 3000)
    np.testing.assert_allclose(moved[:9], exact, rtol=1e-9)
    np.testing.assert_allclose(kept, 4, atol=1e-12)
    assert np.abs(moved).max() <= 2 + 1e-9
    assert np.abs(moved[-500:]).max() > 1.5, "it goes on"
    near = theory.end(*theory.start(np.array([3.9999, 4.0001]), 256), 3000)[0]
    assert near[0] < 4
    assert np.isnan(near[1])
    four = replace(SMALL, rates=(4.0,))
    assert "stays 4, and its loss neither converges nor diverges" in verdict(CatapultView(experiment=four, c=4.0), None)


def test_l2_below_2_the_loss_falls_below_4_it_converges_above_it_diverges(measured: Measured) -> None:
    states = np.random.default_rng(seeds(1)[0]).uniform((0, -2), (4, 2), (200_000, 2))
    a, b = states[states[:, 0] >= 2 * np.abs(states[:, 1])].T
    wrong = (theory.rises(a, b) != (b**2 < a - 2)).sum()
    measured("L2", "states with a < 4 that rise otherwise than b^2 < a - 2", wrong, near(0, 0))
    _, b = theory.orbit(*drawn(1000, 1.9), 300)
    measured(
        "L2", "c = 1.9: toys whose loss ever rises", (np.diff(np.abs(b), axis=0) > 1e-12).any(axis=0).mean(), near(0, 0)
    )
    starts = [drawn(1000, a) for a in (2.1, 2.5, 3.0, 3.5, 3.9)]
    p, q = np.array(starts).transpose(1, 0, 2)
    for _ in range(10_000):
        p, q = theory.step(p, q)
    measured(
        "L2", "c = 2.1 to 3.9: share of toys with |b| < 1e-6 in the end", (np.abs(p - q) < 1e-6).mean(), near(1, 0.01)
    )
    measured("L2", "c = 2.1 to 3.9: largest eta lambda in the end", 2 * (p + q).max(), below(2, by=-1e-3))
    end, _, _ = theory.end(*drawn(1000, 4.05), 10_000)
    measured("L2", "c = 4.05: share of toys that diverge", np.isnan(end).mean(), near(1, 0))


def test_l3_just_above_2_the_curvature_is_mirrored_and_further_up_ends_lower(measured: Measured) -> None:
    for a, expected in ((2.1, near(1.9, 0.015, null=2.1)), (2.5, near(1.282, 0.01, null=2.5))):
        end, _, _ = theory.end(*drawn(10_000, a), 2000)
        said = f"width 10,000, c = {a}: eta lambda of the toy in the end"
        measured("L3", said, end.mean(), expected, end.std() / len(end) ** 0.5)
    end, _, _ = theory.end(*drawn(10_000, 3.0), 2000)
    for what, value in (("least", end.min()), ("greatest", end.max())):
        measured(
            "L3", f"width 10,000, c = 3: {what} eta lambda of 200 toys", value, Expected("null 3", 0.17, 0.26, 3, -1)
        )


def test_l4_the_peak_is_later_in_proportion_to_the_logarithm_of_the_width(measured: Measured) -> None:
    width = 10.0 ** np.arange(4, 17)
    for c in (2.2, 2.5, 3.0):
        p, q = theory.start(c, width[:, None], theory.outputs(200))
        at = theory.end(p, q, 600)[2].mean(axis=1)
        slope = np.polyfit(np.log(width), at, 1)[0]
        expected = float(theory.slope(c))
        measured(
            "L4", f"c = {c}: steps by which the peak is later per unit of ln n", slope, near(expected, 0.05 * expected)
        )


@cache
def relu(seed: int) -> pd.DataFrame:
    chosen = Catapult(rates=(1.0, 1.9, 2.5, 3.0, 3.5, 16.0), seed=seed)
    return tables(chosen)["catapult_ends"].set_index("c")


@pytest.mark.claim
def test_l5_relu_networks_make_the_catapult(measured: Measured) -> None:
    found = [relu(seed) for seed in seeds(3)]

    def over_seeds(column: str, c: float) -> tuple[float, float]:
        values = np.array([ends[column][c] for ends in found], np.float64)
        return float(values.mean()), float(values.std(ddof=1) / len(values) ** 0.5)

    said = "cat-digits, ReLU, width 256"
    mean, error = over_seeds("peak_ratio", 1.9)
    measured("L5", f"{said}, c = 1.9: largest loss over the initial one", mean, near(1, 0.05), error)
    mean, error = over_seeds("peak_ratio", 2.5)
    measured("L5", f"{said}, c = 2.5: largest loss over the initial one", mean, Expected("null 1", 2, 20, 1, 1), error)
    for c, low, high in ((2.5, 1.3, 1.7), (3.0, 0.6, 1.0), (3.5, 0.35, 0.65)):
        mean, error = over_seeds("eta_lambda", c)
        expected = Expected(f"null {c:g}", low, high, c, -1)
        measured("L5", f"{said}, c = {c}: eta lambda in the end", mean, expected, error)
    less = np.array([ends["loss"][3.0] / ends["loss"][1.9] for ends in found])
    error = less.std(ddof=1) / 3**0.5
    measured("L5", f"{said}: loss in the end, c = 3 over c = 1.9", less.mean(), below(1), error)
    mean, error = over_seeds("dead_share", 16.0)
    measured("L5", f"{said}, c = 16: share of dead units in the end", mean, above(0.5), error)


@pytest.mark.claim
def test_l6_the_spike_is_in_proportion_to_the_width(measured: Measured) -> None:
    peaks = {
        width: np.array(
            [trained(Catapult(width=width, rates=(2.5,), step_limit=20, seed=seed))["peak"][0] for seed in seeds(3)]
        )
        for width in (1024, 4096)
    }
    for width, within in ((1024, 0.004), (4096, 0.002)):
        share = peaks[width] / width
        said = f"cat-digits, width {width:,}, c = 2.5: peak loss over width"
        expected = Expected("null 0", 0.02 - within, 0.02 + within, 0, 1)
        measured("L6", said, share.mean(), expected, share.std(ddof=1) / 3**0.5)
    power = np.log(peaks[4096] / peaks[1024]) / np.log(4)
    said = "cat-digits, c = 2.5, width 1,024 to 4,096: peak loss ~ width^"
    measured("L6", said, power.mean(), near(1, 0.15, null=0), power.std(ddof=1) / 3**0.5)


@pytest.mark.claim
def test_a_linear_network_converges_to_4_and_diverges_above() -> None:
    for seed in seeds(2):
        found = trained(Catapult(activation="linear", rates=(3.8, 4.3), seed=seed))
        assert found["outcome"].tolist() == [STEP_LIMIT, DIVERGED]


def test_the_shipped_tanh_network_diverges_above_4() -> None:
    from core.store import Store

    found, _ = Store.default().load(PRESETS["learning_rate/catapult_tanh"].experiment)
    assert found is not None
    outcome = dict(zip(found.experiment.rates, found["outcome"].tolist(), strict=True))
    assert [outcome[c] for c in (2.5, 3.5)] == [STEP_LIMIT, STEP_LIMIT]
    assert outcome[6.0] == DIVERGED
