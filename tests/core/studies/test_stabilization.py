"""Self-stabilization: displacement against autograd, the model against its own map, and the claim on loops."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from core.columns import columns
from core.datasets import Source
from core.part import Shown
from core.store import Store, decode, encode
from core.studies.edge.experiment import Edge
from core.studies.edge.training import begin as begin_edge
from core.studies.stabilization import theory
from core.studies.stabilization.experiment import APPROACH, CHECKED, Stabilization
from core.studies.stabilization.part import PART
from core.studies.stabilization.scene import law, orbit, scene, verdict
from core.studies.stabilization.tables import balance
from core.studies.stabilization.training import begin
from core.studies.stabilization.trajectory import StabilizationTrajectory
from core.studies.stabilization.view import StabilizationView
from core.study import studies
from core.sweeps import train
from core.trajectory import DIVERGED, STEP_LIMIT
from core.values import ExperimentError
from tests.claims import SIGN, Expected, Measured, above, near, seeds
from tests.core.autograd import flat, hessians, loss

SMALL = Stabilization(widths=(8, 6), rate=0.4, noises=(0.0, 1e-6), step_limit=40)


@cache
def trained(experiment: Stabilization) -> StabilizationTrajectory:
    found = train(experiment, source=Source(), workers=1)
    assert isinstance(found, StabilizationTrajectory)
    return found


def tables(experiment: Stabilization) -> dict[str, pd.DataFrame]:
    """Its tables, of what ships if it does."""
    found = Store(Path("nowhere")).load(experiment)[0] or trained(experiment)
    return {name: table(found) for name, table in studies()["stabilization"].tables().items()}


def test_sharpness_and_displacement_are_autograds() -> None:
    training, step = begin(SMALL, [0, 1], Source(), "cpu"), 0
    training.record(0)
    while step < 10:
        step = training.advance(step)
        training.record(step)
    values, vectors = np.linalg.eigh(hessians(training.networks))
    for run in (0, 1):
        weights = flat(training.networks, run).requires_grad_()
        (gradient,) = torch.autograd.grad(loss(training.networks, weights, run), weights)
        np.testing.assert_allclose(training.networks.gradient()[run], gradient.numpy(), rtol=1e-9, atol=1e-12)
        kept = {name: training.recording.arrays[name][10, run] for name in ("sharpness", "displacement")}
        assert kept["sharpness"] == pytest.approx(values[run, -1], rel=1e-6)
        x = vectors[run, :, -1] @ gradient.numpy() / values[run, -1]
        assert abs(kept["displacement"]) == pytest.approx(abs(x), rel=1e-3)


def test_step_0_is_where_the_network_of_the_edge_passes_2() -> None:
    training = begin(SMALL, [0, 1], Source(), "cpu")
    crossed = int(training.recording.arrays["crossed"][0])
    assert crossed % CHECKED == 0
    other = begin_edge(Edge(widths=(8, 6), rates=(0.4,)), [0], Source(), "cpu").networks
    sharp = []
    for step in range(crossed + 1):
        if step % CHECKED == 0 and step > crossed - 5 * CHECKED:
            sharp.append(np.linalg.eigvalsh(hessians(other))[0, -1])
        if step < crossed:
            other.step(np.array([0.4]))
    assert (0.4 * np.array(sharp[:-1]) < 2).all()
    assert 0.4 * sharp[-1] > 2
    for mine, theirs in zip(training.networks.layers, other.layers, strict=True):
        np.testing.assert_array_equal(mine[0], theirs[0])
        np.testing.assert_array_equal(mine[1], theirs[0])


def test_noise_is_added_at_every_step_and_none_where_there_is_none() -> None:
    training = begin(SMALL, [0, 1], Source(), "cpu")
    start = [layer.copy() for layer in training.networks.layers]
    training.take(0)
    plain = replace(training.networks, layers=start)
    plain.step(np.array([0.4, 0.4]))
    for now, other in zip(training.networks.layers, plain.layers, strict=True):
        np.testing.assert_array_equal(now[0], other[0])
    moved = np.concatenate(
        [(now[1] - one[1]).ravel() for now, one in zip(training.networks.layers, start, strict=True)]
    )
    assert moved.std() == pytest.approx(1e-6, rel=0.2)


def test_orbits_keep_what_the_map_of_the_model_keeps() -> None:
    rate, drift, damping = 0.1, 1e-5, 1e-2
    delta, pull = np.sqrt(drift / damping), rate * drift
    x, s, path = 1e-3 * delta, 2 / rate, []
    for _ in range(9000):
        path.append((abs(x) / delta, rate * s - 2))
        x, s = (1 - rate * s) * x, s + drift - damping * x**2
    ratio, y = np.array(path).T
    kept = theory.energy(ratio, y, pull)
    np.testing.assert_allclose(kept, kept[0], rtol=0.05)
    around, heights = theory.orbit(float(kept[0]), pull)
    np.testing.assert_allclose(theory.energy(around, heights, pull), kept[0], rtol=1e-4)
    assert heights.max() == pytest.approx(y.max(), rel=0.02)
    assert around.max() == pytest.approx(ratio.max(), rel=0.02)
    assert theory.overshoot(1e-3, pull) == pytest.approx(y.max(), rel=0.02)
    assert ratio[:6000].argmax() > y[:6000].argmax()


def test_the_model_is_quadratic_near_its_centre_and_has_no_orbit_below_it() -> None:
    y = np.linspace(-0.01, 0.01, 5)
    np.testing.assert_allclose(theory.h(y), y**2 / 2, rtol=4e-3)
    for value in (-0.9, -0.2, -1e-4, 1e-3, 0.014, 0.3, 2.0):
        assert theory.inverse(theory.h(value), int(np.sign(value))) == pytest.approx(value, rel=1e-4)
    assert theory.inverse(0.0, -1) == 0
    for level, pull in ((0.5e-3, 1e-3), (1.0, 0.0), (1.0, -1e-3), (1.0, np.nan)):
        assert len(theory.orbit(level, pull)[0]) == 0


def test_a_balance_is_found_again_though_s_moves_with_the_sign_of_x() -> None:
    rng = np.random.default_rng(0)
    x = rng.uniform(0.5, 1.5, 200).cumsum() % 2 * (-1.0) ** np.arange(200)
    s = np.concatenate([[0], np.cumsum(0.3 - 0.2 * x[:-1] ** 2)])
    assert balance(s, x) == pytest.approx((0.3, 0.2, 1))
    assert balance(s, x).displacement == pytest.approx(1.5**0.5)
    steady = 1 + 0.1 * np.sin(np.arange(200) / 9)
    odd = steady * (-1.0) ** np.arange(200)
    s = np.concatenate([[0], np.cumsum(0.3 - 0.2 * odd[:-1] ** 2)]) + 5 * odd
    assert balance(s, odd, 1).r_squared < 0.1
    assert np.isnan(balance(np.arange(2.0), np.ones(2)).drift)
    assert np.isnan(balance(-s, x).displacement)


def test_runs_end_with_a_reason_come_back_and_are_the_same_bytes() -> None:
    found = trained(SMALL)
    again = decode(encode(found))
    for name in found.axes:
        np.testing.assert_array_equal(again[name], found[name])
    assert (found["outcome"] == STEP_LIMIT).all()
    assert encode(found) == encode(train(SMALL, source=Source(), workers=2))
    lost = trained(replace(SMALL, widths=(100, 100), degree=1, rate=4.0, noises=(0.0,), step_limit=60))
    assert lost["outcome"].tolist() == [DIVERGED]
    view = StabilizationView.of(lost.experiment, noise=0.0)
    assert "Training diverged" in verdict(view, Shown(lost))
    assert scene(view, [Shown(lost)]).cards["path"].badge is not None


def test_an_edge_that_is_not_reached_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.studies.stabilization.training.APPROACH", 100)
    far = replace(SMALL, rate=0.001, degree=1, step_limit=20)
    found = trained(far)
    assert found["crossed"].tolist() == [-1, -1]
    view = StabilizationView.of(far, noise=0.0)
    assert verdict(view, Shown(found)) == f"At η = 0.001 ηS does not pass 2 in {APPROACH:,} steps."
    assert scene(view, [Shown(found)]).figures["loop"].tables["orbit"].rows == []


def test_tables_have_their_columns_and_what_is_said_is_in_them() -> None:
    shipped = Stabilization()
    for name, table in tables(SMALL).items():
        assert set(table.columns) <= set(columns()), name
    path, ends = tables(shipped)["stabilization"], tables(shipped)["stabilization_loops"]
    assert path["step"].unique().tolist() == list(range(601))
    row = ends.set_index("weight_noise").loc[1e-6]
    own = path[path["weight_noise"] == 1e-6]
    first = own[own["step"] < own[own["eta_sharpness"] < 2]["step"].iloc[0]]
    assert row["sharpest_step"] == first["eta_sharpness"].argmax()
    kept, _ = Store(Path("nowhere")).load(shipped)
    assert isinstance(kept, StabilizationTrajectory)
    view, shown = StabilizationView(), Shown(kept)
    assert f"rises to **{row['largest_eta_sharpness']:.2f}**" in verdict(view, shown)
    around, heights = orbit(own, row)
    assert heights.max() == pytest.approx(row["largest_eta_sharpness"], rel=0.01)
    assert around.max() < 6 * row["balance_displacement"]
    assert np.isnan(law(ends)[0])
    assert PART.picked is not None
    assert PART.picked(view, {"fields": {"noise": 1e-8}}).noise == 1e-8


def test_what_ships_is_what_the_lessons_say() -> None:
    for rate in (0.15, 0.1):
        ends = tables(Stabilization(rate=rate))["stabilization_loops"]
        assert (ends["farthest_step"] > ends["sharpest_step"]).all()
        assert ends["largest_eta_sharpness"].is_monotonic_decreasing
        np.testing.assert_allclose(law(ends)[1:], ends["largest_eta_sharpness"][1:], atol=0.03)
        assert (ends["rms_displacement"] / ends["balance_displacement"]).between(0.8, 1.25).all()


@pytest.mark.parametrize(
    ("name", "value"),
    [("degree", 0), ("rate", 0.0), ("noises", ()), ("noises", (1e-6, 0.0)), ("noises", (1.0,)), ("step_limit", 3)],
)
def test_bad_settings_are_one_sentence(name: str, value: Any) -> None:
    with pytest.raises(ExperimentError, match=f"{name}: .*got"):
        Stabilization(**{name: value})


@cache
def loops(rate: float) -> pd.DataFrame:
    """The loops of three seeds."""
    return pd.concat(tables(Stabilization(rate=rate, seed=seed))["stabilization_loops"] for seed in seeds(3))


@pytest.mark.claim
@pytest.mark.parametrize("rate", [0.15, 0.1])
def test_l11_the_oscillation_grows_as_on_a_quadratic_and_brings_the_sharpness_down(
    measured: Measured, rate: float
) -> None:
    own = loops(rate)[loops(rate)["weight_noise"] == 0]
    said = f"eos-cheb, eta = {rate}, 600 steps past the edge"
    growth = own["growth_ratio"]
    measured("L11", f"{said}: median of |x'/x| over |1 - eta S|", growth.mean(), near(1, 0.01), growth.sem())
    share = own["r_squared"]
    expected = Expected("null 0", 0.8, 1, 0, 1)
    measured("L11", f"{said}: R^2 of dS against x^2, over two steps", share.mean(), expected, share.sem())
    ratio = own["rms_displacement"] / own["balance_displacement"]
    measured(
        "L11", f"{said}: root mean square of x over delta", ratio.mean(), Expected("theory 1", 0.8, 1.25), ratio.sem()
    )
    lag = (own["farthest_step"] - own["sharpest_step"]).min()
    measured("L11", f"{said}: least number of steps from the peak of S to that of |x|", lag, above(0))


@pytest.mark.claim
def test_l11_within_single_steps_the_sharpness_also_moves_with_the_sign_of_x(measured: Measured) -> None:
    share = pd.concat([loops(rate)[loops(rate)["weight_noise"] == 0]["r_squared_single"] for rate in (0.15, 0.1)])
    said = "eos-cheb, eta = 0.15 and 0.1: R^2 of dS against x^2, over single steps"
    measured("L11", said, share.mean(), Expected("null 0", 0.8, 1, 0, 1), share.sem(), verdict=SIGN)


@pytest.mark.claim
@pytest.mark.parametrize("rate", [0.15, 0.1])
def test_l11_the_first_overshoot_goes_with_the_logarithm_of_the_noise(measured: Measured, rate: float) -> None:
    slopes = []
    for _, own in loops(rate).reset_index().groupby(np.arange(len(loops(rate))) // 5):
        noisy = own[own["weight_noise"] > 0]
        slope = np.polyfit(-np.log(noisy["weight_noise"]), theory.h(noisy["largest_eta_sharpness"] - 2), 1)[0]
        slopes.append(slope / noisy["rise"].mean())
    found = pd.Series(slopes)
    said = "slope of h(y) against ln(1 / noise), over the rise of eta S a step"
    said = f"eos-cheb, eta = {rate}, noise 1e-12 to 1e-4: {said}"
    measured("L11", said, found.mean(), near(1, 0.25, null=0), found.sem())
