"""Whether any of several settings changes a measurement: one permutation test for all of them together.

Each seed was measured at every setting. If the setting does nothing, a seed's numbers could stand in any order, so the
largest change that chance makes is what reshuffled numbers show (Westfall, Young 1993: the maximum over all settings
keeps the family-wise error). Seeds keep their own level, and settings of few seeds are no easier to single out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DRAWS = 1999
"""Reshufflings; the smallest p is one over this and one."""


@dataclass(frozen=True)
class Change:
    """The setting that differs most from the reference."""

    place: int
    difference: float
    """Its mean over seeds less that of the reference."""
    p: float
    """How often reshuffled numbers show so large a difference anywhere."""


def largest_change(values: Floats, reference: int, *, side: int = 0, draws: int = DRAWS) -> Change | None:
    """Return the setting whose mean over seeds differs most from that of the reference, None where none is known.

    Args:
        values: (seed, setting); NaN where a seed has no number there.
        reference: the setting that the others are compared with.
        side: 1 or -1 for larger or smaller means only, 0 for both.
        draws: how many reshufflings, the same ones every time.

    A seed without a number at the reference takes part where it has others. With few seeds and settings no difference
    is rare: one seed at two settings has p = 1.
    """
    seeds, settings = values.shape
    others = np.arange(settings) != reference
    known = np.isfinite(values)
    if not known[:, reference].any() or not known[:, others].any():
        return None
    count = np.where(known.any(axis=0), known.sum(axis=0), np.nan)

    def differences(of: Floats) -> Floats:
        mean = np.where(known, of, 0).sum(axis=-2) / count  # (..., setting)
        away: Floats = np.where(others, mean - mean[..., [reference]], np.nan)
        return away

    def size(away: Floats) -> Floats:
        found: Floats = np.where(np.isfinite(away), np.abs(away) if not side else side * away, -np.inf)
        return found

    away = differences(values)
    place = int(size(away).argmax())
    rng = np.random.default_rng(0)
    shuffled = np.full((draws, seeds, settings), np.nan)
    for seed in range(seeds):
        own = values[seed, known[seed]]
        shuffled[:, seed, known[seed]] = rng.permuted(np.tile(own, (draws, 1)), axis=1)
    reached = size(differences(shuffled)).max(axis=-1) >= size(away)[place] - 1e-12
    return Change(place, float(away[place]), float((1 + reached.sum()) / (draws + 1)))
