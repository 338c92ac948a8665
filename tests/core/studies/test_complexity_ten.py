"""Ten classes: trained as torch trains them, compared and named as two are, and refused where only two are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.batches import batches
from core.comparison import tables as frames
from core.comparison.compared import explained, explainer_predictions
from core.comparison.tables import early_shares
from core.datasets import CATALOGUE, Source, load
from core.experiment import digest, with_settings
from core.explainers.classes import fit_classes
from core.explainers.names import FITTED
from core.networks import with_constant
from core.part import Shown
from core.softmax import build
from core.store import decode, encode
from core.studies.complexity.experiment import Complexity
from core.studies.complexity.part import PART
from core.studies.complexity.recording import decided, mean_loss
from core.studies.complexity.scene import examples
from core.studies.complexity.training import given
from core.studies.complexity.trajectory import ComplexityTrajectory
from core.studies.complexity.view import ComplexityView
from core.studies.explorer.experiment import Explorer
from core.studies.phase_plane.experiment import PhasePlane
from core.study import join
from core.sweeps import shards, train, train_shard
from core.values import ExperimentError

SMALL = Complexity(
    dataset="digits_ten",
    n_train=100,
    width=8,
    seeds=(0, 1),
    step_limit=60,
    learning_rate=0.1,
    batch_size=8,
    test_points=200,
)


def networks(experiment: Complexity) -> ComplexityTrajectory:
    """Train the networks alone, without the explainers of the labels."""
    split = [(number, runs) for number, runs in enumerate(shards(experiment, "cpu")) if runs]
    found = join(
        experiment,
        [(runs, train_shard(experiment, number, runs, Source(), "cpu", None, False)[1]) for number, runs in split],
    )
    assert isinstance(found, ComplexityTrajectory)
    return found


@pytest.fixture(scope="module")
def small() -> ComplexityTrajectory:
    found = train(SMALL, source=Source(), device="cpu", workers=1)
    assert isinstance(found, ComplexityTrajectory)
    return found


def test_what_is_recorded_is_of_torchs_network(small: ComplexityTrajectory) -> None:
    """Same start, same batches: the class of the largest output, the confusions on training points, and the loss."""
    begun = build(65, SMALL.width, SMALL.depth, 10, 1, torch.device("cpu"))
    weights = [weight.clone().requires_grad_() for weight in begun.weights]

    def network(x: torch.Tensor) -> torch.Tensor:
        for weight in weights[:-1]:
            x = torch.relu(x @ weight)
        return x @ weights[-1]

    task = load("digits_ten", n_train=100, seed=0, test_points=200)
    x, y = torch.from_numpy(with_constant(task.train_inputs)), torch.from_numpy(task.train_labels.astype(np.int64))
    optimiser = torch.optim.SGD(weights, lr=SMALL.learning_rate)
    for row in next(batches(100, 8, 1))[:60]:
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(network(x[row]), y[row]).backward()
        optimiser.step()
    with torch.no_grad():
        expected = network(torch.from_numpy(with_constant(task.test_inputs)))
        top = expected.topk(2, dim=1).values
        clear = (top[:, 0] - top[:, 1] > 1e-3).numpy()
        loss = torch.nn.functional.cross_entropy(network(x), y).item()
        right = (network(x).argmax(1) == y).float().mean().item()
    assert clear.mean() > 0.9  # where every unit is inactive all outputs are 0
    assert small["loss"][0, 1] > small["loss"][-1, 1] == pytest.approx(loss, rel=1e-4)
    np.testing.assert_array_equal(small["prediction"][-1, 1][clear], expected.argmax(1).numpy()[clear])
    counts = small["train_counts"][-1, 1]
    assert np.trace(counts) / counts.sum() == pytest.approx(right, abs=0.011)
    np.testing.assert_array_equal(counts.sum(axis=0), np.bincount(y.numpy(), minlength=10))


def test_same_experiment_same_bytes_alone_or_together(small: ComplexityTrajectory) -> None:
    again, alone = networks(SMALL), networks(replace(SMALL, seeds=(1,)))
    for name in ("prediction", "loss", "train_counts"):
        np.testing.assert_array_equal(small[name], again[name])
        np.testing.assert_array_equal(small[name][:, 1], alone[name][:, 0])
    np.testing.assert_array_equal(small["explainer_prediction"][-2:], again["explainer_prediction"][-2:])


def test_it_comes_back_from_disk_as_it_was(small: ComplexityTrajectory) -> None:
    back = decode(encode(small))
    assert set(np.unique(small["prediction"])) > {0, 5, 9}
    for name in small.axes:
        np.testing.assert_array_equal(back[name], small[name])
        assert back[name].dtype == small[name].dtype


def test_every_explainer_is_there_and_better_than_chance(small: ComplexityTrajectory) -> None:
    found = explainer_predictions(small)
    assert set(FITTED) < set(found)
    assert small.classes == 10
    for name in FITTED:
        assert (found[name][0] == small["test_label"]).mean() > 0.2, name
    table = frames.explainers(small)
    assert (table["explainer_information"] < np.log2(10)).all()


def test_classes_have_their_names_in_tables_and_on_screen(small: ComplexityTrajectory) -> None:
    names = CATALOGUE["digits_ten"].classes
    table = frames.examples(small)
    np.testing.assert_array_equal(table["label"][:200], np.array(names)[small["test_label"]])
    view, shown = ComplexityView(experiment=SMALL), Shown(small)
    assert set(examples(view, shown)["label"]) <= set(names)
    scene = PART.scene(view, [shown])
    assert set(scene.figures) == {"explained", "shares", "staircase", "accuracies", "four_cells", "examples"}
    said = " ".join([scene.verdict, *scene.notes, *(card.caption for card in scene.cards.values())])
    assert "−1" not in said
    assert "+1" not in said


def test_the_sentence_is_of_the_estimate_on_screen(small: ComplexityTrajectory) -> None:
    """Of ten classes Miller and Madow's early share is another one than the plain."""
    said = [
        PART.scene(ComplexityView(experiment=SMALL, estimate=estimate), [Shown(small)]).verdict
        for estimate in ("plain", "miller-madow")
    ]
    plain, corrected = (early_shares(explained(small, "linear", miller_madow=madow))[0] for madow in (False, True))
    for text, share in zip(said, (plain, corrected), strict=True):
        assert f"L explains **{np.nanmean(share):.0%}**" in text
    assert said[0] != said[1]
    table = frames.explainers(small)
    np.testing.assert_array_equal(table[table["explainer"] == "linear"]["early_explained_share"], plain)


def test_noise_gives_a_training_label_another_class() -> None:
    clean, noisy = (given(Complexity(dataset="digits_ten", label_noise=noise), Source()).task for noise in (0.0, 0.3))
    changed = clean.train_labels != noisy.train_labels
    assert changed.mean() == pytest.approx(0.3, abs=4 * (0.21 / 898) ** 0.5)
    assert set(noisy.train_labels) == set(range(10))
    apart = (noisy.train_labels - clean.train_labels)[changed] % 10
    assert np.bincount(apart.astype(int), minlength=10)[1:].min() > 10
    np.testing.assert_array_equal(clean.test_labels, noisy.test_labels)


def test_loss_and_decision_of_both_forms() -> None:
    rng = np.random.default_rng(0)
    output, labels = rng.standard_normal((50, 10)).astype(np.float32), rng.integers(10, size=50)
    expected = torch.nn.functional.cross_entropy(torch.from_numpy(output), torch.from_numpy(labels)).item()
    assert mean_loss(output, labels) == pytest.approx(expected, rel=1e-5)
    assert mean_loss(1e6 * output, labels) > 0
    two = np.stack([np.zeros(50), output[:, 0]], axis=1)
    signs = np.where(labels > 4, 1, -1)
    assert mean_loss(two, signs > 0) == pytest.approx(mean_loss(output[:, 0], signs))
    np.testing.assert_array_equal(decided(two), decided(output[:, 0]))


def test_a_diverged_run_is_drawn_as_such() -> None:
    wild = networks(replace(SMALL, learning_rate=10.0, width=128, depth=3, seeds=(0,)))
    assert wild.outcome(0) == "diverged"
    last = frames.information(wild).iloc[-1]
    assert np.isnan(last[["mu_y", "accuracy_test"]].astype(float)).all()


def test_a_convolutional_network_learns_ten_classes() -> None:
    found = networks(replace(SMALL, network="cnn", depth=2, filters=8, width=32, step_limit=300, seeds=(0,)))
    right = (found["prediction"][-1] == found["test_label"]).mean(axis=1)
    assert (right > 0.6).all()


def test_a_linear_classifier_of_many_inputs_sees_components() -> None:
    """Two classes far apart along one direction of 1,200, a third apart along another."""
    rng = np.random.default_rng(0)
    labels = rng.integers(3, size=300)
    inputs = rng.standard_normal((300, 1200)).astype(np.float32)
    inputs[:, 0] += 40.0 * labels
    inputs[:, 1] += 40.0 * (labels == 1)
    classify = fit_classes("linear", inputs[:200], labels[:200], 3)
    assert (classify(inputs[200:]) == labels[200:]).mean() > 0.95


@pytest.mark.parametrize("experiment", [Explorer(), PhasePlane()])
def test_studies_of_two_classes_refuse_ten_in_a_sentence(experiment: Explorer | PhasePlane) -> None:
    with pytest.raises(ExperimentError, match=r"^dataset: one of two_moons, .*; got 'digits_ten'\.$"):
        with_settings(experiment, {"dataset": "digits_ten"})


def test_two_classes_keep_their_digests() -> None:
    assert digest(Complexity()) == "c799b149fbb82932ea34d3dd10485a21"
    assert Complexity().classes == 2
