"""Piecewise linear functions of one variable, exactly: what a ReLU network with one input is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.studies.kinks.theory.points import Floats

NO_KINK = 1e-12
"""A unit with |w| below this share of |(w, b)| has no kink: it is a constant."""


@dataclass(frozen=True, eq=False)
class PiecewiseLinear:
    """f(x) = offset + slope x + sum_k slope_jump_k relu(x - kink_k): slope is that left of all kinks."""

    kink: Floats  # (kink,), ascending
    slope_jump: Floats  # (kink,)
    slope: float
    offset: float

    def __call__(self, x: Floats) -> Floats:
        """Return f, shaped as x."""
        beyond = np.maximum(x[..., None] - self.kink, 0)  # (..., kink)
        return self.offset + self.slope * x + beyond @ self.slope_jump

    @property
    def last_slope(self) -> float:
        """The slope right of all kinks."""
        return self.slope + float(self.slope_jump.sum())


def network(w: Floats, b: Floats, a: Floats) -> PiecewiseLinear:
    """Return f(x) = sum_j a_j relu(w_j x + b_j), with every unit's kink -b/w.

    The slope jumps by a |w| whichever side is active; the side decides the affine part only. One weight that is not a
    number makes f not a number.

    Args:
        w, b, a: (unit,).
    """
    bends = np.abs(w) > NO_KINK * np.hypot(w, b)
    kink, jump = -b[bends] / w[bends], a[bends] * np.abs(w[bends])
    order = np.argsort(kink, kind="stable")
    leftward, constant = bends & (w < 0), np.where(np.isfinite(w), np.maximum(b, 0), np.nan)
    return PiecewiseLinear(
        kink=kink[order],
        slope_jump=jump[order],
        slope=float((a * w)[leftward].sum()),
        offset=float((a * b)[leftward].sum() + (a * constant)[~bends].sum()),
    )
