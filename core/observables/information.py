"""How much of a classifier's performance a simpler one explains: mu_Y(F; L) = I(F; Y) - I(F; Y | L), in bits.

Nakkiran et al. 2019 (1905.11604). F, L and Y are hard labels of any number K of classes on the same test points;
estimates are plain frequencies of the K x K x K table. With this sign mu is the co-information (McGill's interaction
information has the other sign); it is symmetric in F, L and Y, blind to relabelling, and may be negative.

Every quantity is the mean of the logarithm of a ratio of counts, in which 0 log 0 = 0: what is constant, or equal to
something else, gives exactly 0. A table without points gives NaN: nothing is known then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.observables.contingency import tables

__all__ = ["Information", "bounds", "information", "mutual_and_conditional", "tables"]

Floats = NDArray[np.float64]

CELLS = (0, 1, 2)  # inside this module the axes (F, L, Y) come first and those of the tables after them: sums over a
# leading axis run along memory


@dataclass(frozen=True)
class Information:
    """Bits, each with the leading axes of the tables; accuracy, explainer_accuracy and agreement are shares.

    mu_y_independent: mu_Y if F and L were conditionally independent given Y, with F's and L's own confusion tables:
    what two classifiers of these accuracies share without being related. explainer_information: I(L; Y), the most that
    L can explain. agreement: P(F = L). standard_error: of mu_y, over draws of the test set (delta method); the other
    two errors are of the two terms of mu_y. They say nothing about other training seeds, and are too small where a term
    is not far above `noise_floor`, which is the scale there.
    """

    mutual_information: Floats
    conditional_information: Floats
    mu_y: Floats
    mu_y_independent: Floats
    explainer_information: Floats
    standard_error: Floats
    mutual_information_error: Floats
    conditional_information_error: Floats
    accuracy: Floats
    explainer_accuracy: Floats
    agreement: Floats


def information(counts: ArrayLike, *, miller_madow: bool = False) -> Information:
    """Return the measures of tables (..., F, L, Y) of counts; no cell needs to be occupied.

    Plain frequencies overestimate I(F; Y) by (K-1)^2 / (2 N ln 2) and I(F; Y | L) by K times that, and so underestimate
    mu_y. `miller_madow` subtracts what the occupied cells say of it (Miller 1955, for entropies) from all but
    mu_y_independent, whose three terms are not entropies of the sample; it needs counts, not shares.
    """
    cells = _Cells(counts)
    pointwise, beyond = cells.mutual(), cells.conditional()
    mutual, conditional, explained = cells.mean(pointwise), cells.mean(beyond), cells.mean(cells.explained())
    if miller_madow:
        mutual, conditional = mutual - cells.mutual_bias(), conditional - cells.conditional_bias()
        explained = explained - cells.explained_bias()
    return Information(
        mutual_information=mutual,
        conditional_information=conditional,
        mu_y=mutual - conditional,
        mu_y_independent=cells.independent(),
        explainer_information=explained,
        standard_error=cells.error(pointwise - beyond),
        mutual_information_error=cells.error(pointwise),
        conditional_information_error=cells.error(beyond),
        accuracy=np.einsum("fly...,fy->...", cells.p, np.eye(len(cells.p))),
        explainer_accuracy=np.einsum("fly...,ly->...", cells.p, np.eye(len(cells.p))),
        agreement=np.einsum("fly...,fl->...", cells.p, np.eye(len(cells.p))),
    )


def mutual_and_conditional(counts: ArrayLike) -> tuple[Floats, Floats]:
    """Return I(F; Y) and I(F; Y | L) of tables (..., F, L, Y); mu_y is their difference."""
    cells = _Cells(counts)
    return cells.mean(cells.mutual()), cells.mean(cells.conditional())


def bounds(counts: ArrayLike) -> tuple[Floats, Floats]:
    """Return the least and the most that mu_y could be by its own three forms.

    -min(I(F;Y|L), I(L;Y|F), I(F;L|Y)) <= mu_y <= min(I(F;Y), I(L;Y), I(F;L)), tables (..., F, L, Y).
    """
    table = np.asarray(counts)
    turned = (table, np.swapaxes(table, -3, -2), np.swapaxes(table, -2, -1))  # given L, given F, given Y
    mutual, conditional = zip(*(mutual_and_conditional(part) for part in turned), strict=True)
    return -np.minimum.reduce(conditional), np.minimum.reduce(mutual)


class _Cells:
    """Tables with their marginals, (F, L, Y, ...), a summed axis kept with length 1.

    Counts are whole numbers, so that the ratio of two equal products of marginals is exactly 1.
    """

    def __init__(self, counts: ArrayLike) -> None:
        table = np.asarray(counts, np.float64)
        if table.ndim < 3 or not table.shape[-3] == table.shape[-2] == table.shape[-1] >= 2:
            raise ValueError(f"counts: tables (..., F, L, Y) with as many classes on each axis; got {table.shape}.")
        if (table < 0).any():
            raise ValueError(f"counts: none below 0; got {table.min():g}.")
        self.fly = c = np.ascontiguousarray(np.moveaxis(table, (-3, -2, -1), CELLS))
        self.f_l, self.f_y, self.l_y = (c.sum(axis=axis, keepdims=True) for axis in (2, 1, 0))
        self.f, self.l, self.y = _summed(self.f_y, 2), _summed(self.f_l, 0), _summed(self.f_y, 0)
        total = _summed(self.f, 0)
        self.total = np.where(total > 0, total, np.nan)
        self.p = c / self.total

    def mutual(self) -> Floats:
        """Return log2 p(f,y) / (p(f) p(y)), whose mean is I(F; Y)."""
        return _log2_ratio(self.f_y * self.total, self.f * self.y)

    def explained(self) -> Floats:
        """Return log2 p(l,y) / (p(l) p(y)), whose mean is I(L; Y)."""
        return _log2_ratio(self.l_y * self.total, self.l * self.y)

    def conditional(self) -> Floats:
        """Return log2 p(f,l,y) p(l) / (p(f,l) p(l,y)), whose mean is I(F; Y | L)."""
        return _log2_ratio(self.fly * self.l, self.f_l * self.l_y)

    def independent(self) -> Floats:
        """Return mu_Y of P(f,l,y) = p(f,y) p(l,y) / p(y), which is its I(F; L)."""
        apart = np.divide(self.f_y * self.l_y, self.y, out=np.zeros_like(self.fly), where=self.y > 0)
        f_l = _summed(apart, 2)
        f, el = _summed(f_l, 1), _summed(f_l, 0)
        total = _summed(f, 0)
        with np.errstate(invalid="ignore"):  # no points: 0 / 0
            mean: Floats = (f_l / total * _log2_ratio(f_l * total, f * el)).sum(axis=CELLS)
        return mean

    def mean(self, values: Floats) -> Floats:
        """Return the mean over points of a value a cell."""
        mean: Floats = (self.p * values).sum(axis=CELLS)
        return mean

    def error(self, values: Floats) -> Floats:
        """Return the standard error of `mean`: sd / sqrt(N). To first order it is that of the information, too."""
        variance = (self.p * (values - self.mean(values)) ** 2).sum(axis=CELLS)
        error: Floats = np.sqrt(variance / self.total[0, 0, 0])
        return error

    def mutual_bias(self) -> Floats:
        """Return the Miller-Madow bias of I(F; Y)."""
        return self._bias(_occupied(self.f_y) - _occupied(self.f) - _occupied(self.y) + 1)

    def explained_bias(self) -> Floats:
        """Return the Miller-Madow bias of I(L; Y)."""
        return self._bias(_occupied(self.l_y) - _occupied(self.l) - _occupied(self.y) + 1)

    def conditional_bias(self) -> Floats:
        """Return the Miller-Madow bias of I(F; Y | L)."""
        return self._bias(_occupied(self.fly) - _occupied(self.f_l) - _occupied(self.l_y) + _occupied(self.l))

    def _bias(self, cells: Any) -> Floats:
        bias: Floats = cells / (2 * np.log(2) * self.total[0, 0, 0])
        return bias


def _summed(cells: Floats, axis: int) -> Floats:
    total: Floats = cells.sum(axis=axis, keepdims=True)
    return total


def _occupied(cells: Floats) -> Any:
    return (cells > 0).sum(axis=CELLS)


def _log2_ratio(above: Floats, below: Floats) -> Floats:
    """Return log2(above / below), and 0 where `above` is 0: such a cell has no weight."""
    ratio = np.divide(above, below, out=np.ones(np.broadcast_shapes(above.shape, below.shape)), where=above > 0)
    logarithm: Floats = np.log2(ratio)
    return logarithm
