"""Linearised networks in training: kernel machines on the tangent kernel at initialization.

With F = grad f(w0, x) . (w - w0) a step of SGD adds learning rate / B * y_i grad f(w0, x_i) to w for every point of the
batch that is short of its margin. So w - w0 = sum_i c_i y_i grad f(w0, x_i), and all that is seen of it follows from
the tangent kernel K at initialization, exactly: F(x) = sum_i c_i y_i K(x, x_i) and
|w - w0|^2 = sum_ij c_i y_i K_ij y_j c_j.

With the margin and the learning rate c grows in proportion, and no step changes: alpha F and alpha (w - w0) depend on
alpha and the learning rate by their product alone. One machine of margin 1 is the linearisation of all runs that share
it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

MARGIN = 1.0


@dataclass(frozen=True)
class Machines:
    """Machines that still train; `advance` changes them in place."""

    kernel: Floats  # (point, point): y_i K_ij y_j of the training points
    number: Whole  # (machine,), ascending
    rate: Floats  # (machine, 1): alpha times learning rate / batch size
    margin: Floats  # (machine, point): alpha y F
    weight: Floats  # (machine, point): alpha c
    last_update: Whole  # (machine,): the last step that moved it

    @classmethod
    def of(cls, kernel: Floats, rates: Floats) -> Self:
        """Return the untrained machines with the product of output scale and learning rate / batch size of each."""
        machines, points = len(rates), len(kernel)
        return cls(
            kernel=kernel,
            number=np.arange(machines),
            rate=rates[:, None],
            margin=np.zeros((machines, points)),
            weight=np.zeros((machines, points)),
            last_update=np.zeros(machines, np.int64),
        )

    def advance(self, batches: Whole, step: int) -> None:
        """Take a step on each batch (step, batch) of training rows, after `step` steps."""
        for now, batch in enumerate(batches, step + 1):
            short = self.margin[:, batch] < MARGIN  # (machine, batch)
            if short.any():
                push = self.rate * short
                self.margin[:] += push @ self.kernel[batch]
                self.weight[:, batch] += push  # no point is twice in a batch
                self.last_update[short.any(axis=1)] = now

    @property
    def fitted(self) -> NDArray[np.bool_]:
        """Whether every training point has its margin, (machine,)."""
        return np.asarray((self.margin >= MARGIN).all(axis=1))

    @property
    def size(self) -> Floats:
        """alpha |w - w0|, (machine,)."""
        squared: Floats = ((self.weight @ self.kernel) * self.weight).sum(axis=1)
        return np.sqrt(np.maximum(squared, 0))

    def take(self, chosen: NDArray[np.bool_]) -> Self:
        """Return the machines where `chosen` is true."""
        names = ("number", "rate", "margin", "weight", "last_update")
        return replace(self, **{name: getattr(self, name)[chosen] for name in names})


def shared(products: Floats) -> tuple[Floats, Whole]:
    """Return the different ones of some products, rounding aside, and the number of each one's machine.

    Args:
        products: (run,), output scale times learning rate / batch size.
    """
    _, first, number = np.unique(np.round(np.log2(products), 9), return_index=True, return_inverse=True)
    return products[first], number.reshape(-1)  # NumPy 2.0 has it of the shape of what came in
