"""Linearised networks against the definition, by autograd; and networks beside them against the Explorer's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.batches import batches
from core.datasets import Source, load
from core.experiment import Experiment
from core.networks import initial_stack
from core.recording import rounded
from core.studies.explorer.experiment import Explorer
from core.studies.explorer.linearised import SAME, beside_linearised, sentence
from core.studies.explorer.presets import PRESETS as EXPLORER
from core.studies.linearised.experiment import Linearised
from core.studies.linearised.machines import Machines, shared
from core.studies.linearised.presets import PRESETS
from core.studies.linearised.tables import TABLES
from core.studies.linearised.training import tangent_kernel
from core.studies.linearised.trajectory import LinearisedTrajectory
from core.sweeps import train
from core.trajectory import DIVERGED, FITTED, STEP_LIMIT

SMALL = Linearised(
    n_train=32, width=16, batch_size=8, alphas=(0.25, 4.0, 256.0), temperatures=(2.0**-8, 2.0**-6), seeds=(0, 1)
)


def trained(experiment: Linearised) -> LinearisedTrajectory:
    found = train(experiment, source=Source(), device="cpu", workers=1)
    assert isinstance(found, LinearisedTrajectory)
    return found


@pytest.fixture(scope="module")
def small() -> LinearisedTrajectory:
    return trained(SMALL)


@pytest.mark.parametrize(("depth", "activation"), [(1, "relu"), (2, "relu"), (3, "gelu")])
def test_a_machine_is_sgd_on_the_tangent_features(depth: int, activation: str) -> None:
    """The gradient of every f by autograd, a plain loop in the space of the weights, and the plain hinge loss."""
    alpha, temperature, width, batch, n, seed = 3.0, 2.0**-5, 8, 4, 12, 2
    task = load("digits_parity", n_train=n, seed=seed, source=Source())
    stack = initial_stack(
        runs=1, dim=64, width=width, depth=depth, activation=activation, seed=seed, device=torch.device("cpu")
    )
    weights = [one.double().requires_grad_() for one in stack.parameters()]
    gain = {"relu": 0.5, "gelu": 0.42522148257029874}[activation] ** -0.5
    act = {"relu": torch.relu, "gelu": torch.nn.functional.gelu}[activation]

    def gradient(x: np.ndarray) -> np.ndarray:
        a = torch.from_numpy(np.asarray(x, np.float64))
        for one in weights[:-1]:
            a = act(a @ one[0] / len(a) ** 0.5) * gain
        return np.concatenate([g.ravel().numpy() for g in torch.autograd.grad(a @ weights[-1][0] / width, weights)])

    features, test = (np.stack([gradient(x) for x in some]) for some in (task.train_inputs, task.test_inputs[:50]))
    y, w, steps = task.train_labels.astype(np.float64), np.zeros(features.shape[1]), 300
    stream = batches(n, batch, seed)
    chosen = np.concatenate([next(stream), next(stream)])[:steps]
    for rows in chosen:
        short = rows[y[rows] * (features[rows] @ w) < 1 / alpha]
        w += temperature * batch * width / batch * (y[short] @ features[short])
    points = torch.from_numpy(np.array(task.train_inputs))
    kernel = tangent_kernel(stack, points, points)
    machine = Machines.of(y[:, None] * kernel * y, np.array([alpha * temperature * width]))
    machine.advance(chosen[:200], 0)
    machine.advance(chosen[200:], 200)
    output = tangent_kernel(stack, torch.from_numpy(np.array(task.test_inputs[:50])), points) * y @ machine.weight[0]
    assert machine.size[0] / alpha == pytest.approx(np.linalg.norm(w), rel=1e-4)
    np.testing.assert_allclose(output / alpha, test @ w, atol=1e-4 * np.abs(test @ w).max())


def test_runs_of_one_product_share_a_machine() -> None:
    products, number = shared(np.array([2.0, 8.0, 2.0 * (1 + 1e-14), 0.5]))
    assert products.tolist() == [0.5, 2.0, 8.0]
    assert number.tolist() == [1, 2, 1, 0]


def test_a_machine_rests_where_every_point_has_its_margin() -> None:
    """Orthogonal points of norm 1, batches of both: each takes 1 / rate steps."""
    machine = Machines.of(np.eye(2), np.array([0.25, 0.5]))
    machine.advance(np.tile(np.arange(2), (20, 1)), 100)
    assert machine.fitted.all()
    assert machine.last_update.tolist() == [104, 102]
    np.testing.assert_allclose(machine.size, 2**0.5)


def test_the_networks_are_the_explorers_bit_for_bit(small: LinearisedTrajectory) -> None:
    plane = train(Explorer(**{name: getattr(SMALL, name) for name in SAME}), source=Source(), device="cpu", workers=1)
    for name in ("outcome", "end_step"):
        np.testing.assert_array_equal(small[name], plane[name])
    np.testing.assert_array_equal(small["test_error"][-1], plane["test_error"][-1])
    np.testing.assert_array_equal(small["relative_weight_change"][-1], rounded(plane["relative_weight_change"][-1], 12))


def test_both_agree_before_the_first_step_and_everything_is_kept_to_the_end(small: LinearisedTrajectory) -> None:
    assert (small["agreement"][0] == 1).all()
    assert (small["linearised_weight_change"][0] == 0).all()
    assert (small["linearised_outcome"] == FITTED).all()
    ends = np.searchsorted(small.steps, small["linearised_end_step"])
    for run, end in enumerate(ends):
        assert len(np.unique(small["linearised_weight_change"][end:, run])) == 1


def test_linearisations_take_the_networks_batches(small: LinearisedTrajectory) -> None:
    """Each by itself, by hand, as often as it was moved."""
    for seed in SMALL.seeds:
        task = load(SMALL.dataset, n_train=SMALL.n_train, seed=seed, source=Source())
        stack = initial_stack(
            runs=1, dim=64, width=SMALL.width, depth=1, activation="relu", seed=seed, device=torch.device("cpu")
        )
        points = torch.from_numpy(np.array(task.train_inputs))
        kernel = task.train_labels[:, None] * tangent_kernel(stack, points, points) * task.train_labels
        size = float(torch.stack([one.double().square().sum() for one in stack.parameters()]).sum()) ** 0.5
        for run, pair in enumerate(SMALL.pairs):
            if pair.seed == seed:
                steps = int(small["linearised_end_step"][run])
                stream = batches(SMALL.n_train, SMALL.batch_size, seed)
                taken = np.concatenate([next(stream) for _ in range(steps // 256 + 1)])
                machine = Machines.of(kernel, np.array([pair.alpha * pair.temperature * SMALL.width]))
                machine.advance(taken[:steps], 0)
                assert machine.fitted.all()
                assert machine.last_update.tolist() == [steps]
                expected = machine.size[0] / pair.alpha / size
                assert small["linearised_weight_change"][-1, run] == pytest.approx(expected, rel=2e-4)


def test_agreement_is_that_of_the_states_both_are_in(small: LinearisedTrajectory) -> None:
    """By its bounds: they differ on at least as many points as their errors do, and on at most the sum of both."""
    low = np.abs(small["test_error"] - small["linearised_test_error"])[1:]
    high = (small["test_error"] + small["linearised_test_error"])[1:]
    differ = 1 - small["agreement"][1:]
    assert (differ >= low - 1e-6).all()
    assert (differ <= high + 1e-6).all()


def test_a_large_output_scale_and_small_steps_make_a_network_its_linearisation() -> None:
    """A step of a fixed temperature moves the weights alike at every scale, too far to be lazy if it is large."""
    place = {"alphas": (2.0**12, 2.0**13), "temperatures": (2.0**-12,), "seeds": (0,)}
    limit = Linearised(width=256, n_train=64, batch_size=64, **place)
    runs = TABLES["linearised"](trained(limit))
    assert (runs["agreement"] > 0.995).all()
    assert runs["weight_ratio"].to_numpy() == pytest.approx(1, abs=0.01)
    assert set(runs["regime"]) == {"lazy"}


def test_a_network_that_diverged_has_no_numbers_and_its_linearisation_does() -> None:
    """Three layers at a temperature far above the largest; and linearisations that are stopped."""
    hot = replace(SMALL, depth=3, alphas=(2.0**-8,), temperatures=(2.0**2,), seeds=(0,), step_limit=600)
    found = trained(hot)
    assert found["outcome"].tolist() == [DIVERGED]
    assert found["linearised_outcome"].tolist() == [STEP_LIMIT]
    row = TABLES["linearised"](found).iloc[0]
    assert row[["agreement", "weight_ratio", "test_error"]].isna().all()
    assert row["linearised_weight_change"] > 0
    assert row["regime"] == "diverged"
    cells = TABLES["linearised_cells"](found)
    assert cells["fitted"].tolist() == [0]
    assert sentence(cells, 2.0**-8, 2.0**2) == ""


def test_tables_are_of_every_run_and_means_of_those_that_fitted(small: LinearisedTrajectory) -> None:
    runs, cells, history = (TABLES[name](small) for name in ("linearised", "linearised_cells", "linearised_history"))
    assert len(runs) == SMALL.runs
    assert len(cells) == SMALL.runs / 2
    assert len(history) == SMALL.runs * len(small.steps)
    own = runs[(runs["alpha"] == 4.0) & (runs["temperature"] == 2.0**-6)]
    cell = cells[(cells["alpha"] == 4.0) & (cells["temperature"] == 2.0**-6)].iloc[0]
    assert cell["seeds"] == cell["fitted"] == 2
    assert cell["weight_ratio"] == pytest.approx(own["weight_ratio"].mean())
    assert cell["weight_ratio_error"] == pytest.approx(np.ptp(own["weight_ratio"]) / 2)
    last = history[history["step"] == small.steps[-1]]
    np.testing.assert_array_equal(last["agreement"], runs["agreement"])
    said = sentence(cells, 4.0, 2.0**-6)
    assert f"{cell['weight_ratio']:.2f} ± {cell['weight_ratio_error']:.2f} of the linearisation's" in said


def found_for(**settings: object) -> Experiment | None:
    return beside_linearised(replace(EXPLORER["explorer/digits"].experiment, **settings))  # type: ignore[arg-type]


def test_the_explorer_finds_what_ships_and_says_what_else_to_train() -> None:
    shipped = PRESETS["explorer/linearised"].experiment
    assert found_for() == shipped
    assert found_for(seeds=(3,)) == shipped
    assert found_for(seeds=(7,)) == replace(shipped, seeds=(7,))
    assert found_for(width=32) == replace(shipped, width=32, seeds=(0,))
    assert found_for(n_train=8192, dataset="mnist_parity") is None
    assert found_for(dataset="csv", csv_digest="0" * 64) is None
