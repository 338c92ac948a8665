"""Rank correlations, also within groups, and what reshuffling makes of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
DRAWS = 1999


class RankCorrelation(NamedTuple):
    """A rank correlation beside what unrelated numbers show."""

    rho: float
    null_low: float
    null_high: float
    """The central 95 % of rho where one of the two is reshuffled within groups."""
    runs: int

    @property
    def sign(self) -> int:
        """1 or -1 where rho is outside of what reshuffling shows, 0 where it is not."""
        return int(self.rho > self.null_high) - int(self.rho < self.null_low)


def ranks(values: ArrayLike) -> Floats:
    """Return the rank of each value from 1 on, equal ones sharing the mean of their ranks, (value,)."""
    return np.asarray(pd.Series(np.asarray(values, np.float64)).rank(), np.float64)


def rank_correlation(x: ArrayLike, y: ArrayLike, group: ArrayLike | None = None) -> RankCorrelation:
    """Return Spearman's rho of two measurements of the same runs, over all of them or within groups.

    Within groups, values are ranked in each, and the ranks' distances from the group's mean are correlated over all:
    what differs between groups counts for nothing. The null is y reshuffled within groups, `DRAWS` times, the same ones
    every time. Runs that are alike by more than chance make rho vary by more than that: it is a test over these runs,
    and says nothing of other seeds.

    Args:
        x, y: (run,); runs where one is NaN are left out.
        group: (run,), any numbers that tell groups apart; by default all runs are one group.
    """
    a, b = np.asarray(x, np.float64), np.asarray(y, np.float64)
    who = np.zeros(len(a)) if group is None else np.asarray(group, np.float64)
    known = np.isfinite(a) & np.isfinite(b)
    a, b, who = a[known], b[known], who[known]
    groups = [np.flatnonzero(who == one) for one in np.unique(who)]
    u, v = np.zeros(len(a)), np.zeros(len(a))
    for own in groups:
        u[own], v[own] = (ranks(part[own]) - (len(own) + 1) / 2 for part in (a, b))
    size = np.sqrt((u @ u) * (v @ v))
    if not size > 0:
        return RankCorrelation(np.nan, np.nan, np.nan, len(a))
    rng, drawn = np.random.default_rng(0), np.zeros(DRAWS)
    for own in groups:
        drawn += rng.permuted(np.tile(v[own], (DRAWS, 1)), axis=1) @ u[own]
    low, high = np.quantile(drawn / size, [0.025, 0.975])
    return RankCorrelation(float(u @ v / size), float(low), float(high), len(a))
