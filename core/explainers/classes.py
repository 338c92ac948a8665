"""Explainers of any number of classes: the same families as of two, by scikit-learn where ours know only two.

All of them are trained on softmax cross-entropy, or count votes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.explainers import Floats, fit
from core.explainers.components import reduction
from core.explainers.linear import FOLDS, MANY_INPUTS, STRENGTHS, first_peak
from core.explainers.names import available
from core.explainers.nearest import NEIGHBOURS
from core.explainers.quadratic import products
from core.explainers.tree import DEPTHS

Labels = NDArray[np.int64]
Classify = Callable[[Floats], Labels]
"""From inputs (point, dim) to the class of each, (point,)."""

MOST_COMPONENTS = 256
STARTS = 3
"""Restarts of a small network, of which the least training loss is taken."""


def fit_classes(
    name: str,
    inputs: Floats,
    labels: NDArray[Any],
    classes: int,
    *,
    dataset: str = "csv",
    seed: int = 0,
    device: str = "cpu",
) -> Classify:
    """Return an explainer fitted to inputs (point, dim) and labels (point,), whole numbers below `classes`.

    Two classes are fitted as `core.explainers.fit` fits them, whose other arguments these are. Same arguments, same
    predictions.

    Raises:
        ValueError: no explainer has this name, or it needs images and the data set has none.
    """
    if name not in available(dataset):
        raise ValueError(f"explainer: one of {', '.join(available(dataset))}; got {name!r}.")
    if classes == 2:
        signs = np.where(labels > 0, 1, -1).astype(np.float32)
        classify = fit(name, dataset, inputs, signs, seed=seed, device=device)
        return lambda points: classify(points).astype(np.int64)
    labels = labels.astype(np.int64)
    there = np.unique(labels)
    if len(there) == 1:
        return lambda points: np.full(len(points), there[0])
    family, _, size = name.partition("_")
    if family == "cnn":
        from core.explainers.convolutional import fit_convolutional

        return fit_convolutional(dataset, inputs, labels, depth=int(size), seed=seed, device=device, classes=classes)
    families: dict[str, Callable[[], Classify]] = {
        "linear": lambda: _linear(inputs, labels),
        "quadratic": lambda: _quadratic(inputs, labels),
        "mlp": lambda: _multilayer(inputs, labels, int(size)),
        "tree": lambda: _searched(inputs, labels, _tree, DEPTHS),
        "nearest": lambda: _searched(inputs, labels, _neighbours, NEIGHBOURS),
    }
    return families[family]()


def _folds(labels: Labels) -> Any:
    """Return the folds of a cross-validation, which rare classes need not all be in."""
    from sklearn.model_selection import KFold, StratifiedKFold

    rarest = int(np.bincount(labels)[np.unique(labels)].min())
    return StratifiedKFold(FOLDS) if rarest >= FOLDS else KFold(FOLDS, shuffle=True, random_state=0)


def _accuracy(model: Any, inputs: Floats, labels: Labels) -> float:
    from sklearn.model_selection import cross_val_score

    return float(cross_val_score(model, inputs, labels, cv=_folds(labels)).mean())


def _linear(inputs: Floats, labels: Labels) -> Classify:
    """Fit a softmax regression; C is chosen by 3-fold cross-validation, in many dimensions until it gets worse.

    Many inputs are seen by their first `MOST_COMPONENTS` components, which leaves it linear in them.
    """
    from sklearn.linear_model import LogisticRegression

    reduced = reduction(inputs, many=MANY_INPUTS, components=MOST_COMPONENTS)
    inputs = reduced(inputs)

    def model(strength: float) -> Any:
        return LogisticRegression(C=strength, max_iter=500, tol=1e-3)

    def accuracy(strength: float) -> float:
        return _accuracy(model(strength), inputs, labels)

    few = inputs.shape[1] < MOST_COMPONENTS
    best = max(STRENGTHS, key=accuracy) if few else first_peak(STRENGTHS, accuracy)
    fitted = model(best).fit(inputs, labels)
    return lambda points: np.asarray(fitted.predict(reduced(points)), np.int64)


def _quadratic(inputs: Floats, labels: Labels) -> Classify:
    reduced = reduction(inputs)
    found = products(reduced(inputs))
    mean, deviation = found.mean(axis=0), found.std(axis=0)
    deviation[deviation < 1e-6] = 1  # a constant input
    classify = _linear((found - mean) / deviation, labels)
    return lambda points: classify((products(reduced(points)) - mean) / deviation)


def _multilayer(inputs: Floats, labels: Labels, width: int) -> Classify:
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    reduced = reduction(inputs, many=64, evened=True)
    few = reduced(inputs)
    scale = float(few.std()) or 1.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the best of what a bounded training finds is wanted
        starts = [
            MLPClassifier((width,), max_iter=150, random_state=seed).fit(few / scale, labels) for seed in range(STARTS)
        ]
    best = min(starts, key=lambda found: float(found.loss_))
    return lambda points: np.asarray(best.predict(reduced(points) / scale), np.int64)


def _searched(inputs: Floats, labels: Labels, model: Callable[[int], Any], sizes: range | tuple[int, ...]) -> Classify:
    """Fit a model of the size with the best 3-fold cross-validated accuracy; of equals, the least."""
    reduced = reduction(inputs)
    few = reduced(inputs)
    offered = [size for size in sizes if size < len(labels) // 2]
    best = model(max(offered, key=lambda size: _accuracy(model(size), few, labels))).fit(few, labels)
    return lambda points: np.asarray(best.predict(reduced(points)), np.int64)


def _tree(depth: int) -> Any:
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(max_depth=depth, random_state=0)


def _neighbours(count: int) -> Any:
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(count, algorithm="brute")
