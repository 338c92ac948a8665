"""The perceptron in training: event by event against a plain loop, the exact symmetry, the tables, wrong fields."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from numba import njit
from numpy.typing import NDArray
from scipy.special import gammaln
from scipy.stats import hypergeom, ks_2samp

from core.columns import columns
from core.cost import estimate
from core.datasets import Source
from core.datasets.perceptron import draw
from core.engine import events
from core.experiment import to_json, with_settings
from core.field import declared
from core.randomness import generator
from core.store import decode, encode
from core.studies.perceptron import tables as perceptron
from core.studies.perceptron.experiment import Perceptron
from core.studies.perceptron.observables import corners
from core.studies.perceptron.presets import PRESETS as PERCEPTRON
from core.studies.perceptron.theory import test_error as theoretical_error
from core.studies.perceptron.trajectory import PerceptronTrajectory
from core.study import from_json, join, studies
from core.sweeps import shards, train
from core.tables import to_csv
from core.trajectory import FITTED, STEP_LIMIT, UNFINISHED
from core.values import ExperimentError, log2_grid

SMALL = Perceptron(
    chi=(0.0, 1.0),
    dimensions=8,
    n_train=(32, 64),
    batch_size=(1, 4),
    full_batch=True,
    learning_rates=(0.25, 1.0, 64.0),
    seeds=(0, 1, 2),
)
STUDY = studies()["perceptron"].tables()
CELL = "chi,n_train,alpha,batch_size,learning_rate,temperature"
MEASURED = ("test_error", "steps", "time", "signal", "noise_norm", "weight_norm", "lambda")
CONTRACT = {
    "plane": f"{CELL},fitted,diverged,unfinished,"
    + ",".join(f"{name},{name}_deviation" for name in MEASURED)
    + ",outcome",
    "runs": f"{CELL},seed,outcome,events,unfitted_share,{','.join(MEASURED)}",
    "lines": "chi,n_train,alpha,name,batch_size,learning_rate",
    "scaling": "chi,quantity,against,size,seed,value",
    "exponents": "quantity,against,exponent,standard_error,theory,low,high,chi,prefactor",
    "path": f"{CELL},step,time,signal,noise_norm,lambda,unfitted_share,test_error",
    "points": "step,point,x1,xi,label,unfitted",
}


def trained(experiment: Perceptron) -> PerceptronTrajectory:
    found = train(experiment, source=Source(), workers=1)
    assert isinstance(found, PerceptronTrajectory)
    return found


@pytest.fixture(scope="module")
def small() -> PerceptronTrajectory:
    return trained(SMALL)


@njit
def _plain(
    z: NDArray[np.float64], kappa: float, rate: float, batch: int, limit: int, rng: Any
) -> tuple[int, float, float]:
    """SGD as one would write it down: every step draws its batch; fitted is looked at when a step moved nothing."""
    count, dim = z.shape
    w, order = np.zeros(dim), np.arange(count)
    last = 0
    for step in range(1, limit):
        for i in range(batch):
            j = i + int(rng.random() * (count - i))
            order[i], order[j] = order[j], order[i]
        pull, moved = np.zeros(dim), False
        for i in range(batch):
            if (z[order[i]] * w).sum() < kappa:
                pull += z[order[i]]
                moved = True
        w += rate / batch * pull
        if moved:
            last = step
        else:
            short = False
            for i in range(count):
                short = short or (z[i] * w).sum() < kappa
            if not short:
                break
    return last, w[0], math.sqrt((w[1:] ** 2).sum())


@cache
def problem(
    chi: float, count: int, dim: int = 6
) -> tuple[NDArray[np.float64], NDArray[np.float32], NDArray[np.float64]]:
    x, y = draw(chi, dim, count, seed=7)
    z = y[:, None] * x / math.sqrt(dim)
    return z, z.astype(np.float32) @ z.astype(np.float32).T, gammaln(np.arange(count + 1) + 1.0)


def simulate(
    chi: float, count: int, kappa: float, rate: float, batch: int, seed: int, limit: int = 10**6
) -> tuple[int, int, int, int, float, float]:
    z, gram, table = problem(chi, count)
    snapshots, path = np.array([0]), np.zeros((1, 3))
    rng = generator("batch", seed)
    return events.run(z, gram, table, kappa, rate, batch, limit, rng, snapshots, path, np.zeros((0, 5), np.float32))


@pytest.mark.parametrize(("batch", "rate"), [(1, 1.0), (1, 0.02), (3, 2.0), (12, 4.0), (25, 1.0)])
def test_skipping_idle_steps_keeps_the_law_of_the_plain_loop(batch: int, rate: float) -> None:
    """Steps, w_1 and |w_perp| of 2,000 runs each on a training set of 25: Kolmogorov and Smirnov see no difference."""
    z, *_ = problem(0.0, 25)
    ours = np.array([simulate(0.0, 25, 0.05, rate, batch, seed) for seed in range(2000)])
    plain = np.array([_plain(z, 0.05, rate, batch, 10**6, np.random.default_rng([1, seed])) for seed in range(2000)])
    assert (ours[:, 0] == events.FITTED).all()
    if batch == 25:  # full batch: nothing is drawn, all agree
        assert set(ours[:, 1].astype(int)) == set(plain[:, 0].astype(int))
        assert ours[0, 4:] == pytest.approx(plain[0, 1:], rel=1e-9)
        return
    for mine, other in zip(ours[:, [1, 4, 5]].T, plain.T, strict=True):
        assert ks_2samp(mine, other).pvalue > 1e-3
    assert ks_2samp(ours[:, 1], 1.2 * plain[:, 0]).pvalue < 1e-3  # what it would see


@pytest.mark.parametrize(
    ("count", "n", "batch"), [(40, 3, 5), (40, 30, 20), (4096, 900, 2048), (4096, 1, 1), (500, 400, 300)]
)
def test_hits_are_hypergeometric_and_idle_steps_have_its_zero(count: int, n: int, batch: int) -> None:
    table, rng = gammaln(np.arange(count + 1) + 1.0), np.random.default_rng(0)
    log_idle = events._log_idle(count, n, batch, table)
    expected = hypergeom(count, n, batch)
    assert np.exp(log_idle) == pytest.approx(expected.pmf(0), rel=1e-7, abs=1e-290)
    drawn = np.array([events._hits(count, n, batch, log_idle, table, rng) for _ in range(4000)])
    k = np.arange(1, min(n, batch) + 1)
    likely = expected.pmf(k) / expected.sf(0)
    mean = (k * likely).sum()
    spread = math.sqrt(((k - mean) ** 2 * likely).sum() / 4000)
    assert drawn.mean() == pytest.approx(mean, abs=5 * spread + 1e-9)
    assert drawn.min() >= max(1, batch - (count - n))
    assert drawn.max() <= min(n, batch)


@pytest.mark.parametrize(("c", "batch"), [(8.0, 1), (2.0**-5, 16), (1024.0, 7), (0.5, 40)])
def test_a_power_of_two_multiplies_everything_bit_for_bit(c: float, batch: int) -> None:
    """(kappa, eta) -> (c kappa, c eta) is w -> c w and nothing else."""
    one, other = (simulate(1.0, 64, scale * 2.0**-7, scale * 0.7, batch, 3) for scale in (1.0, c))
    assert one[:4] == other[:4]
    assert (c * one[4], c * one[5]) == other[4:]
    assert one[1] > 1


def test_the_same_holds_along_a_whole_plane() -> None:
    """Equal T alpha and B: the same run, scaled, at every snapshot."""
    experiment = replace(SMALL, chi=(1.0,), alphas=(64.0, 512.0), full_batch=False, learning_rates=(0.125, 1.0))
    found, cells = trained(experiment), experiment.cells
    at = {(c.seed, c.n_train, c.batch_size, c.alpha, c.learning_rate): run for run, c in enumerate(cells)}
    for count in (32, 64):
        for batch in (1, 4):
            one, other = at[0, count, batch, 64.0, 1.0], at[0, count, batch, 512.0, 0.125]
            for name in ("signal", "noise"):
                np.testing.assert_array_equal(found[name][:, one], 8 * found[name][:, other])
            assert found["end_step"][one] == found["end_step"][other]


def test_every_run_ends_with_every_point_fitted_by_its_own_weights(small: PerceptronTrajectory) -> None:
    assert (small["outcome"] == FITTED).all()
    assert (small["end_unfitted"] == 0).all()
    for run, cell in enumerate(SMALL.cells[: SMALL.cells_a_seed]):
        x, y = draw(cell.chi, SMALL.dimensions, cell.n_train, cell.seed)
        perp = small["noise"][-1, run] * small["direction"][-1, run].astype(np.float64)
        w = np.concatenate([[small["signal"][-1, run]], perp])
        margin = y * (x @ w) / math.sqrt(SMALL.dimensions)
        assert margin.min() > cell.kappa - 3e-3 * np.linalg.norm(w)
        assert small["signal"][-1, run] == pytest.approx(small["end_signal"][run], rel=1e-6)
        assert np.linalg.norm(small["direction"][-1, run].astype(np.float64)) == pytest.approx(1, abs=2e-3)


def test_the_first_step_of_a_full_batch_is_the_mean_of_all_points(small: PerceptronTrajectory) -> None:
    for run, cell in enumerate(SMALL.cells[: SMALL.cells_a_seed]):
        if cell.batch_size == cell.n_train:
            x, y = draw(cell.chi, SMALL.dimensions, cell.n_train, cell.seed)
            w = cell.learning_rate * (y[:, None] * x).mean(axis=0) / math.sqrt(SMALL.dimensions)
            assert small["signal"][1, run] == pytest.approx(w[0], rel=1e-6)
            assert small["noise"][1, run] == pytest.approx(np.linalg.norm(w[1:]), rel=1e-6)
    assert (small["signal"][0] == 0).all()
    assert (small["unfitted"][0] == [cell.n_train for cell in SMALL.cells[: SMALL.cells_a_seed]]).all()


def test_a_cap_of_events_is_unfinished_and_has_no_mean() -> None:
    found = trained(Perceptron(n_train=(256,), dimensions=32, chi=(0.0,), learning_rates=(2**-8, 4), event_limit=100))
    assert (found["outcome"] == STEP_LIMIT).all()
    assert (found["events"] == 100).all()
    plane = STUDY["plane"](found)
    assert plane["outcome"].tolist() == ["unfinished"] * 2
    assert plane["unfinished"].tolist() == [3, 3]
    assert plane[list(MEASURED)].isna().all(axis=None)
    assert STUDY["exponents"](found).empty
    assert STUDY["lines"](found).empty
    runs = STUDY["runs"](found)
    assert (runs["unfitted_share"] > 0).all()


def test_two_sizes_a_factor_of_two_apart_have_rows_and_no_exponents() -> None:
    near = Perceptron(n_train=(32, 64), dimensions=8, learning_rates=(0.002, 256.0), seeds=(0, 1))
    table = STUDY["exponents"](trained(near))
    sized = table[table["against"] == "n_train"]
    assert {"signal", "gd_norm"} <= set(sized["quantity"])
    assert sized[["exponent", "standard_error", "prefactor"]].isna().all(axis=None)
    assert sized[["low", "high"]].to_numpy().tolist() == [[32, 64]] * len(sized)
    apart = STUDY["exponents"](trained(replace(near, n_train=(32, 128))))
    assert apart[apart["against"] == "n_train"]["exponent"].notna().all()


class TestShards:
    def test_every_run_is_in_one_shard_of_its_training_set(self) -> None:
        for experiment in (SMALL, PERCEPTRON["phase_plane/batch_learning_rate"].experiment):
            split, cells = shards(experiment, "cpu"), experiment.cells
            assert sorted(run for shard in split for run in shard) == list(range(experiment.runs))
            assert len(cells) == experiment.runs
            for shard in split:
                assert len({(cells[run].seed, cells[run].chi, cells[run].n_train) for run in shard}) == 1

    def test_the_same_bytes_on_one_worker_or_two(self, small: PerceptronTrajectory) -> None:
        assert encode(train(SMALL, source=Source(), workers=2)) == encode(small)

    def test_another_grid_leaves_a_cell_as_it_is(self, small: PerceptronTrajectory) -> None:
        alone = trained(replace(SMALL, chi=(1.0,), n_train=(64,), batch_size=(4,), learning_rates=(1.0,), seeds=(2,)))
        run = SMALL.cells.index(alone.experiment.cells[0])
        for name in ("end_signal", "end_noise", "end_step"):
            assert alone[name][0] == small[name][run]

    def test_what_is_stored_comes_back(self, small: PerceptronTrajectory) -> None:
        back = decode(encode(small))
        for name in small.axes:
            np.testing.assert_array_equal(back[name], small[name])

    def test_half_of_the_shards_give_half_of_the_tables(self, small: PerceptronTrajectory) -> None:
        runs = shards(SMALL, "cpu")[0]
        kept = [run for run in runs if run < SMALL.cells_a_seed]
        part = {
            name: small[name][:, kept] if "cell" in axes else small[name][runs] for name, axes in small.axes.items()
        }
        found = join(SMALL, [(runs, part)])
        assert isinstance(found, PerceptronTrajectory)
        assert not found.complete
        assert (found["outcome"] == UNFINISHED).sum() == SMALL.runs - len(runs)
        for name, table in STUDY.items():
            assert to_csv(table(found)).startswith(CONTRACT[name].encode())


def test_the_tables_are_those_of_the_contract(small: PerceptronTrajectory) -> None:
    assert set(STUDY) == set(CONTRACT)
    for name, table in STUDY.items():
        found = table(small)
        assert ",".join(found.columns) == CONTRACT[name]
        assert {c.removesuffix("_deviation") for c in found.columns} <= set(columns())
        assert len(found), name


def test_the_plane_holds_means_over_seeds(small: PerceptronTrajectory) -> None:
    plane, runs = STUDY["plane"](small), STUDY["runs"](small)
    assert len(plane) == SMALL.cells_a_seed == 28
    first = runs[(runs[CELL.split(",")] == plane.loc[0, CELL.split(",")]).all(axis=1)]
    assert len(first) == 3
    for name in MEASURED:
        assert plane.loc[0, name] == pytest.approx(first[name].mean())
        assert plane.loc[0, f"{name}_deviation"] == pytest.approx(first[name].std())
    np.testing.assert_allclose(runs["temperature"], runs["learning_rate"] / runs["batch_size"])
    np.testing.assert_allclose(runs["time"], runs["steps"] * runs["learning_rate"])
    np.testing.assert_allclose(runs["weight_norm"] ** 2, runs["signal"] ** 2 + runs["noise_norm"] ** 2)


def test_the_test_error_is_that_of_new_points(small: PerceptronTrajectory) -> None:
    path = perceptron.path(small, run=3)
    x, y = draw(SMALL.cells[3].chi, SMALL.dimensions, 100_000, seed=99)
    for row in path.iloc[[3, -1]].itertuples():
        k = list(path["step"]).index(row.step)
        perp = small["noise"][k, 3] * small["direction"][k, 3].astype(np.float64)
        wrong = np.mean(y * (x @ np.concatenate([[row.signal], perp])) < 0)
        assert row.test_error == pytest.approx(wrong, abs=5 * math.sqrt(wrong / 100_000) + 1e-3)
    assert path["test_error"][0] == 0.5
    assert theoretical_error(path["lambda"].iloc[-1], 0.0) == path["test_error"].iloc[-1]
    assert path["unfitted_share"].iloc[-1] == 0


def test_the_points_turn_with_the_noise(small: PerceptronTrajectory) -> None:
    points, path = perceptron.points(small, run=2), perceptron.path(small, run=2)
    assert len(points) == len(path) * SMALL.cells[2].n_train
    assert points["unfitted"][points["step"] == 0].all()
    assert not points["unfitted"][points["step"] == points["step"].max()].any()
    shares = points.groupby("step")["unfitted"].mean()
    assert shares.to_numpy() == pytest.approx(path["unfitted_share"].to_numpy(), abs=0.05)


def test_corners_of_a_plane_made_by_hand() -> None:
    """|w| = max(2 T, eta / 8, 4): T_c = 2, B* = 16, eta_c = 32."""
    batch, rate = (part.ravel() for part in np.meshgrid(2.0 ** np.arange(9), 2.0 ** np.arange(-6, 12)))
    found = corners(batch, rate, np.maximum(np.maximum(2 * rate / batch, rate / 8), 4))
    assert found is not None
    assert (found.temperature, found.batch, found.rate) == pytest.approx((2, 16, 32))
    slow = rate < 4
    assert corners(batch[slow], rate[slow], np.full(slow.sum(), 4.0)) is None
    assert corners(batch[:1], rate[:1], np.array([1.0])) is None


FIELDS = declared(Perceptron)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"batch_size": "4096"}, "batch_size: at most 2048, for n_train begins at 2048; got 4096."),
        ({"batch_size": "2048", "full_batch": "true"}, "batch_size: at most 2047, for n_train begins at 2048 where"),
        ({"n_train": "100000"}, f"n_train: {FIELDS['n_train'].allowed}; got 100000.0."),
        ({"n_train": "64,32"}, f"n_train: {FIELDS['n_train'].allowed}; got (64.0, 32.0)."),
        ({"chi": "-1"}, f"chi: {FIELDS['chi'].allowed}; got -1.0."),
        ({"chi": ""}, f"chi: {FIELDS['chi'].allowed}; got ()."),
        ({"chi": "nan"}, "chi: a finite number; got 'nan'."),
        ({"alphas": "0"}, f"alphas: {FIELDS['alphas'].allowed}; got 0.0."),
        ({"learning_rates": "2^40"}, f"learning_rates: {FIELDS['learning_rates'].allowed}; got"),
        ({"dimensions": "1"}, "dimensions: a whole number, 2 to 512; got 1.0."),
        ({"event_limit": "5"}, "event_limit: a whole number, 100 to 5000000; got 5.0."),
        ({"seeds": "1,1"}, "seeds: 1 to 32 different whole numbers"),
        (
            {"learning_rates": "2^-9..2^9/64", "alphas": "2^-9..2^9/64", "batch_size": "1,2"},
            "grid: at most 4,096 cells",
        ),
        ({"full_batch": "perhaps"}, "full_batch: true or false; got 'perhaps'."),
    ],
)
def test_a_wrong_field_gets_one_sentence(settings: dict[str, str], said: str) -> None:
    with pytest.raises(ExperimentError) as error:
        with_settings(Perceptron(), settings)
    assert str(error.value).startswith(said)


def test_json_round_trip_and_the_watched_run() -> None:
    experiment = Perceptron(chi=(0, 1, 3), n_train=(16, 32), batch_size=(1, 2), alphas=(1, 4), learning_rates=(1, 2, 8))
    assert from_json(to_json(experiment)) == experiment
    assert json.loads(to_json(experiment))["chi"] == [0.0, 1.0, 3.0]
    cell = experiment.cells[experiment.watched]
    assert (cell.chi, cell.n_train, cell.alpha, cell.batch_size, cell.learning_rate) == (1.0, 32, 4.0, 1, 8.0)
    full = replace(experiment, full_batch=True, n_train=(16, 32))
    assert full.cells[full.watched] == cell
    assert [cell.batch_size for cell in full.cells].count(32) == 18  # seeds, chi and alphas


def test_an_estimate_grows_with_the_grid_and_no_gpu_helps() -> None:
    few, many = (
        estimate(Perceptron(learning_rates=log2_grid(-2, 4, count)), workers=1, device="cpu") for count in (2, 12)
    )
    assert few.usual < many.usual < many.at_most
    assert not estimate(Perceptron(), workers=2, device="cpu").long
