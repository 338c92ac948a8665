"""The linear explainer L: fitted on the training points alone, with the regularisation that cross-validates best."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from core.datasets import Task, load
from core.explainer import STRENGTHS, linear_predictions


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
        for train, test in StratifiedKFold(3).split(inputs, labels):
            model = LogisticRegression(C=strength, max_iter=2000).fit(inputs[train], labels[train])
            right.append(np.mean(model.predict(inputs[test]) == labels[test]))
        if np.mean(right) > best_score:
            best, best_score = strength, float(np.mean(right))
    expected = LogisticRegression(C=best, max_iter=2000).fit(inputs, labels).predict(task.test_inputs)
    np.testing.assert_array_equal(linear_predictions(task), expected)


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
