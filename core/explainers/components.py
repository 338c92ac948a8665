"""Fewer inputs: the principal components of a training set."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.explainers import Floats

MANY_INPUTS = 40
COMPONENTS = 30
"""So few of more than `MANY_INPUTS`. Nearest neighbours and small networks were no worse on 30 components than on 50 or
100 of MNIST and CIFAR-10, and much faster (measured); the quadratic classifier needs far fewer products than points."""

Reduction = Callable[[Floats], Floats]


def reduction(
    inputs: Floats, *, many: int = MANY_INPUTS, components: int = COMPONENTS, evened: bool = False
) -> Reduction:
    """Return what turns inputs (point, dim) into few: themselves if they are, else the first principal components.

    Args:
        inputs: the training inputs, whose components are taken, and no others'.
        many: up to so many inputs are few.
        components: how many are taken.
        evened: whether each component is divided by the root of its standard deviation on them. SGD is as fast as the
            largest allows; undivided, small networks on CIFAR-10 were 1 to 3 points worse, and divided by the whole
            standard deviation those on small digits were 1 to 2 points worse (measured).
    """
    if inputs.shape[1] <= many:
        return lambda points: points
    from sklearn.decomposition import PCA

    kept = PCA(min(components, len(inputs) - 1), random_state=0).fit(inputs)
    along = kept.components_.T.astype(np.float32)  # (dim, component)
    if evened:
        deviation = ((inputs - kept.mean_) @ along).std(axis=0)
        along = along / np.sqrt(np.maximum(deviation, 1e-3 * deviation.max()))  # points may repeat
    return lambda points: (points - kept.mean_) @ along
