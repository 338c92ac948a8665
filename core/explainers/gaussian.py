"""Gaussian explainers: every group of points is a Gaussian, and a point belongs to the likeliest.

With one covariance for all groups the decision boundary between two is linear (Fisher's discriminant, LDA), with
covariances of their own quadratic (QDA). Two groups are the two classes; more, ten digits say, are grouped into them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.datasets import DataError
from core.explainers import Classifier, Floats

SINGULAR = 1e-10
"""An eigenvalue below this share of the largest counts as zero."""


def fit_gaussian(
    inputs: Floats, groups: NDArray[np.int64], positive: tuple[int, ...], *, shrinkage: float
) -> Classifier:
    """Return the classifier that gives a point the class of the likeliest group, by prior and density.

    Args:
        inputs: the training points, (point, dim).
        groups: the group of each, (point,).
        positive: the groups that are class +1.
        shrinkage: the share s of the pooled covariance in that of each group, (1 - s) S_g + s S (Friedman 1989,
            regularized discriminant analysis); 1 gives LDA.

    Raises:
        DataError: a covariance is singular.
    """
    there = np.unique(groups)
    parts = [inputs[groups == group].astype(np.float64) for group in there]
    means = np.stack([part.mean(axis=0) for part in parts])
    scatter = np.stack([(part - mean).T @ (part - mean) for part, mean in zip(parts, means, strict=True)])
    counts = np.array([len(part) for part in parts])
    pooled = scatter.sum(axis=0) / len(inputs)
    own = (1 - shrinkage) * scatter / counts[:, None, None] + shrinkage * pooled
    values, vectors = np.linalg.eigh(own)  # (group, dim), (group, dim, dim)
    for group, spectrum in zip(there, values, strict=True):
        if spectrum[0] <= SINGULAR * spectrum[-1]:
            raise DataError(
                f"shrinkage: more, or fewer components: with {shrinkage:g} of the pooled covariance that of class "
                f"{group} is singular in {inputs.shape[1]} dimensions."
            )
    offset = np.log(counts / len(inputs)) - np.log(values).sum(axis=1) / 2
    whiten = vectors / np.sqrt(values)[:, None, :]
    answers = np.isin(there, positive)

    def classify(points: Floats) -> NDArray[np.bool_]:
        scores = [
            bias - (((points - mean) @ white) ** 2).sum(axis=1) / 2
            for bias, mean, white in zip(offset, means, whiten, strict=True)
        ]
        return np.asarray(answers[np.argmax(scores, axis=0)])

    return classify
