"""The explainer by nearest neighbours: it remembers every training point."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.explainers import Classifier, Floats
from core.explainers.components import reduction

NEIGHBOURS = (1, 3, 5, 9, 15)


def fit_nearest(inputs: Floats, labels: NDArray[np.bool_]) -> Classifier:
    """Return the majority of the k nearest training points of inputs (point, dim), with classes (point,).

    k has the best accuracy on the training points, each left out in turn; of equals, the least.
    """
    from sklearn.neighbors import NearestNeighbors

    reduced = reduction(inputs)
    counts = [k for k in NEIGHBOURS if k < len(inputs)]
    search = NearestNeighbors(n_neighbors=counts[-1], algorithm="brute").fit(reduced(inputs))
    others = labels[search.kneighbors(return_distance=False)]  # (point, neighbour), without the point itself
    best = max(counts, key=lambda k: float((majority(others[:, :k]) == labels).mean()))

    def classify(points: Floats) -> NDArray[np.bool_]:
        return majority(labels[search.kneighbors(reduced(points), best, return_distance=False)])

    return classify


def majority(votes: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whether most of the votes (point, voter) are for class +1; of an odd number, one side has most."""
    most: NDArray[np.bool_] = 2 * votes.sum(axis=1) > votes.shape[1]
    return most
