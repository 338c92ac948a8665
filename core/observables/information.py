"""How much of a classifier's performance a simpler one explains: mu_Y(F; L) = I(F; Y) - I(F; Y | L), in bits.

Nakkiran et al. 2019 (1905.11604). F, L and Y are hard labels on the same test points; estimates are plain frequencies
of the 2 x 2 x 2 table. With this sign mu is the co-information (McGill's interaction information has the other sign);
it is symmetric in F, L and Y, blind to relabelling, and may be negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Information:
    """Bits, each with the leading axes of the tables; accuracy and explainer_accuracy are shares.

    mu_y_independent: mu_Y if F and L were conditionally independent given Y, with F's and L's own confusion tables:
    what two classifiers of these accuracies share without being related. explainer_information: I(L; Y), the most that
    L can explain. standard_error: of mu_y, over draws of the test set (delta method).
    """

    mutual_information: Floats
    conditional_information: Floats
    mu_y: Floats
    mu_y_independent: Floats
    explainer_information: Floats
    standard_error: Floats
    accuracy: Floats
    explainer_accuracy: Floats


def tables(
    predictions: NDArray[np.bool_], explainer: NDArray[np.bool_], labels: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Count (F, L, Y) over test points: predictions (..., point), the other two (point,) -> (..., 2, 2, 2)."""
    beside = 2 * explainer.astype(np.int64) + labels  # 0..3
    counts = np.zeros((*predictions.shape[:-1], 2, 4), np.int64)
    for code in range(4):
        these = predictions[..., beside == code]
        counts[..., 1, code] = these.sum(axis=-1)
        counts[..., 0, code] = these.shape[-1] - counts[..., 1, code]
    return counts.reshape(*predictions.shape[:-1], 2, 2, 2)


def information(counts: ArrayLike) -> Information:
    """Return the measures of tables (..., F, L, Y) of counts; no cell needs to be occupied."""
    p = np.asarray(counts, np.float64)
    total = p.sum(axis=(-3, -2, -1), keepdims=True)
    p = p / total
    f_l, f_y, l_y = p.sum(-1), p.sum(-2), p.sum(-3)
    f, el, y = f_y.sum(-1), l_y.sum(-1), l_y.sum(-2)
    mutual = _entropy(f, 1) + _entropy(y, 1) - _entropy(f_y, 2)
    explained = _entropy(el, 1) + _entropy(y, 1) - _entropy(l_y, 2)
    conditional = _entropy(f_l, 2) + _entropy(l_y, 2) - _entropy(el, 1) - _entropy(p, 3)
    # P_CI(f, l, y) = p(f, y) p(l, y) / p(y)
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.nan_to_num(f_y[..., :, None, :] * l_y[..., None, :, :] / y[..., None, None, :])
    apart_f_l = apart.sum(-1)
    independent = _entropy(apart_f_l.sum(-1), 1) + _entropy(apart_f_l.sum(-2), 1) - _entropy(apart_f_l, 2)
    return Information(
        mutual_information=mutual,
        conditional_information=conditional,
        mu_y=mutual - conditional,
        mu_y_independent=independent,
        explainer_information=explained,
        standard_error=_standard_error(p, total[..., 0, 0, 0]),
        accuracy=f_y[..., 0, 0] + f_y[..., 1, 1],
        explainer_accuracy=l_y[..., 0, 0] + l_y[..., 1, 1],
    )


def _entropy(p: Floats, axes: int) -> Floats:
    """Return the entropy in bits over the last `axes` axes, 0 log 0 = 0."""
    terms = np.where(p > 0, p * np.log2(np.where(p > 0, p, 1)), 0)
    entropy: Floats = -terms.sum(axis=tuple(range(-axes, 0)))
    return entropy


def _standard_error(p: Floats, total: Floats) -> Floats:
    """Return sd(m) / sqrt(N) with m = log2 p(fl)p(fy)p(ly) / (p(f)p(l)p(y)p(fly)), whose mean is mu."""

    def log(*axes: int) -> Any:
        marginal = p.sum(axis=axes, keepdims=True) if axes else p
        return np.log2(np.where(marginal > 0, marginal, 1))

    m = log(-1) + log(-2) + log(-3) - log(-2, -1) - log(-3, -1) - log(-3, -2) - log()
    mean = (p * m).sum(axis=(-3, -2, -1), keepdims=True)
    variance = (p * (m - mean) ** 2).sum(axis=(-3, -2, -1))
    error: Floats = np.sqrt(variance / total)
    return error
