"""Networks whose predictions are kept: against torch, alone and together, noisy, diverging, partly there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.batches import batches
from core.comparison import tables as frames
from core.comparison.compared import explainer_predictions
from core.datasets import Source, load
from core.explainers.names import ANOTHER_SEED
from core.networks import glorot_stack, with_constant
from core.studies.complexity.experiment import Complexity
from core.studies.complexity.training import given
from core.studies.complexity.trajectory import ComplexityTrajectory
from core.study import join
from core.sweeps import shards, train, train_shard

SMALL = Complexity(n_train=64, width=8, seeds=(0, 1), step_limit=40, learning_rate=0.05, batch_size=8, test_points=200)


def trained(experiment: Complexity) -> ComplexityTrajectory:
    found = train(experiment, source=Source(), device="cpu", workers=1)
    assert isinstance(found, ComplexityTrajectory)
    return found


@pytest.fixture(scope="module")
def small() -> ComplexityTrajectory:
    return trained(SMALL)


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_steps_are_those_of_torch(depth: int) -> None:
    """Plain SGD on the mean of log(1 + exp(-y f)): torch's own layers, loss and optimiser from the same weights."""
    experiment = replace(SMALL, depth=depth, seeds=(5,))
    stack = glorot_stack(65, experiment.width, depth, 5, torch.device("cpu"))
    layers: list[torch.nn.Module] = []
    matrices = [*(weight[0] for weight in stack.weights), stack.head[0][:, None]]
    for place, matrix in enumerate(matrices):
        layer = torch.nn.Linear(*matrix.shape, bias=False)
        layer.weight.data = matrix.T.clone()
        layers += [layer, torch.nn.ReLU()] if place < depth else [layer]
    network = torch.nn.Sequential(*layers)
    optimiser = torch.optim.SGD(network.parameters(), lr=experiment.learning_rate)
    task = load("digits_halves", n_train=64, seed=0, test_points=200)
    x, y = torch.from_numpy(with_constant(task.train_inputs)), torch.from_numpy((task.train_labels > 0).astype("f4"))
    rows = next(batches(64, 8, 5))
    for row in rows[:40]:
        optimiser.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(network(x[row])[:, 0], y[row]).backward()
        optimiser.step()
    ours = trained(experiment)
    with torch.no_grad():
        expected = network(torch.from_numpy(with_constant(task.test_inputs)))[:, 0].numpy()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(network(x)[:, 0], y).item()
    clear = np.abs(expected) > 1e-3
    assert clear.mean() > 0.95
    np.testing.assert_array_equal(ours["prediction"][-1, 0][clear], expected[clear] > 0)
    assert ours["loss"][-1, 0] == pytest.approx(loss, rel=1e-4)


def test_weights_are_xavier_uniform() -> None:
    stack = glorot_stack(200, 100, 2, 0, torch.device("cpu"))
    for weight, (fan_in, fan_out) in zip(
        [*stack.weights, stack.head[:, :, None]], [(200, 100), (100, 100), (100, 1)], strict=True
    ):
        reach = (6 / (fan_in + fan_out)) ** 0.5
        assert 0.9 * reach < weight.abs().max() <= reach
        assert weight.var().item() == pytest.approx(reach**2 / 3, rel=0.25)


def test_same_experiment_same_bytes_alone_or_together(small: ComplexityTrajectory) -> None:
    again, alone = trained(SMALL), trained(replace(SMALL, seeds=(1,)))
    for name in small.axes:
        np.testing.assert_array_equal(small[name], again[name])
    for name in ("prediction", "loss", "train_counts"):
        np.testing.assert_array_equal(small[name][:, 1], alone[name][:, 0])
    np.testing.assert_array_equal(small.steps, ComplexityTrajectory.schedule.steps(40))


def test_seeds_differ_and_share_one_explainer(small: ComplexityTrajectory) -> None:
    assert (small["prediction"][0, 0] != small["prediction"][0, 1]).any()
    linear = explainer_predictions(small)["linear"]
    np.testing.assert_array_equal(linear[0], linear[1])
    other = explainer_predictions(small)[ANOTHER_SEED]
    np.testing.assert_array_equal(other[0], small["prediction"][-1, 1])


def test_label_noise_flips_its_share_of_the_training_labels_alone() -> None:
    plain, noisy = (given(Complexity(n_train=898, label_noise=noise), Source()) for noise in (0.0, 0.2))
    flipped = plain.task.train_labels != noisy.task.train_labels
    assert flipped.mean() == pytest.approx(0.2, abs=4 * (0.16 / 898) ** 0.5)
    np.testing.assert_array_equal(plain.task.test_labels, noisy.task.test_labels)
    np.testing.assert_array_equal(plain.task.train_inputs, noisy.task.train_inputs)


def test_fresh_inputs_are_neither_trained_nor_tested_on() -> None:
    seen = given(Complexity(n_train=500), Source())
    rows = {row.tobytes() for row in np.concatenate([seen.task.train_inputs, seen.task.test_inputs])}
    fresh = {row.tobytes() for row in seen.fresh}
    assert len(seen.fresh) == 1012 - 500
    assert len(fresh & rows) < 0.01 * len(fresh)  # the digits hold a few doubles


def test_a_diverged_run_is_drawn_as_such() -> None:
    wild = trained(replace(SMALL, learning_rate=10.0, width=128, depth=3, batch_size=32, step_limit=400))
    assert "diverged" in [wild.outcome(run) for run in range(2)]
    run = [wild.outcome(run) for run in range(2)].index("diverged")
    table = frames.information(wild)
    last = table[(table["seed"] == wild.experiment.seeds[run]) & (table["step"] == 400)]
    assert last[["mu_y", "accuracy_test", "explained_share", "mutual_information_train"]].isna().all(axis=None)
    assert (table.loc[table["step"] == 0, "accuracy_test"] > 0.2).all()


def test_a_training_under_way_has_what_is_there_so_far() -> None:
    networks, classifiers = shards(SMALL, "cpu")
    assert classifiers == []
    _, half = train_shard(SMALL, 0, networks, Source(), "cpu", None, False)
    partial = join(SMALL, [(networks, half)])
    assert isinstance(partial, ComplexityTrajectory)
    assert list(explainer_predictions(partial)) == ["linear_to_early", "linear_to_end", ANOTHER_SEED]
    with pytest.raises(KeyError, match="first run"):
        join(SMALL, [([], {})])


def test_a_convolutional_network_trains_in_the_same_form() -> None:
    experiment = replace(SMALL, network="cnn", depth=2, filters=4, seeds=(0, 1), step_limit=200, learning_rate=0.05)
    assert shards(experiment, "cpu") == [[0], [1], []]
    found = trained(experiment)
    assert found["prediction"].shape == (len(ComplexityTrajectory.schedule.steps(200)), 2, 200)
    assert found["loss"][-1].max() < found["loss"][0].min()


def test_two_inputs_keep_the_plane() -> None:
    found = trained(replace(SMALL, dataset="xor", n_train=200, seeds=(0, 1), step_limit=100))
    assert found.flat
    side = len(found["grid"])
    assert found["output"].shape == (len(found.steps), side, side)
    # The grid's function and the test points' predictions are of one network: compare at the nearest places.
    points, grid = found["test_input"], found["grid"]
    column, row = (np.abs(grid[:, None] - points[:, axis]).argmin(axis=0) for axis in (0, 1))
    same = (found["output"][-1][row, column] > 0) == found["prediction"][-1, 0, : len(points)]
    assert same.mean() > 0.9
    assert np.isfinite(found["output"]).all()
