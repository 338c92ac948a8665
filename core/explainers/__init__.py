"""Simpler classifiers G that a network F is compared with (Nakkiran et al. 2019, 1905.11604, conjecture 1).

Names and titles cost nothing to import; scikit-learn and torch are imported when the first explainer is fitted.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.explainers.names import FITTED, available

__all__ = ["FITTED", "Classifier", "available", "constant", "fit"]

Floats = NDArray[np.float32]
Classifier = Callable[[Floats], NDArray[np.bool_]]
"""From inputs (point, dim) to whether each is put in class +1, (point,)."""


def constant(answer: bool) -> Classifier:
    """Return the classifier that gives the same answer everywhere."""
    return lambda inputs: np.full(len(inputs), answer)


def fit(name: str, dataset: str, inputs: Floats, labels: Floats, *, seed: int, device: str = "cpu") -> Classifier:
    """Return an explainer fitted to training points, inputs (point, dim) and labels (point,) in {-1, +1}.

    Same arguments, same predictions. Where all labels are one class, the answer is that class. `seed` draws the
    networks' weights and batches, none that a network under study could have; on `device` only the convolutional ones
    are trained, the others are fitted on the processor.

    Raises:
        ValueError: no explainer has this name, or it needs images and the data set has none.
    """
    if name not in FITTED:
        raise ValueError(f"explainer: one of {', '.join(FITTED)}; {name!r} came.")
    if name not in available(dataset):
        raise ValueError(f"explainer: one of {', '.join(available(dataset))}, as {dataset} has no images; {name} came.")
    positive = labels > 0
    if positive.all() or not positive.any():
        return constant(bool(positive[0]))
    return _fit(name, dataset, inputs, labels, seed, device)


def _fit(name: str, dataset: str, inputs: Floats, labels: Floats, seed: int, device: str) -> Classifier:
    family, _, size = name.partition("_")
    if family == "mlp":
        from core.explainers.multilayer import fit_multilayer

        return fit_multilayer(inputs, labels, width=int(size), seed=seed)
    if family == "cnn":
        from core.explainers.convolutional import fit_convolutional

        return fit_convolutional(dataset, inputs, labels, depth=int(size), seed=seed, device=device)
    from core.explainers import linear, nearest, quadratic, tree

    families = {
        "linear": linear.fit_linear,
        "quadratic": quadratic.fit_quadratic,
        "tree": tree.fit_tree,
        "nearest": nearest.fit_nearest,
    }
    return families[family](inputs, labels > 0)
