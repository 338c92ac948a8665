"""The tree explainer: thresholds on one input at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.explainers import Classifier, Floats
from core.explainers.components import reduction
from core.explainers.linear import FOLDS

DEPTHS = range(1, 13)
WITHOUT_FOLDS = 3
"""The depth where a class has a single point, which leaves nothing to validate on."""


def fit_tree(inputs: Floats, labels: NDArray[np.bool_]) -> Classifier:
    """Return a decision tree for inputs (point, dim), whether each is of class +1 (point,).

    Its depth is the least with the best 3-fold cross-validated accuracy. A tree is cut at each depth rather than grown
    anew: a split does not depend on those below it.
    """
    from sklearn.model_selection import StratifiedKFold

    reduced = reduction(inputs)
    few = reduced(inputs)
    rarest = min(int(labels.sum()), int((~labels).sum()))
    best = WITHOUT_FOLDS
    if rarest > 1:
        right = np.zeros(len(DEPTHS))
        for train, held_out in StratifiedKFold(min(FOLDS, rarest)).split(few, labels):
            answers = by_depth(_grown(few[train], labels[train]), few[held_out])
            right += (answers == labels[held_out]).mean(axis=1)
        best = DEPTHS[int(right.argmax())]
    tree = _grown(few, labels)
    return lambda points: by_depth(tree, reduced(points))[best - 1]


def _grown(inputs: Floats, labels: NDArray[np.bool_]) -> Any:
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(max_depth=DEPTHS[-1], random_state=0).fit(inputs, labels).tree_


def by_depth(tree: Any, inputs: Floats) -> NDArray[np.bool_]:
    """Return the answers of a scikit-learn tree cut at each of `DEPTHS`, (depth, point)."""
    share = tree.value[:, 0]  # (node, class)
    positive = share[:, -1] > share[:, 0]
    node, rows = np.zeros(len(inputs), np.int64), np.arange(len(inputs))
    answers = []
    for _ in DEPTHS:
        split = tree.children_left[node] >= 0
        left = inputs[rows, tree.feature[node]] <= tree.threshold[node]
        node = np.where(split, np.where(left, tree.children_left[node], tree.children_right[node]), node)
        answers.append(positive[node])
    return np.stack(answers)
