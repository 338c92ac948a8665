"""Networks over the phase plane: the tangent kernel by autograd, what is recorded, how runs end, means of cells."""

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from torch import Tensor

from core.__main__ import main
from core.batches import batches
from core.columns import columns
from core.datasets import DataError, Source, load
from core.experiment import digest, to_json
from core.networks import SECOND_MOMENT, initial_stack
from core.observables.power_laws import exponent, power_law
from core.store import encode
from core.studies.phase_plane import tables as phase_plane
from core.studies.phase_plane.convolutional import initial_convolutions
from core.studies.phase_plane.experiment import PhasePlane
from core.studies.phase_plane.observables import (
    crossing,
    gd_to_noise,
    largest_temperature,
    lazy_window,
    temperature_exponent,
)
from core.studies.phase_plane.training import KERNEL_POINTS, begin, make_shard
from core.studies.phase_plane.trajectory import MEASURES, PhasePlaneTrajectory
from core.study import from_json, studies
from core.sweeps import shards, train
from core.training.shard import Astray, drop_ended, points_of
from core.trajectory import DIVERGED, FITTED, STEP_LIMIT
from core.values import ExperimentError

CPU = torch.device("cpu")
TINY = PhasePlane(
    n_train=(48, 96),
    batch_size=(4,),
    width=8,
    depth=2,
    alphas=(0.5, 64.0),
    temperatures=(2.0**-6, 2.0**-3, 2.0),
    seeds=(0, 3, 4),
    step_limit=300,
)
CONVOLUTIONAL = replace(TINY, network="cnn", width=2, activation="relu", n_train=(48,), seeds=(0,))


def trained(experiment: PhasePlane, workers: int = 1) -> PhasePlaneTrajectory:
    found = train(experiment, source=Source(), device="cpu", workers=workers)
    assert isinstance(found, PhasePlaneTrajectory)
    return found


@pytest.fixture(scope="module")
def tiny() -> PhasePlaneTrajectory:
    return trained(TINY)


def by_autograd(f: object, weights: list[Tensor], x: Tensor) -> np.ndarray:
    """The tangent kernel by one backward pass a point."""
    rows = []
    for point in x:
        gradients = torch.autograd.grad(f(point[None])[0], weights)  # type: ignore[operator]
        rows.append(torch.cat([g.flatten() for g in gradients]))
    stacked = torch.stack(rows)
    return (stacked @ stacked.T).numpy()


@pytest.mark.parametrize(("depth", "activation"), list(itertools.product((1, 2, 3, 5), ("relu", "gelu"))))
def test_the_tangent_kernel_is_autograds(depth: int, activation: str) -> None:
    stack = initial_stack(runs=2, dim=6, width=9, depth=depth, activation=activation, seed=1, device=CPU)
    stack.weights[-1][1] *= 1.5  # two runs that differ
    x = torch.randn(7, 6, generator=torch.Generator().manual_seed(0))
    act = {"relu": torch.relu, "gelu": torch.nn.functional.gelu}[activation]
    kernels = stack.tangent_kernel(x).numpy()
    for run in range(2):
        weights = [p[run].clone().requires_grad_() for p in stack.parameters()]

        def f(inputs: Tensor, weights: list[Tensor] = weights) -> Tensor:
            a = inputs
            for w in weights[:-1]:
                a = act(a @ w / w.shape[0] ** 0.5) / SECOND_MOMENT[activation] ** 0.5
            return a @ weights[-1] / 9

        np.testing.assert_allclose(kernels[run], by_autograd(f, weights, x), rtol=2e-4, atol=1e-6)
    diagonal = np.stack([np.diag(kernel) for kernel in kernels])
    np.testing.assert_allclose(stack.tangent_diagonal(x).numpy(), diagonal, rtol=1e-5)
    assert np.abs(kernels[0] - kernels[1]).max() > 1e-3 * np.abs(kernels).max()


def convolutional_output(weights: list[Tensor], x: Tensor) -> Tensor:
    """f as the formula has it, by torch's own functions."""
    a = x.view(-1, 1, 8, 8)
    for w in weights[:-1]:
        z = torch.nn.functional.conv2d(a, w, stride=2, padding=1) / (9 * w.shape[1]) ** 0.5
        a = torch.relu(z) / 0.5**0.5
    return a.mean((2, 3)) @ weights[-1] / len(weights[-1])


def test_the_convolutional_kernel_and_step_are_autograds() -> None:
    stack = initial_convolutions(runs=2, dataset="digits_parity", width=3, depth=3, seed=2, device=CPU)
    x = torch.randn(10, 64, generator=torch.Generator().manual_seed(0))
    weights = [p[0].clone().requires_grad_() for p in stack.parameters()]
    output = convolutional_output(weights, x)
    np.testing.assert_allclose(stack(x)[0].numpy(), output.detach().numpy(), rtol=1e-4, atol=1e-6)
    expected = by_autograd(lambda point: convolutional_output(weights, point), weights, x)
    np.testing.assert_allclose(stack.tangent_kernel(x)[0].numpy(), expected, rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(stack.tangent_diagonal(x)[0].numpy(), np.diag(expected), rtol=1e-3)
    labels, margin = torch.sign(torch.arange(10) % 3 - 0.5), torch.tensor(0.05)
    loss = (margin - labels * (output - output.detach() + 0.1)).clamp(min=0).sum()
    moved = [w - 0.3 * g for w, g in zip(weights, torch.autograd.grad(loss, weights), strict=True)]
    network = stack.network(0)
    assert network.step(x, labels, output.detach() - 0.1, margin, torch.tensor(0.3))
    for mine, theirs in zip([*network.kernels, network.head], moved, strict=True):
        np.testing.assert_allclose(mine.numpy(), theirs.detach().numpy(), rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("experiment", [TINY, CONVOLUTIONAL], ids=["fc", "cnn"])
def test_what_is_recorded_is_measured_anew(experiment: PhasePlane) -> None:
    """Step a run by itself and compute everything from the weights, at some recorded steps."""
    cell = next(c for c in experiment.cells if c.alpha == 0.5 and c.temperature == 2.0**-6)
    alone = trained(experiment.at(cell))
    task = load(experiment.dataset, n_train=cell.n_train, seed=cell.seed)
    shard = make_shard(experiment, [cell], 64, CPU)
    points = points_of(shard.stack, task, CPU)
    rows = torch.from_numpy(next(batches(cell.n_train, cell.batch_size, cell.seed)))
    x = points.train[0][:KERNEL_POINTS]
    y = points.labels[:KERNEL_POINTS].numpy()
    first = points.untrained.tangent_kernel(x)[0].numpy()
    step = 0
    for snapshot in (3, 9, 12):
        to = int(alone.steps[snapshot])
        shard.advance(points, rows[step:to], step)
        step = to
        kernel = shard.stack.tangent_kernel(x)[0].numpy()
        norm = np.linalg.norm
        assert alone["kernel_change"][snapshot, 0] == pytest.approx(norm(kernel - first) / norm(first), rel=1e-3)
        assert alone["alignment"][snapshot, 0] == pytest.approx(y @ kernel @ y / norm(kernel) / len(y), rel=1e-3)
        output = points.output(shard.stack, points.train)[0]
        assert alone["loss"][snapshot, 0] == pytest.approx(
            float((2 - output * points.labels).clamp(min=0).mean()), rel=1e-3
        )
        test = points.output(shard.stack, points.test)[0] * torch.from_numpy(task.test_labels.copy())
        assert alone["test_error"][snapshot, 0] == pytest.approx(float((test <= 0).double().mean()), abs=1e-6)
    assert alone["test_error"][0, 0] == alone["train_error"][0, 0] == 0.5
    assert alone["kernel_change"][0, 0] == 0
    assert alone["initial_kernel"][0, 0] == pytest.approx(
        float(points.untrained.tangent_diagonal(points.train[0]).mean()), rel=1e-5
    )


def test_same_bytes_on_two_workers_and_alone(tiny: PhasePlaneTrajectory) -> None:
    assert encode(trained(TINY, workers=2)) == encode(tiny)
    for run in (0, 7, 16, 35):
        alone = trained(TINY.at(tiny.cells[run]))
        assert alone["end_step"][0] == tiny["end_step"][run]
        assert alone["outcome"][0] == tiny["outcome"][run]
        np.testing.assert_array_equal(alone["loss"][:, 0], tiny["loss"][:, run])


def test_runs_end_in_every_way_and_a_diverged_one_shows_no_number(tiny: PhasePlaneTrajectory) -> None:
    assert set(tiny["outcome"]) == {FITTED, STEP_LIMIT, DIVERGED}
    gone = tiny["outcome"] == DIVERGED
    for name in phase_plane.MEASURES:
        assert np.isnan(tiny[name][-1, gone]).all()
        dead = tiny["kernel_change"][-1] == 1  # no unit is on: the kernel is 0, and aligned with nothing
        assert np.isfinite(tiny[name][-1, ~gone & ~(dead & (name == "alignment"))]).all()
    assert (tiny["train_error"][-1, tiny["outcome"] == FITTED] == 0).all()


def test_a_finite_run_far_astray_has_diverged() -> None:
    experiment = replace(TINY, n_train=(48,), alphas=(1.0,), temperatures=(0.1, 0.2), seeds=(0,))
    training = begin(experiment, [0, 1], Source(), "cpu")
    points, shard = training.points, training.shard
    shard.stack.head[0] *= -4000
    arguments = (training.recording, 600, 10_000, training.observe)
    assert len(drop_ended(shard, points, *arguments).rows) == 2
    assert drop_ended(shard, points, *arguments, Astray(train_error=0.0)).rows.tolist() == [1]
    assert (
        len(drop_ended(shard, points, training.recording, 400, 10_000, training.observe, Astray(train_error=0)).rows)
        == 2
    )


def test_shards_share_a_training_set_and_have_every_run_once() -> None:
    experiment = replace(TINY, alphas=tuple(2.0**k for k in range(8)), batch_size=(2, 4), seeds=(1, 2))
    split = shards(experiment, "cpu")
    assert sorted(itertools.chain(*split)) == list(range(experiment.runs))
    for shard in split:
        assert len({experiment.cells[run][:3] for run in shard}) == 1
    assert experiment.cells[split[0][0]].n_train == 96


def test_learning_rates_take_the_temperatures_place() -> None:
    experiment = replace(TINY, batch_size=(1, 4), learning_rates=(0.5, 8.0))
    assert experiment.temperatures == ()
    assert {cell.temperature for cell in experiment.cells} == {r / (b * 8) for r in (0.5, 8.0) for b in (1, 4)}
    assert from_json(to_json(experiment)) == experiment
    assert digest(experiment) != digest(TINY)
    assert [experiment.at(cell).cells for cell in experiment.cells] == [(cell,) for cell in experiment.cells]


class TestTables:
    def test_columns_are_in_the_dictionary(self, tiny: PhasePlaneTrajectory) -> None:
        for table in studies()["phase_plane"].tables().values():
            assert {name.removesuffix("_deviation") for name in table(tiny).columns} <= set(columns())

    def test_a_cell_is_the_mean_of_its_fitted_seeds(self, tiny: PhasePlaneTrajectory) -> None:
        table = phase_plane.plane(tiny)
        assert len(table) == TINY.cell_count
        assert (table["fitted"] + table["diverged"] + table["unfinished"] == 3).all()
        for row in table.itertuples():
            place = (row.n_train, row.batch_size, row.alpha, row.temperature)
            runs = [run for run, cell in enumerate(tiny.cells) if cell[1:] == place]
            assert len(runs) == 3
            assert row.learning_rate == row.temperature * 32
            fitted = [run for run in runs if tiny["outcome"][run] == FITTED]
            assert row.fitted == len(fitted)
            if len(fitted) < 3:
                assert np.isnan(row.test_error)
                assert row.outcome in ("few", "diverged", "unfinished")
                continue
            assert row.outcome == "fitted"
            assert row.steps == np.mean(tiny["end_step"][fitted])
            assert row.time == pytest.approx(row.steps * row.learning_rate)
            last = tiny["relative_weight_change"][-1, fitted].astype(float)
            assert row.relative_weight_change == pytest.approx(last.mean())
            assert row.relative_weight_change_deviation == pytest.approx(last.std(ddof=1))
        assert {"fitted", "diverged"} <= set(table["outcome"])

    def test_history_ends_where_the_plane_is(self, tiny: PhasePlaneTrajectory) -> None:
        whole, cells = phase_plane.history(tiny), phase_plane.plane(tiny)
        key = ["n_train", "batch_size", "alpha", "temperature"]
        last = whole.groupby(key, sort=False).last(skipna=False).reset_index()
        pd.testing.assert_frame_equal(last[key], cells[key])
        fitted = (cells["fitted"] == 3).to_numpy()
        np.testing.assert_allclose(last["test_error"][fitted], cells["test_error"][fitted])
        assert (last["live"] == 0).all()
        assert (whole.groupby(key)["live"].first() == 3).all()
        one = phase_plane.history(tiny, [4])
        pd.testing.assert_frame_equal(
            one, whole[(whole[key] == cells.loc[4, key].to_numpy()).all(axis=1)].reset_index(drop=True)
        )

    def test_scaling_is_a_part_of_the_plane(self, tiny: PhasePlaneTrajectory) -> None:
        table = phase_plane.scaling(tiny)
        pd.testing.assert_frame_equal(table, phase_plane.plane(tiny)[list(table.columns)])


def planted(delta: float, gamma: float, b: float) -> PhasePlaneTrajectory:
    """A trajectory whose last states are exact power laws."""
    experiment = PhasePlane(
        n_train=(256, 512, 1024), alphas=(2.0**15,), temperatures=tuple(2.0**k for k in range(-11, -3)), seeds=(0, 1)
    )
    runs = experiment.runs
    arrays = {name: np.full((len(PhasePlaneTrajectory.scheduled(experiment)), runs), np.nan) for name in MEASURES}
    arrays |= {"end_step": np.zeros(runs, int), "outcome": np.zeros(runs, int), "initial_kernel": np.zeros((2, 3))}
    for run, cell in enumerate(experiment.cells):
        own = 1.1 if cell.seed else 1.0
        arrays["relative_weight_change"][-1, run] = own * 0.06 * cell.temperature**delta * cell.n_train**gamma
        rate = experiment.learning_rate(cell.temperature, cell.batch_size)
        arrays["end_step"][run] = round(own * 1000 * cell.temperature * cell.n_train**b / rate)
    arrays["outcome"][:] = FITTED
    arrays["initial_kernel"][:] = 0.1
    return PhasePlaneTrajectory(experiment, arrays)


def test_exponents_that_were_planted_come_out() -> None:
    table = phase_plane.exponents(planted(0.95, 0.35, 1.25)).set_index(["quantity", "against"])
    expected = {
        ("relative_weight_change", "temperature"): 0.95,
        ("relative_weight_change", "n_train"): 0.35,
        ("time", "temperature"): 1.0,
        ("time", "n_train"): 1.25,
        ("critical_temperature", "n_train"): -0.35 / 0.95,
    }
    for name, value in expected.items():
        assert table.loc[name, "exponent"] == pytest.approx(value, abs=0.01), name
        assert table.loc[name, "standard_error"] < 0.01
    assert table.loc[("relative_weight_change", "n_train"), ["low", "high"]].tolist() == [256, 1024]


def test_a_window_under_a_factor_of_four_has_a_row_and_no_exponent() -> None:
    whole = planted(0.95, 0.35, 1.25)
    table = phase_plane.exponents(narrowed(whole, 2)).set_index(["quantity", "against"])
    kept, lost = ("relative_weight_change", "n_train"), ("relative_weight_change", "temperature")
    assert table.loc[kept, "exponent"] == pytest.approx(0.35, abs=0.01)
    assert table.loc[lost, ["exponent", "standard_error"]].isna().all()
    assert table.loc[lost, ["low", "high"]].tolist() == [2.0**-9, 2.0**-8]
    assert table.loc[lost, "theory"] == 1
    same = phase_plane.exponents(narrowed(whole, 1)).set_index(["quantity", "against"])
    assert same.loc[lost, "exponent"] == pytest.approx(0.95, abs=0.01)
    assert same.loc[lost, "high"] == 4 * same.loc[lost, "low"]


def narrowed(whole: PhasePlaneTrajectory, first: int) -> PhasePlaneTrajectory:
    """The same where only the middle of the temperatures fitted, up to 2^-8, from the one of that number on."""
    outcome = whole["outcome"].copy().reshape(-1, 8)
    outcome[:, :first] = DIVERGED
    outcome[:, 4:] = DIVERGED
    return PhasePlaneTrajectory(whole.experiment, {**whole.arrays, "outcome": outcome.reshape(-1)})


def test_means_over_seeds_are_numpys_and_say_nothing_of_cells_without_any() -> None:
    values = np.random.default_rng(3).normal(size=(5, 40))
    values[np.random.default_rng(4).random((5, 40)) < 0.6] = np.nan
    values[:, 0] = np.nan
    values[:, 1] = [np.inf, 1.0, 2.0, np.nan, np.nan]
    mean, deviation = phase_plane.over_seeds(values)  # warnings are errors here
    known = (~np.isnan(values)).sum(axis=0)
    assert np.isnan(mean[known == 0]).all()
    assert np.isnan(deviation[known < 2]).all()
    assert mean[1] == np.inf
    of = np.isfinite(values).sum(axis=0) > 1
    of[1] = False
    np.testing.assert_array_equal(mean[of], np.nanmean(values[:, of], axis=0))
    np.testing.assert_array_equal(deviation[of], np.nanstd(values[:, of], axis=0, ddof=1))


def test_an_exponent_within_groups_ignores_their_prefactors() -> None:
    x = np.tile([1.0, 2.0, 4.0], 4)
    group = np.repeat([1.0, 2.0], 6)
    seed = np.tile(np.repeat([0, 1], 3), 2)
    slope, error = exponent(x.tolist(), (x**1.5 * np.exp(5 * group)).tolist(), seed.tolist(), group.tolist())
    assert slope == pytest.approx(1.5)
    assert error == pytest.approx(0, abs=1e-6)
    noisy = x**1.5 * np.exp(np.random.default_rng(0).normal(size=12) / 5)
    law = power_law(x.tolist(), noisy.tolist(), seed.tolist())
    slope, error = exponent(x.tolist(), noisy.tolist(), seed.tolist(), [0.0] * 12)
    assert law is not None
    assert (slope, error) == (pytest.approx(law.exponent), pytest.approx(law.standard_error))
    assert np.isnan(exponent([2.0, 2.0], [1.0, 3.0], [0, 1], [0.0, 0.0])[0])


def test_lines_of_a_plane_made_by_hand() -> None:
    temperature = np.array([1.0, 2.0, 4.0, 8.0])
    fitted = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [1, 1, 1, 1], [0, 0, 0, 0]], bool)
    np.testing.assert_array_equal(largest_temperature(fitted, temperature), [2.0, 4.0, np.nan, np.nan])
    assert crossing(temperature, np.array([1.0, 10.0, np.nan, 1000.0]), 10**0.5) == pytest.approx(2**0.5)
    assert crossing(temperature, np.array([1.0, 10.0, 40.0, 1000.0]), 100.0) == pytest.approx(
        4 * 2 ** (np.log(2.5) / np.log(25))
    )
    assert np.isnan(crossing(temperature, np.array([1.0, 2.0, 3.0, 4.0]), 10.0))
    assert [temperature_exponent(depth) for depth in (1, 2, 3, 5)] == pytest.approx([0, 1 / 3, 1 / 2, 2 / 3])
    onset = gd_to_noise(np.array([1.0, 4.0]), 5.0)
    assert onset[0] / onset[1] == 4
    change = np.array([[0.001, 0.01, 0.04, 0.2], [0.001, 0.01, np.nan, 0.3]])
    assert lazy_window(change, temperature, 8.0, 1.0).tolist() == [False, True, False, False]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"n_train": (512, 256)}, "n_train: 1 to 16 increasing whole numbers"),
        ({"batch_size": (4, 64)}, r"batch_size: at most the smallest n_train \(48\); got 64"),
        ({"temperatures": (1e300,)}, r"temperatures: none, or 1 to 4096 increasing numbers, each 2\^-24 to 64"),
        ({"temperatures": (float("inf"),)}, "temperatures"),
        ({"alphas": tuple(0.5 + k / 100 for k in range(1000))}, "at most 4096 cells; got 6000"),
        ({"network": "cnn"}, "activation: relu with network cnn"),
        ({"network": "cnn", "activation": "relu", "dataset": "two_moons"}, "network: fc, as two_moons has no images"),
        ({"dataset": "csv"}, "dataset: one of two_moons"),
        ({"n_train": (9000,)}, "n_train"),
    ],
)
def test_bad_input_is_one_sentence(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ExperimentError, match=said):
        replace(TINY, **changes)  # type: ignore[arg-type]


def test_more_points_than_there_are_is_said_before_anything_trains() -> None:
    with pytest.raises(DataError, match="n_train: from 8 to 1012 for digits_parity; 2000 came"):
        train(replace(TINY, n_train=(48, 2000)), source=Source(), device="cpu", workers=1)


def test_the_command_line_writes_every_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = [
        "n_train=48",
        "batch_size=4",
        "width=8",
        "alphas=1,64",
        "temperatures=2^-6,2^-3",
        "seeds=0",
        "step_limit=50",
    ]
    words = ["train", "phase_plane/digits", "--cache", str(tmp_path / "cache"), "--out", str(tmp_path / "out")]
    assert main([*words, *(word for setting in settings for word in ("--set", setting))]) == 0
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written == {"experiment.json", *(f"{n}.csv" for n in phase_plane.TABLES)}
    assert main([*words, "--set", "batch_size=4096"]) == 2
    assert "batch_size: at most the smallest n_train (512); got 4096." in capsys.readouterr().err
