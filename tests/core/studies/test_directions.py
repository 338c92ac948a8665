"""Directions in many inputs: what is allowed, training against a plain loop, and what is kept of it."""

import math
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
import torch

from core.columns import columns
from core.datasets import Source, load
from core.experiment import digest, to_json, with_settings
from core.randomness import generator
from core.store import decode, encode
from core.studies.directions.experiment import Directions
from core.studies.directions.trajectory import DirectionTrajectory
from core.study import from_json, studies
from core.sweeps import shards, train
from core.training.flow import EXACT_POINTS, largest_eigenvalue, power_iteration
from core.training.full_batch import AT_ONCE, prepared
from core.values import ExperimentError

TINY: dict[str, Any] = {"n_train": (12, 20), "seeds": (0, 3), "width": 24, "sigma": 0.05, "target_loss": 0.1}

BAD: dict[str, list[Any]] = {
    "dataset": ["", "csv", "mnist", None, 3],
    "n_train": [(), 20, None, (7,), (20, 20), (40, 20), (20.5,), ("20",), (5000,), (True,), tuple(range(8, 30))],
    "seeds": [(), 0, None, (-1,), (0, 0), (0.5,), ("0",), (True,), tuple(range(33))],
    "width": [0, 1025, 2.5, None, "8", True],
    "sigma": [0, -1, 101, math.nan, None, "1", True],
    "paired": [1, None, "true"],
    "loss": ["", "hinge", None],
    "target_loss": [0, 1, -0.1, math.nan, None, "0.1", True],
    "step_limit": [0, 200_001, 1.5, None],
}


def trained(**changes: Any) -> DirectionTrajectory:
    found = train(Directions(**{**TINY, **changes}), source=Source(), device="cpu", workers=1)
    assert isinstance(found, DirectionTrajectory)
    return found


@pytest.fixture(scope="module")
def tiny() -> DirectionTrajectory:
    return trained()


@pytest.fixture(scope="module")
def moons() -> DirectionTrajectory:
    return trained(dataset="two_moons", n_train=(30,), loss="logistic", seeds=(0,))


class TestExperiment:
    @pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
    def test_a_field_out_of_its_range_is_named_with_what_is_allowed_and_what_came(self, name: str, value: Any) -> None:
        with pytest.raises(ExperimentError) as caught:
            Directions(**{name: value})
        assert caught.value.field == name
        assert str(caught.value).startswith(f"{name}: ")
        assert "; got " in str(caught.value)

    def test_every_field_has_bad_values_above(self) -> None:
        assert set(BAD) == {f.name for f in fields(Directions)}

    def test_pairs_need_an_even_width(self) -> None:
        with pytest.raises(ExperimentError, match="width: an even number"):
            Directions(width=5, paired=True)

    def test_text_and_json_say_the_same(self) -> None:
        settings = {"n_train": "20,40", "seeds": "3,1", "sigma": "2^-4", "dataset": "mnist_parity", "paired": "true"}
        found = with_settings(Directions(), settings)
        assert found == Directions(n_train=(20, 40), seeds=(3, 1), sigma=0.0625, dataset="mnist_parity", paired=True)
        assert from_json(to_json(found)) == found
        assert digest(found) != digest(Directions())
        assert found.runs == 4
        assert found.cells == ((20, 3), (20, 1), (40, 3), (40, 1))

    def test_every_run_is_a_shard_the_first_first(self) -> None:
        assert shards(Directions(**TINY), "cpu") == [[0], [3], [2], [1]]


class TestInputs:
    def test_images_have_length_one_and_a_constant(self) -> None:
        x = prepared("digits_parity", load("digits_parity", n_train=16, seed=0).train_inputs)
        assert x.shape == (16, 65)
        np.testing.assert_allclose(np.linalg.norm(x[:, :-1], axis=1), 1)
        assert set(x[:, -1]) == {0.5}

    @pytest.mark.parametrize("name", ["two_moons", "sinusoidal_disc"])
    def test_a_plane_fills_its_square_beside_a_constant_one(self, name: str) -> None:
        x = prepared(name, load(name, n_train=500, seed=0).train_inputs)
        assert x.shape == (500, 3)
        assert set(x[:, -1]) == {1.0}
        assert 0.8 < np.abs(x[:, :2]).max() < 1.5


def plain(experiment: Directions, run: int, steps: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Gradient descent in numpy, one step at a time, with lambda_max by eigvalsh: v, a and the flow time."""
    count, seed = experiment.cells[run]
    task, rng, m = load(experiment.dataset, n_train=count, seed=seed), generator("init", seed), experiment.width
    x, y = prepared(experiment.dataset, task.train_inputs), task.train_labels.astype(float)
    v = rng.standard_normal((m, x.shape[1])) * experiment.sigma / np.sqrt(m)
    a = np.linalg.norm(v, axis=1) * np.where(rng.random(m) < 0.5, -1, 1)
    time = 0.0
    for _ in range(steps):
        z = x @ v.T  # (point, unit)
        h, on = np.maximum(z, 0), z > 0
        f = h @ a
        r = y - f if experiment.loss == "squared" else y / (1 + np.exp(y * f))
        c = np.ones_like(f) if experiment.loss == "squared" else (p := 1 / (1 + np.exp(-f))) * (1 - p)
        ntk = ((on * a**2) @ on.T) * (x @ x.T) + h @ h.T
        largest = np.linalg.eigvalsh(np.sqrt(np.outer(c, c)) * ntk / len(y))[-1]
        eta = min(0.05 / np.mean(np.abs(r) * np.linalg.norm(x, axis=1)), 1 / largest)
        v, a = v + eta * (on * r[:, None]).T @ x * a[:, None] / len(y), a + eta * r @ h / len(y)
        time += eta
    return v, a, time


class TestTraining:
    @pytest.mark.parametrize(
        ("fields", "tolerance"),
        [
            ({"dataset": "two_moons", "n_train": (12,), "loss": "logistic"}, 1e-9),
            ({"dataset": "sinusoid", "n_train": (16,)}, 1e-9),
            ({"n_train": (16,)}, 1e-3),  # float32
        ],
    )
    def test_against_a_plain_loop(self, fields: dict[str, Any], tolerance: float) -> None:
        """While snapshots lie a step or two apart the rate is new at every step."""
        found = trained(**{**fields, "seeds": (3,), "sigma": 0.3, "step_limit": 9, "target_loss": 1e-6})
        v, a, time = plain(found.experiment, 0, 9)
        assert found.outcome(0) == "step_limit"
        assert found.steps.tolist() == list(range(10))
        radius = np.abs(a) * np.linalg.norm(v, axis=1)
        np.testing.assert_allclose(found["radius"][-1], radius, rtol=max(tolerance, 1e-6))
        np.testing.assert_allclose(found["end_time"][0], time, rtol=tolerance)
        np.testing.assert_array_equal(found["end_sign"][0], np.sign(a))
        if found.flat:
            np.testing.assert_allclose(found["weight"][-1], v, rtol=1e-5, atol=1e-7)

    def test_runs_end_at_equal_loss(self, tiny: DirectionTrajectory) -> None:
        assert [tiny.outcome(run) for run in range(4)] == ["interpolated"] * 4
        assert (tiny["end_loss"] <= 0.05 * (1 + 1e-6)).all()
        assert (tiny["end_loss"] > 0.04).all()  # and is not overshot by much

    def test_a_target_out_of_reach_is_said(self) -> None:
        found = trained(target_loss=1e-8, step_limit=3 * AT_ONCE, n_train=(20,), seeds=(1,))
        assert found.outcome(0) == "step_limit"
        assert found["end_step"][0] == 3 * AT_ONCE

    def test_a_dead_network_is_stationary(self) -> None:
        found = trained(dataset="two_moons", width=1, n_train=(12,), seeds=(4,), target_loss=1e-8, sigma=1e-3)
        assert found.outcome(0) == "stationary"

    def test_same_bytes_on_two_workers_and_twice(self, tiny: DirectionTrajectory) -> None:
        again = train(tiny.experiment, source=Source(), device="cpu", workers=2)
        assert encode(again) == encode(tiny)

    def test_what_was_written_comes_back(self, tiny: DirectionTrajectory, moons: DirectionTrajectory) -> None:
        for trajectory in (tiny, moons):
            again = decode(encode(trajectory))
            assert again.experiment == trajectory.experiment
            for name in trajectory.axes:
                np.testing.assert_array_equal(again[name], trajectory[name])


class TestPowerIteration:
    def test_it_comes_to_the_largest_eigenvalue_from_below(self) -> None:
        rng = np.random.default_rng(0)
        for k in range(5):
            root = rng.standard_normal((EXACT_POINTS + 20, 30)) * 0.8 ** np.arange(30)
            kernel = torch.from_numpy(root @ root.T)[None]
            exact = float(largest_eigenvalue(kernel)[0])
            start = torch.linspace(1, 2, kernel.shape[1], dtype=torch.float64)[None]
            rough, vector = power_iteration(kernel, start)
            fine, _ = power_iteration(kernel, vector, 200)
            assert 0.5 * exact < float(rough[0]) <= exact * (1 + 1e-12), k
            assert float(fine[0]) == pytest.approx(exact, rel=1e-6)

    def test_a_kernel_of_zeros_keeps_its_start(self) -> None:
        start = torch.ones(1, 3)
        value, vector = power_iteration(torch.zeros(1, 3, 3), start)
        assert float(value[0]) == 0
        assert torch.equal(vector, start)


class TestTables:
    def test_columns_are_documented(self, tiny: DirectionTrajectory, moons: DirectionTrajectory) -> None:
        for trajectory in (tiny, moons):
            for name, table in studies()["directions"].tables().items():
                assert set(table(trajectory).columns) <= set(columns()), name

    def test_counts_and_fit_are_of_every_run(self, tiny: DirectionTrajectory) -> None:
        tables = {name: table(tiny) for name, table in studies()["directions"].tables().items()}
        assert tables["counts"][["n_train", "seed"]].to_numpy().tolist() == [[12, 0], [12, 3], [20, 0], [20, 3]]
        assert (tables["counts"]["directions_95"] <= tables["counts"]["directions_999"]).all()
        assert tables["counts"]["test_error"].between(0, 0.6).all()
        assert tables["fit"]["measure"].tolist() == [
            "directions", "directions_95", "directions_999", "effective_directions", "active_units",
        ]  # fmt: skip
        assert tables["fit"][["low_n", "high_n"]].drop_duplicates().to_numpy().tolist() == [[12, 20]]
        assert len(tables["points"]) == 0
        assert "w1" not in tables["directions"]

    def test_a_plane_has_lines_and_points(self, moons: DirectionTrajectory) -> None:
        tables = {name: table(moons) for name, table in studies()["directions"].tables().items()}
        assert len(tables["points"]) == 30
        assert set(tables["points"]["label"]) == {-1, 1}
        assert {"w1", "w2", "b"} <= set(tables["directions"])
        assert tables["extremal"]["units"].sum() <= 24
        last = tables["loss"].iloc[-1]
        assert last["directions"] == tables["counts"]["directions"][0]
        assert last["loss"] == tables["counts"]["loss"][0]
