"""Depth and the loss: theory against quadrature, networks against theory and against torch, tables, bad input."""

import io
import json
from dataclasses import replace
from itertools import pairwise
from time import perf_counter

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.integrate import quad

from core.columns import columns
from core.cost import estimate
from core.datasets import Source
from core.experiment import to_json, with_settings
from core.store import decode, encode
from core.studies.depths import tables as depths
from core.studies.depths.aligned import LinearNetwork, one_mode
from core.studies.depths.experiment import COMPARED, Depths
from core.studies.depths.presets import PRESETS as DEPTH
from core.studies.depths.theory import crossing_time, inflection, linear_strength, logit, rate, soft_error
from core.studies.depths.trajectory import DepthsTrajectory
from core.study import from_json, join, studies
from core.sweeps import shards, train
from core.tables import to_csv
from core.theory import modes
from core.trajectory import DIVERGED, FITTED, STEP_LIMIT, UNFINISHED
from core.values import ExperimentError
from tests.claims import Measured, below, near

SMALL = Depths(depths=(1, 2, 4), starts=(0.02, 0.1), learning_rate=0.02, last_time=8, width=5)
DEPTHS = (1, 2, 3, 4, 6, 8)
CONTRACT = {
    "depth": "time,depth,loss,start_logit,source,logit,error",
    "depth_times": "depth,loss,start_logit,end_logit,time_theory,time_measured,outcome",
    "best_depth": "loss,start_logit,depth,time_theory",
    "linear_modes": "time,depth,start_logit,singular_value,source,strength",
}


def trained(experiment: Depths) -> DepthsTrajectory:
    found = train(experiment, source=Source(), workers=1)
    assert isinstance(found, DepthsTrajectory)
    return found


@pytest.fixture(scope="module")
def small() -> DepthsTrajectory:
    return trained(SMALL)


@pytest.fixture(scope="module")
def whole() -> DepthsTrajectory:
    return trained(DEPTH["learning_dynamics/depth"].experiment)


def slowness(depth: int, loss: str, n: float) -> float:
    """1 / (N^(2 - 2/D) g(N)) with the losses' own gradients, whose D-fold integral over N is time."""
    return float(1 / (n ** (2 - 2 / depth) * modes.pull(loss, n)))


@pytest.mark.parametrize("loss", COMPARED)
@pytest.mark.parametrize("depth", DEPTHS)
def test_times_are_the_integral(depth: int, loss: str) -> None:
    """Over ln N, by adaptive quadrature."""
    for start, end in ((1e-5, 0.9), (0.05, 0.95), (0.05, 1.0 if loss == "hinge" else 0.99), (0.3, 5.0), (2.0, 20.0)):
        if end > 1 and loss != "cross_entropy":
            if start > 1:
                continue
            assert crossing_time(depth, loss, start, end, 0.7) == np.inf
            continue
        pieces = np.linspace(np.log(start), np.log(end), 8)
        parts = [
            quad(lambda u: slowness(depth, loss, np.exp(u) - 1e-15) * np.exp(u), low, high, epsrel=1e-11)[0]
            for low, high in pairwise(pieces)
        ]
        assert crossing_time(depth, loss, start, end, 0.7) == pytest.approx(sum(parts) / (0.7 * depth), rel=1e-8)


@pytest.mark.parametrize("loss", COMPARED)
@pytest.mark.parametrize("depth", DEPTHS)
def test_the_logit_is_where_it_takes_that_long_to_come(depth: int, loss: str) -> None:
    for start in (1e-4, 0.05, 0.4):
        slowest = float(crossing_time(depth, loss, start, 1.0 if loss == "hinge" else 0.999, 0.7))
        times = np.linspace(0, 3 * slowest, 80)
        n = logit(depth, loss, start, 0.7, times)
        assert n[0] == pytest.approx(start, rel=1e-9)
        assert (np.diff(n) >= 0).all()
        moving = n < (50 if loss == "cross_entropy" else 1 - 1e-9)
        back = crossing_time(depth, loss, start, n[moving], 0.7)
        np.testing.assert_allclose(back, times[moving], rtol=2e-4, atol=1e-4 * slowest)
        if loss == "hinge":
            assert (n[times > slowest * 1.0001] == 1).all()


def test_two_layers_are_the_balanced_mode_and_one_layer_the_linear_model() -> None:
    """Against `core.theory.modes`: Ei, the exponential, Wright's omega."""
    clock = rate(2, 1.7, 0.3)
    assert clock == pytest.approx(0.3 * 1.7)
    assert crossing_time(2, "cross_entropy", 0.01, 3, clock) == pytest.approx(modes.balanced_time(0.01, 3, clock))
    assert crossing_time(2, "hinge", 0.01, 1, clock) == pytest.approx(modes.hinge_time(0.01, 0, clock))
    times = np.linspace(0, 30, 50)
    for loss in COMPARED:
        mine = logit(1, loss, 0.2, rate(1, 1.7, 0.3), times)
        np.testing.assert_allclose(mine, modes.linear_logit(0.2, 1.7, 0.3, loss, times), rtol=1e-12)


def test_saxe_logistic() -> None:
    """u(t) = s e^(2st) / (e^(2st) - 1 + s/u0), Saxe et al. 2013 (1312.6120) with tau = 1."""
    times = np.linspace(0, 5, 60)
    for s in (0.5, 1.0, 3.0):
        known = s * np.exp(2 * s * times) / (np.exp(2 * s * times) - 1 + s / 0.01)
        np.testing.assert_allclose(linear_strength(2, s, 0.01, times), known, rtol=1e-10)


def test_one_layer_may_begin_at_zero_and_has_no_inflection() -> None:
    """T8: from N0 = 0 the error of one layer falls ever slower."""
    assert crossing_time(1, "cross_entropy", 0.0, 3.0, 1.0) == pytest.approx(3 + np.exp(3) - 1)
    error = soft_error(logit(1, "cross_entropy", 0.0, 1.0, np.linspace(0, 40, 4001)))
    assert (np.diff(error, 2) > 0).all()
    assert np.isnan([inflection(1, loss) for loss in COMPARED]).all()
    assert np.isnan([inflection(depth, "hinge") for depth in DEPTHS]).all()


@pytest.mark.parametrize("loss", ["cross_entropy", "squared"])
@pytest.mark.parametrize("depth", DEPTHS[1:])
def test_the_error_has_one_inflection_where_it_is_said_to_be(depth: int, loss: str) -> None:
    n = np.linspace(0.02, 8 if loss == "cross_entropy" else 0.999, 20_001)
    speed = n ** (2 - 2 / depth) * modes.pull(loss, n) * soft_error(n) * (1 - soft_error(n))
    turns = np.flatnonzero(np.diff(np.sign(np.diff(speed))))
    assert len(turns) == 1
    assert n[turns[0] + 1] == pytest.approx(inflection(depth, loss), abs=1e-3)


def test_claim_inflection(measured: Measured) -> None:
    for depth, known in ((2, 0.291), (3, 0.254), (4, 0.238), (6, 0.223)):
        error = float(soft_error(inflection(depth, "cross_entropy")))
        measured("T8", f"soft error where it falls fastest, {depth} layers, theory", error, near(known, 5e-4))


def test_claim_depth_in_theory(measured: Measured) -> None:
    """T10 and the note's table, to its two decimals."""
    every = {
        start: [float(crossing_time(depth, "cross_entropy", start, 3, 1)) for depth in (1, 2, 3, 4, 5, 6)]
        for start in (0.05, 0.001)
    }
    large, tiny = every[0.05], every[0.001]
    np.testing.assert_allclose([large[i] for i in (0, 1, 2, 3, 5)], [21.98, 8.20, 6.40, 5.59, 4.55], atol=6e-3)
    np.testing.assert_allclose([tiny[i] for i in (0, 1, 2, 3, 5)], [22.1, 12.1, 21.0, 32.8, 51.0], atol=6e-2)
    measured("T10", "largest change of T(.05 -> 3) with a layer more, theory", max(np.diff(large)), below(0))
    measured("T10", "depth at which T(.001 -> 3) is least, theory", 1 + int(np.argmin(tiny)), near(2, 0))


@pytest.mark.claim
def test_claim_depth_in_training(whole: DepthsTrajectory, measured: Measured) -> None:
    """T10, of ReLU networks; and all crossing times and curves beside theory at a learning rate of 0.005."""
    rows = depths.depth_times(whole)
    entropy = rows[rows["loss"] == "cross_entropy"]
    large, tiny = (entropy[entropy["start_logit"] == start]["time_measured"].to_numpy() for start in (0.05, 0.001))
    measured("T10", "largest change of T(.05 -> 3) with a layer more, measured", max(np.diff(large)), below(0))
    measured("T10", "depth at which T(.001 -> 3) is least, measured", 1 + int(np.argmin(tiny)), near(2, 0))
    off = (rows["time_measured"] / rows["time_theory"] - 1).abs().max()
    measured("T10", "times of all depths, losses and initializations less theory, relative", off, near(0, 0.005))
    table = depths.depth(whole)
    seen, known = (table[table["source"] == source].reset_index(drop=True) for source in ("measured", "theory"))
    assert seen[["time", "depth", "loss", "start_logit"]].equals(known[["time", "depth", "loss", "start_logit"]])
    assert (seen["error"] - known["error"]).abs().max() < 0.01


@pytest.mark.claim
def test_claim_saxe(measured: Measured) -> None:
    found = trained(DEPTH["learning_dynamics/saxe"].experiment)
    rows = depths.linear_modes(found)
    seen, known = (rows[rows["source"] == source].reset_index(drop=True) for source in ("measured", "theory"))
    off = (seen["strength"] / known["strength"] - 1).abs().groupby([seen["depth"], seen["singular_value"]]).max()
    for s in found.experiment.strengths:
        if s <= 3:
            measured("T14", f"two layers' mode s = {s:g} less the logistic, relative", off[2, s], near(0, 0.01))
    assert off[1].max() < 0.01
    assert off.max() < 0.04, "first order in the rate times s^(2 - 2/D) D"


def test_the_error_halves_with_the_rate() -> None:
    """Descent is first order: at half the rate half the distance from theory, by 10 %."""
    off = []
    for learning_rate in (0.01, 0.005):
        found = trained(replace(SMALL, learning_rate=learning_rate, last_time=4))
        rows = depths.depth(found)
        seen, known = (rows[rows["source"] == source]["logit"].to_numpy() for source in ("measured", "theory"))
        deep = (rows["loss"] == "cross_entropy")[: len(seen)].to_numpy() & (rows["depth"] > 1)[: len(seen)].to_numpy()
        off.append(np.abs(seen / known - 1)[deep].max())
    assert off[0] / off[1] == pytest.approx(2, rel=0.1)


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_networks_begin_aligned_balanced_and_at_their_logit(depth: int) -> None:
    experiment = replace(SMALL, norm=2.0)
    points, networks = one_mode(experiment, depth)
    np.testing.assert_allclose(networks.logits(points.x)[:, 0], experiment.starts, rtol=1e-12)
    for layer in [*networks.hidden, networks.head[:, None]]:
        sizes = np.linalg.svd(layer, compute_uv=False)
        np.testing.assert_allclose(sizes[:, 0], (np.array(experiment.starts) / 2) ** (1 / depth))
        assert np.abs(sizes[:, 1:]).max(initial=0) < 1e-12
    points, rough = one_mode(replace(experiment, noise=0.7), depth)
    np.testing.assert_allclose(rough.logits(points.x)[:, 0], experiment.starts, rtol=1e-12)
    assert not np.allclose(rough.head, networks.head)


def test_training_is_torchs_own_descent() -> None:
    """Three layers with noise on them, against autograd and torch.optim.SGD, under each loss."""
    experiment = replace(SMALL, depths=(3,), starts=(0.1,), noise=0.6, last_time=2, p=0.4, norm=1.5)
    found = trained(experiment)
    for run, loss in enumerate(COMPARED):
        points, networks = one_mode(experiment, 3)
        weights = [torch.tensor(layer[0], requires_grad=True) for layer in (*networks.hidden, networks.head)]
        descent = torch.optim.SGD(weights, lr=experiment.learning_rate)
        x = torch.tensor(points.x[0])
        for step in range(experiment.step_limit + 1):
            n = weights[2] @ torch.relu(weights[1] @ torch.relu(weights[0] @ x))
            if step in found.steps:
                at = int(np.flatnonzero(found.steps == step)[0])
                assert found["logit"][at, run] == pytest.approx(float(n.detach()), rel=1e-10)
            own = {
                "cross_entropy": torch.nn.functional.softplus(-n),
                "hinge": torch.relu(1 - n),
                "squared": (1 - n) ** 2 / 2,
            }
            descent.zero_grad()
            (experiment.p * own[loss]).backward()
            descent.step()


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_linear_networks_are_torchs_own_descent(depth: int) -> None:
    network = LinearNetwork.aligned(SMALL, depth)
    layers = [torch.tensor(layer[1], requires_grad=True) for layer in network.layers]
    descent = torch.optim.SGD(layers, lr=0.01)
    np.testing.assert_allclose(network.strengths(), np.repeat([[0.02], [0.1]], 3, axis=1), rtol=1e-10)
    for _ in range(200):
        product = layers[0]
        for layer in layers[1:]:
            product = layer @ product
        descent.zero_grad()
        (((torch.tensor(network.target) - product) ** 2).sum() / 2).backward()
        descent.step()
        network.step(0.01)
    for mine, theirs in zip(network.layers, layers, strict=True):
        np.testing.assert_allclose(mine[1], theirs.detach().numpy(), atol=1e-10)


def test_hinge_stands_still_once_it_is_done(small: DepthsTrajectory) -> None:
    """Bit for bit, and at most a step beyond the margin."""
    for run, (_, loss, _) in enumerate(SMALL.cells):
        if loss == "hinge":
            after = small["logit"][small.steps * SMALL.learning_rate > small["end_time"][run] + 0.02, run]
            assert len(after) > 5
            assert len(set(after.tolist())) == 1
            assert 1 <= after[0] < 1.2


def test_runs_end_with_a_reason(small: DepthsTrajectory) -> None:
    assert set(small["outcome"][[loss != "cross_entropy" for _, loss, _ in SMALL.cells]]) == {FITTED}
    short = trained(replace(SMALL, last_time=1))
    assert (short["outcome"] == STEP_LIMIT).any()
    assert np.isnan(short["end_time"][short["outcome"] == STEP_LIMIT]).all()
    lost = trained(Depths(depths=(1, 6), starts=(0.5,), norm=10, learning_rate=0.5, last_time=100))
    assert lost.outcome(COMPARED.index("squared")) == "diverged"
    run = COMPARED.index("squared")
    at = lost.steps >= lost["end_step"][run]
    assert np.isnan(lost["logit"][at, run]).all()
    assert np.isfinite(lost["logit"][0]).all()
    assert (lost["outcome"] == DIVERGED).sum() == np.isnan(lost["logit"][-1]).sum()
    assert all(len(table(lost)) for table in studies()["depths"].tables().values())


def test_the_same_experiment_gives_the_same_bytes_whatever_trains_beside(small: DepthsTrajectory) -> None:
    assert encode(trained(SMALL)) == encode(small)
    alone = trained(replace(SMALL, depths=(4,)))
    np.testing.assert_array_equal(alone["logit"], small["logit"][:, 12:])
    np.testing.assert_array_equal(alone["strength"], small["strength"][:, 12:])
    back = decode(encode(small))
    assert back.experiment == SMALL
    for name in small.axes:
        np.testing.assert_array_equal(back[name], small[name])


def test_depths_are_shards_and_the_deepest_is_first(small: DepthsTrajectory) -> None:
    assert shards(SMALL, "cpu") == shards(SMALL, "cuda") == [list(range(12, 18)), list(range(6, 12)), list(range(6))]
    part = {name: np.take(small[name], range(6), axes.index("run")) for name, axes in small.axes.items()}
    found = join(SMALL, [(range(6), part)])
    assert found["outcome"][6:].tolist() == [UNFINISHED] * 12
    assert np.isnan(found["logit"][:, 6:]).all()
    assert not found.complete
    assert estimate(SMALL, workers=2, device="cpu").usual < 4


@pytest.mark.parametrize("name", CONTRACT)
def test_columns_of_the_csv(name: str, small: DepthsTrajectory) -> None:
    written = pd.read_csv(io.BytesIO(to_csv(studies()["depths"].tables()[name](small))))
    assert ",".join(written.columns) == CONTRACT[name]
    assert set(written.columns) <= set(columns())


def test_rows_say_what_the_arrays_do(small: DepthsTrajectory) -> None:
    assert set(studies()["depths"].tables()) == set(CONTRACT)
    depth, times, best, linear = (table(small) for table in studies()["depths"].tables().values())
    frames = len(small.steps)
    assert (len(depth), len(times), len(linear)) == (2 * 18 * frames, 18, 2 * 3 * 2 * 3 * frames)
    mine = (depth["depth"] == 4) & (depth["loss"] == "hinge") & (depth["start_logit"] == 0.1)
    run = SMALL.cells.index((4, "hinge", 0.1))
    seen = depth[mine & (depth["source"] == "measured")]
    np.testing.assert_array_equal(seen["logit"], small["logit"][:, run])
    np.testing.assert_allclose(seen["time"], small.steps * 0.02)
    known = depth[mine & (depth["source"] == "theory")]
    np.testing.assert_allclose(known["logit"], logit(4, "hinge", 0.1, 1.0, seen["time"]))
    np.testing.assert_array_equal(times["time_measured"], small["end_time"])
    mode = (linear["depth"] == 2) & (linear["start_logit"] == 0.02) & (linear["singular_value"] == 4)
    run = SMALL.cells.index((2, "squared", 0.02))
    measured = linear[mode & (linear["source"] == "measured")]["strength"]
    np.testing.assert_array_equal(measured, small["strength"][:, run, 2])
    for _, row in best.iloc[::40].iterrows():
        took = [
            float(crossing_time(depth, row["loss"], row["start_logit"], SMALL.end_of(row["loss"]), 1))
            for depth in SMALL.depths
        ]
        assert SMALL.depths[int(np.argmin(took))] == row["depth"]
        assert row["time_theory"] == pytest.approx(min(took))


def test_where_the_best_depth_changes_both_take_as_long() -> None:
    experiment = DEPTH["learning_dynamics/depth"].experiment
    for loss in COMPARED:
        found = depths.crossings(experiment, loss)
        assert found
        for place, fewer, more in found:
            took = [float(crossing_time(depth, loss, place, experiment.end_of(loss), 1)) for depth in (fewer, more)]
            assert took[0] == pytest.approx(took[1], rel=1e-4)
    assert depths.crossings(replace(experiment, depths=(2,)), "hinge") == []


def test_norm_and_frequency_only_move_the_clock(small: DepthsTrajectory) -> None:
    """D p |x|^(2/D): for one layer |x|^2, for four its root."""
    base, longer = depths.times_theory(SMALL), depths.times_theory(replace(SMALL, norm=4.0, p=0.5))
    ratio = (base["time_theory"] / longer["time_theory"]).to_numpy()
    np.testing.assert_allclose(ratio, [0.5 * 4 ** (2 / depth) for depth in base["depth"]], rtol=1e-12)


def test_a_curve_takes_about_a_millisecond() -> None:
    times = np.linspace(0, 60, 150)
    logit(6, "cross_entropy", 0.001, 1, times)
    took = []
    for _ in range(20):
        begun = perf_counter()
        logit(6, "cross_entropy", 0.001, 1, times)
        took.append(perf_counter() - begun)
    assert min(took) < 1e-3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("depths", ()),
        ("depths", (0, 1)),
        ("depths", (2, 1)),
        ("depths", (1, 9)),
        ("starts", ()),
        ("starts", (0.0,)),
        ("starts", (0.6,)),
        ("starts", tuple(0.01 * i for i in range(1, 9))),
        ("strengths", (0.0,)),
        ("strengths", (0.1, 1.0)),
        ("end", 0.5),
        ("p", 0),
        ("p", 1.1),
        ("p", float("nan")),
        ("norm", 0),
        ("norm", -1),
        ("width", 0),
        ("width", 2.5),
        ("noise", -0.1),
        ("learning_rate", 0),
        ("last_time", 0),
        ("last_time", "soon"),
        ("seed", -1),
    ],
)
def test_a_bad_field_is_said_in_one_sentence(field: str, value: object) -> None:
    others = {"starts": (0.2,)} if field == "strengths" else {}
    with pytest.raises(ExperimentError) as error:
        Depths(**{field: value} | others)  # type: ignore[arg-type]
    assert str(error.value).startswith(f"{field}: ")
    assert str(error.value).count("\n") == 0


def test_too_many_steps_are_refused_with_what_is_allowed() -> None:
    with pytest.raises(ExperimentError, match=r"last_time: at most 20, 200,000 steps of 0\.0001"):
        Depths(learning_rate=1e-4)


def test_an_experiment_reads_back_and_takes_settings_as_text() -> None:
    experiment = Depths(depths=(2, 5), starts=(0.01,), p=0.25, last_time=9)
    assert from_json(to_json(experiment)) == experiment
    assert json.loads(to_json(experiment))["study"] == "learning_depth"
    words = {"depths": "2,5", "starts": "0.01", "p": "0.25", "last_time": "9"}
    assert with_settings(Depths(), words) == experiment
    assert [experiment.end_of(loss) for loss in COMPARED] == [3, 1, 0.95]
    assert [replace(experiment, end=0.6).end_of(loss) for loss in COMPARED] == [0.6, 0.6, 0.6]
