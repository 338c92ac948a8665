"""The linear explainer L: a logistic regression, fitted to the same training points as the network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.datasets import Task
from core.explainers import Classifier, Floats, constant

Truths = NDArray[np.bool_]

STRENGTHS = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
"""Inverse regularizations C to choose from: with few points in many dimensions C = 1 overfits (CIFAR-10 animals from
1,024 images: test accuracy .74 with C = 1, .80 with C = 1e-3, measured)."""
FOLDS = 3
FEW_INPUTS = 256
"""Up to here Newton steps beat L-BFGS (digits: tens of milliseconds in all against seconds, measured)."""
MANY_INPUTS = 1000
"""From here on strengths are tried upwards until the accuracy falls, as the largest take most of the time (CIFAR-10
animals, 8,192 images: 28 s for all; 5 s until it falls, and the same choice, measured)."""


def linear_predictions(task: Task) -> Truths:
    """Return whether a logistic regression puts each test point in class +1, (test_point,).

    L is fixed before any comparison and never sees the test points (Nakkiran et al. 2019, 1905.11604, compare a network
    with a trained linear model).
    """
    return fit_linear(task.train_inputs, task.train_labels > 0)(task.test_inputs)


def fit_linear(inputs: Floats, labels: Truths) -> Classifier:
    """Return a logistic regression on inputs (point, dim), whether each is of class +1 (point,)."""
    return fit_logistic(inputs, labels, "newton-cholesky" if inputs.shape[1] <= FEW_INPUTS else "lbfgs", STRENGTHS)


def fit_logistic(features: Floats, labels: Truths, solver: str, strengths: Sequence[float]) -> Classifier:
    """Return a logistic regression whose C is the strength with the best 3-fold cross-validated accuracy.

    Where a class has no point, the other is the answer; where one has a single point, C is the middle strength.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_score

    rarest = min(int(labels.sum()), int((~labels).sum()))
    if rarest == 0:
        return constant(bool(labels[0]))

    def model(strength: float) -> Any:
        return LogisticRegression(C=strength, solver=solver, max_iter=2000)

    def accuracy(strength: float) -> float:
        folds = StratifiedKFold(min(FOLDS, rarest))
        return float(cross_val_score(model(strength), features, labels, cv=folds).mean())

    if rarest == 1:
        best = strengths[len(strengths) // 2]
    elif features.shape[1] < MANY_INPUTS:
        best = max(strengths, key=accuracy)
    else:
        best = first_peak(strengths, accuracy)
    predict: Classifier = model(best).fit(features, labels).predict
    return predict


def first_peak(strengths: Sequence[float], accuracy: Callable[[float], float]) -> float:
    """Return the strength before the first whose accuracy is lower; of equals in a row, the first."""
    best, highest = strengths[0], accuracy(strengths[0])
    for strength in strengths[1:]:
        found = accuracy(strength)
        if found < highest:
            break
        if found > highest:
            best, highest = strength, found
    return best
