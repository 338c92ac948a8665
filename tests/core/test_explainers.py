"""The explainers: fitted on the training points alone, the same each time, and each as complex as it is said to be."""

import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.tree import DecisionTreeClassifier

from core.convolution import build
from core.datasets import Task, load
from core.explainers import FITTED, available, convolutional, fit, multilayer
from core.explainers.classes import fit_classes
from core.explainers.convolutional import FILTERS, WIDTH, share
from core.explainers.linear import STRENGTHS, first_peak, linear_predictions
from core.explainers.multilayer import OWN_SEEDS, RESTARTS, initial, train
from core.explainers.names import DESCRIPTIONS, TITLES
from core.explainers.nearest import NEIGHBOURS, fit_nearest
from core.explainers.quadratic import products
from core.explainers.tree import DEPTHS, by_depth
from core.field import declared
from core.studies.complexity.experiment import Complexity

ROOT = Path(__file__).parents[2]


def blobs(labels: np.ndarray, distance: float) -> Task:
    rng = np.random.default_rng(0)
    inputs = (rng.standard_normal((len(labels), 3)) + distance * labels[:, None]).astype(np.float32)
    test = (rng.standard_normal((500, 3))).astype(np.float32)
    signs = np.sign(test.sum(1)).astype(np.float32)
    test = (test + distance * signs[:, None]).astype(np.float32)
    return Task(train_inputs=inputs, train_labels=labels, test_inputs=test, test_labels=signs)


def test_separated_classes_are_told_apart() -> None:
    task = blobs(np.repeat([1.0, -1.0], 20).astype(np.float32), 4)
    predictions = linear_predictions(task)
    assert predictions.dtype == bool
    np.testing.assert_array_equal(predictions, task.test_labels > 0)


def test_the_strength_is_the_best_by_cross_validation() -> None:
    task = load("digits_parity", n_train=120, seed=2)
    inputs, labels = task.train_inputs, task.train_labels > 0
    best, best_score = 0.0, -1.0
    for strength in STRENGTHS:
        right = []
        for kept, held_out in StratifiedKFold(3).split(inputs, labels):
            model = LogisticRegression(C=strength, max_iter=2000).fit(inputs[kept], labels[kept])
            right.append(np.mean(model.predict(inputs[held_out]) == labels[held_out]))
        if np.mean(right) > best_score:
            best, best_score = strength, float(np.mean(right))
    expected = LogisticRegression(C=best, max_iter=2000).fit(inputs, labels).predict(task.test_inputs)
    np.testing.assert_array_equal(linear_predictions(task), expected)


def test_of_many_inputs_strengths_are_tried_until_the_accuracy_falls() -> None:
    tried = []

    def accuracy(strength: float) -> float:
        tried.append(strength)
        return {1: 0.6, 2: 0.7, 3: 0.7, 4: 0.65, 5: 0.9}[strength]

    assert first_peak((1, 2, 3, 4, 5), accuracy) == 2
    assert tried == [1, 2, 3, 4]
    assert first_peak((1, 2), accuracy) == 2
    assert first_peak((4, 1), accuracy) == 4


def test_it_never_sees_the_test_labels() -> None:
    task = load("two_moons", n_train=64, seed=0)
    np.testing.assert_array_equal(
        linear_predictions(task), linear_predictions(replace(task, test_labels=-task.test_labels))
    )


@pytest.mark.parametrize("rare", [0, 1, 2])
def test_few_points_of_a_class_are_no_trouble(rare: int) -> None:
    labels = np.array([1.0] * rare + [-1.0] * 10, np.float32)
    predictions = linear_predictions(blobs(labels, 4))
    assert predictions.shape == (500,)
    if rare == 0:
        assert not predictions.any()


ROUGH = {"sinusoidal_disc": 1000, "xor": 1000, "digits_halves": 400}


@cache
def task(dataset: str) -> Task:
    return load(dataset, n_train=ROUGH[dataset], seed=0)


@cache
def accuracy(name: str, dataset: str) -> float:
    drawn = task(dataset)
    classify = fit(name, dataset, drawn.train_inputs, drawn.train_labels, seed=0)
    return float(np.mean(classify(drawn.test_inputs) == (drawn.test_labels > 0)))


def test_no_linear_classifier_knows_xor_and_products_and_units_do() -> None:
    assert accuracy("linear", "xor") < 0.56
    assert accuracy("mlp_2", "xor") < 0.9
    for name in ("quadratic", "tree", "nearest", "mlp_4", "mlp_16"):
        assert accuracy(name, "xor") > 0.95, name


def test_a_curved_boundary_takes_more_than_a_line_or_a_conic() -> None:
    for simple in ("linear", "quadratic"):
        assert accuracy(simple, "sinusoidal_disc") < 0.88
        for name in ("tree", "nearest", "mlp_16"):
            assert accuracy(name, "sinusoidal_disc") > accuracy(simple, "sinusoidal_disc") + 0.03, name


def test_images_are_told_apart_better_by_what_is_more_than_linear() -> None:
    for name in ("quadratic", "nearest", "mlp_4", "mlp_16", "cnn_1", "cnn_2", "cnn_3", "cnn_4"):
        assert accuracy(name, "digits_halves") > accuracy("linear", "digits_halves") + 0.01, name


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks are trained for a short time only."""
    monkeypatch.setattr(multilayer, "FEWEST_STEPS", 512)
    monkeypatch.setattr(convolutional, "FEWEST_STEPS", 60)


@pytest.mark.usefixtures("brief")
@pytest.mark.parametrize("name", FITTED)
def test_same_arguments_give_same_predictions_and_leave_the_data_alone(name: str) -> None:
    drawn = load("digits_parity", n_train=64, seed=1)
    inputs, labels = drawn.train_inputs.copy(), drawn.train_labels.copy()
    answers = [fit(name, "digits_parity", inputs, labels, seed=3)(drawn.test_inputs) for _ in range(2)]
    assert answers[0].dtype == bool
    assert answers[0].shape == (len(drawn.test_inputs),)
    assert 0 < answers[0].mean() < 1
    np.testing.assert_array_equal(*answers)
    np.testing.assert_array_equal(inputs, drawn.train_inputs)
    np.testing.assert_array_equal(labels, drawn.train_labels)


@pytest.mark.parametrize("name", FITTED)
def test_one_class_is_the_answer_everywhere(name: str) -> None:
    drawn = task("digits_halves")
    for label in (-1.0, 1.0):
        classify = fit(name, "digits_halves", drawn.train_inputs, np.full(400, label, np.float32), seed=0)
        np.testing.assert_array_equal(classify(drawn.test_inputs), np.full(785, label > 0))


@pytest.mark.usefixtures("brief")
@pytest.mark.parametrize("rare", [1, 2])
@pytest.mark.parametrize("name", FITTED)
def test_eight_points_are_enough(name: str, rare: int) -> None:
    drawn = task("digits_halves")
    labels = np.array([1.0] * rare + [-1.0] * (8 - rare), np.float32)
    classify = fit(name, "digits_halves", drawn.train_inputs[:8], labels, seed=0)
    assert classify(drawn.test_inputs).shape == (785,)


def test_a_network_of_its_own_never_starts_as_the_one_under_study() -> None:
    assert declared(Complexity)["seeds"].bounds.high < OWN_SEEDS
    theirs, ours = (build("digits_halves", 2, FILTERS, WIDTH, seed) for seed in (0, OWN_SEEDS))
    assert not torch.equal(theirs.kernels[0], ours.kernels[0])


def test_a_tree_cut_at_a_depth_is_the_tree_of_that_depth() -> None:
    drawn = task("sinusoidal_disc")
    inputs, labels = drawn.train_inputs, drawn.train_labels > 0
    whole = DecisionTreeClassifier(max_depth=DEPTHS[-1], random_state=0).fit(inputs, labels)
    answers = by_depth(whole.tree_, drawn.test_inputs)
    for depth in (1, 2, 3, 5, DEPTHS[-1]):
        expected = (
            DecisionTreeClassifier(max_depth=depth, random_state=0).fit(inputs, labels).predict(drawn.test_inputs)
        )
        # Equally good splits are chosen among by draws, which a deeper tree makes more of.
        assert np.mean(answers[depth - 1] == expected) > 0.99, depth


def test_the_nearest_are_counted_without_the_point_itself() -> None:
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((60, 2)).astype(np.float32)
    labels = rng.random(60) < 0.5
    others = [np.delete(np.arange(60), i) for i in range(60)]
    order = [rest[np.argsort(((inputs[rest] - inputs[i]) ** 2).sum(1))] for i, rest in enumerate(others)]
    right = {k: np.mean([labels[near[:k]].mean() > 0.5 for near in order] == labels) for k in NEIGHBOURS}
    best = max(NEIGHBOURS, key=right.__getitem__)
    places = rng.standard_normal((40, 2)).astype(np.float32)
    nearest = np.argsort(((places[:, None] - inputs) ** 2).sum(2), axis=1)[:, :best]
    np.testing.assert_array_equal(fit_nearest(inputs, labels)(places), labels[nearest].mean(1) > 0.5)


def test_products_are_those_of_every_pair() -> None:
    np.testing.assert_array_equal(products(np.array([[2, 3, 5]], np.float32)), [[2, 3, 5, 4, 6, 10, 9, 15, 25]])


def test_the_constant_unit_is_constant_and_the_chosen_restart_the_best() -> None:
    drawn = task("xor")
    x = torch.from_numpy(np.hstack([drawn.train_inputs, np.ones((1000, 1), np.float32)]))
    y = torch.from_numpy(drawn.train_labels.copy())
    stack = initial(4, 4, 2.0, OWN_SEEDS)
    before = stack.first.clone()
    train(stack, x, y, 4 / 4, OWN_SEEDS)
    torch.testing.assert_close(stack.first[:, :, -1], torch.tensor([0.0, 0, 0, 2]).expand(RESTARTS, 4))
    assert ((stack.first - before)[:, :, :-1].abs().amax((1, 2)) > 0.1).all()
    f = torch.einsum("rp,r->rp", torch.ones(RESTARTS, 1000), 2 * stack.head[:, -1])
    for unit in range(4):
        f += stack.head[:, unit, None] * torch.relu(x @ stack.first[:, :, unit].T).T
    torch.testing.assert_close(stack(x), f, rtol=1e-3, atol=1e-3)


def test_restarts_that_diverge_still_give_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = task("xor")
    monkeypatch.setattr(multilayer, "RATE", 1e30)
    answer = multilayer.fit_multilayer(drawn.train_inputs, drawn.train_labels, width=4, seed=0)(drawn.test_inputs)
    assert answer.dtype == bool
    assert len(answer) == len(drawn.test_inputs)


def test_the_rate_rises_and_falls() -> None:
    assert 0 < share(0.0) < 0.05
    assert share(0.1) == pytest.approx((1 + np.cos(0.1 * np.pi)) / 2)
    assert share(1.0) == pytest.approx(0)


def test_a_network_that_is_linear_is_found_by_a_fit_to_its_labels() -> None:
    drawn = task("digits_halves")
    direction = np.random.default_rng(0).standard_normal(64)
    classify = fit_classes("linear", drawn.train_inputs, drawn.train_inputs @ direction > 0, 2)
    assert np.mean(classify(drawn.test_inputs) == (drawn.test_inputs @ direction > 0)) > 0.93
    assert fit_classes("linear", drawn.train_inputs, np.ones(400, bool), 2)(drawn.test_inputs).all()


def test_an_unknown_explainer_and_one_without_images_are_refused() -> None:
    drawn = task("xor")
    with pytest.raises(ValueError, match=r"^explainer: one of linear, .*; 'forest' came\.$"):
        fit("forest", "xor", drawn.train_inputs, drawn.train_labels, seed=0)
    with pytest.raises(ValueError, match=r"^explainer: one of linear, .*, as xor has no images; cnn_2 came\.$"):
        fit("cnn_2", "xor", drawn.train_inputs, drawn.train_labels, seed=0)


def test_names_cost_no_torch_and_no_scikit_learn() -> None:
    code = "import sys, core.explainers; print(sorted({'torch', 'sklearn', 'numba'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert available("xor") == tuple(name for name in FITTED if not name.startswith("cnn"))
    assert available("cifar_halves") == tuple(FITTED)
    assert set(FITTED) <= set(TITLES)
    assert set(TITLES) == set(DESCRIPTIONS)
