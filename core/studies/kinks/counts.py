"""How many kinks, and are they on the data: measures of neurons (or of a limit's units) on a line.

All take each unit's kink -b/w and slope jump a |w|, and weigh it by |a w|. Kinks outside the range, and units without
one (not finite), do not count: there they change the affine part only. Definitions and thresholds are ours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BINS = 200
KEPT_MASS = 0.995
"""Clusters are made of the heaviest units that hold this share of sum |a w|."""

GAP = 0.02
"""Clusters are told apart by gaps over this share of the range: more than gradient descent chatters about a point, by
an angle of up to learning rate times |r_i| |x~_i| / K."""

WIDEST = 0.04
"""A cluster is at most so wide, as a share of the range."""

LEAST_MASS = 0.01
"""A cluster under this share of sum |a w|, or whose signed sum is under this share of all signed sums, is no kink."""

BENDING = 1e-3
"""A position at which f bends by this share of all its bends counts towards 2K + 1."""

MERGED = 5e-3
"""Kinks within this share of the range are one position; `OTHER_MERGED` says what the choice matters."""

OTHER_MERGED = (1e-3, 1e-2)

CANCELLED = 1e-9
"""A signed sum under this share of its units' |a w| is rounding: they cancel."""

ON_POINT = 0.02
"""A kink this near to a point's x is on it."""


def effective_number(kink: Floats, slope_jump: Floats, low: float, high: float) -> Floats:
    """Return N_eff = 1 / sum q^2 for the shares q of |a w| in bins of a 200th of [low, high]; 0 where there is no kink.

    Between 1 (all in one bin) and 201. Better than counts of clusters, of which a lazy continuum makes few. Bins are
    centred on multiples of their width from `low`, so that kinks on evenly spaced data lie in the middle of one: on a
    border the least chatter would count them twice.

    Args:
        kink: (..., unit); not finite where a unit has none.
        slope_jump: (..., unit).
        low, high: the range, in units of x.

    Returns:
        (...).

    Raises:
        ValueError: unless low < high.
    """
    weight, inside = _weights(kink, slope_jump, low, high)
    place = np.where(inside, (kink - low) / (high - low) * BINS + 0.5, 0).astype(np.intp)
    shape = weight.shape[:-1]
    bin_of = place + (BINS + 1) * np.arange(math.prod(shape)).reshape(*shape, 1)
    mass = np.bincount(bin_of.ravel(), weight.ravel(), (BINS + 1) * math.prod(shape)).reshape(*shape, BINS + 1)
    total = mass.sum(-1, keepdims=True)
    share = np.divide(mass, total, out=np.zeros(mass.shape), where=total != 0)  # else tiny squares vanish
    squares = (share**2).sum(-1)
    number: Floats = np.divide(1, squares, out=np.zeros_like(squares), where=squares != 0)
    return number


@dataclass(frozen=True, eq=False)
class Clusters:
    """Distinct kinks, in ascending position; each array is (cluster,)."""

    position: Floats  # mean kink, weighted by |a w|
    slope_jump: Floats  # sum a |w|; near 0 for a pair that cancels, which is no kink of f
    mass: Floats  # sum |a w|
    bends: NDArray[np.bool_]  # |slope_jump| is at least 1 % of all of them together: a kink of f

    @property
    def count(self) -> int:
        """How many kinks f has."""
        return int(self.bends.sum())


def distinct_kinks(kink: Floats, slope_jump: Floats, low: float, high: float) -> Clusters:
    """Return the clusters of kinks in [low, high], for arrays (unit,).

    The heaviest units with 99.5 % of sum |a w|, split where neighbours are more than 2 % of the range apart, and cut
    into pieces of 4 % where they are a continuum (the kinks of a lazy network would else be a single one); clusters
    under 1 % of the mass are dropped. Raises ValueError unless low < high.
    """
    weight, _ = _weights(kink, slope_jump, low, high)
    total = weight.sum()
    heavy = np.argsort(-weight, kind="stable")
    before = np.concatenate([[0.0], np.cumsum(weight[heavy])[:-1]])
    kept = heavy[(before < KEPT_MASS * total) & (weight[heavy] > 0)]
    if not len(kept):
        none = np.zeros(0)
        return Clusters(none, none, none, np.zeros(0, np.bool_))
    kept = kept[np.argsort(kink[kept], kind="stable")]
    here, mass = kink[kept], weight[kept]
    group = np.cumsum(np.diff(here, prepend=here[0]) > GAP * (high - low))
    start = here[np.searchsorted(group, group)]  # of its group
    piece = ((here - start) / (WIDEST * (high - low))).astype(np.intp)
    first = np.flatnonzero((np.diff(group, prepend=-1) != 0) | (np.diff(piece, prepend=-1) != 0))
    sums, signed = np.add.reduceat(mass, first), np.add.reduceat(slope_jump[kept], first)
    large = sums >= LEAST_MASS * total
    return Clusters(
        position=(np.add.reduceat(here * mass, first) / sums)[large],
        slope_jump=signed[large],
        mass=sums[large],
        bends=((np.abs(signed) >= LEAST_MASS * np.abs(signed).sum()) & (np.abs(signed) > CANCELLED * sums))[large],
    )


def bending_kinks(
    kink: Floats, slope_jump: Floats, low: float, high: float, *, share: float = BENDING, merged: float = MERGED
) -> int:
    """Return at how many positions in [low, high] f bends by `share` of all its bends, or more.

    From the left, kinks within `merged` of the range of the first of them are one position, whose bend is the sum of
    their slope jumps; all bends are the sum of these sums' sizes. Unlike `distinct_kinks` this has no ceiling that a
    bound such as 2K + 1 could hide behind: a lazy network has as many positions as `merged` tells apart.

    Args:
        kink: (unit,); not finite where a unit has none.
        slope_jump: (unit,).
        low, high: the range, in units of x (else ValueError unless low < high).
        share: of the sum of all bends.
        merged: share of the range; 0 keeps every unit apart.
    """
    _, inside = _weights(kink, slope_jump, low, high)
    order = np.argsort(kink[inside], kind="stable")
    here, jump = kink[inside][order], slope_jump[inside][order]
    first: list[int] = []
    for place, position in enumerate(here):
        if not first or position - here[first[-1]] > merged * (high - low):
            first.append(place)
    bends = np.abs(np.add.reduceat(jump, first)) if first else np.zeros(0)
    return int((bends >= share * bends.sum()).sum()) if bends.sum() > 0 else 0


def share_on_points(kink: Floats, slope_jump: Floats, x: Floats) -> float:
    """Return the share of |a w| within 0.02 of a point, of all in the data's range; NaN where there is no kink.

    Args:
        kink: (unit,).
        slope_jump: (unit,).
        x: (point,), two different ones at least (else ValueError).
    """
    weight, inside = _weights(kink, slope_jump, float(x.min()), float(x.max()))
    total = weight.sum()
    if not total > 0:
        return float("nan")
    near = np.abs(kink[inside, None] - x).min(axis=1) <= ON_POINT
    return float(weight[inside][near].sum() / total)


@dataclass(frozen=True)
class Places:
    """Shares of |a w| by where its kinks lie: of all in the data's range; NaN where there is none."""

    on_points: float  # within 0.02 of a point
    on_kinks: float  # elsewhere, at a position that several units share
    alone: float


def places(kink: Floats, slope_jump: Floats, x: Floats, merged: float = OTHER_MERGED[0]) -> Places:
    """Return where the kinks lie: on points, off them on each other, or alone.

    From the left, kinks within `merged` of the range of the first of them are one position. Units share it if two or
    more have 1 % of its |a w| each, and the position 1 % of all.

    Args:
        kink: (unit,); not finite where a unit has none.
        slope_jump: (unit,).
        x: (point,), two different ones at least (else ValueError).
        merged: share of the range.
    """
    low, high = float(x.min()), float(x.max())
    weight, inside = _weights(kink, slope_jump, low, high)
    kept = np.flatnonzero(inside & (weight > 0))
    if not len(kept):
        return Places(np.nan, np.nan, np.nan)
    kept = kept[np.argsort(kink[kept], kind="stable")]
    here, mass = kink[kept], weight[kept]
    on = np.abs(here[:, None] - x).min(axis=1) <= ON_POINT
    position, first = np.zeros(len(here), np.intp), here[0]
    for place in range(1, len(here)):
        apart = here[place] - first > merged * (high - low)
        first = here[place] if apart else first
        position[place] = position[place - 1] + apart
    held = np.bincount(position, mass)
    counted = mass >= LEAST_MASS * held[position]
    several = (np.bincount(position, counted) >= 2) & (held >= LEAST_MASS * held.sum())
    shared = several[position] & ~on
    total = mass.sum()
    return Places(
        *(float(mass[where].sum() / total) for where in (on, shared, ~on & ~shared)),
    )


def places_by_chance(slope_jump: Floats, began: Floats, x: Floats, draws: int = 50) -> Places:
    """Return the mean of `places` if units had kinks drawn from those of an initialization, `began` (unit,).

    Each unit keeps its weight, so that units which are heavy together by nothing but their kinks are told from those
    whose kinks came together. Drawn by one fixed generator: the same arguments give the same numbers.
    """
    known = began[np.isfinite(began)]
    if not len(known):
        return Places(np.nan, np.nan, np.nan)
    random = np.random.default_rng(0)
    found = [places(random.choice(known, len(slope_jump)), slope_jump, x) for _ in range(draws)]
    kinds = np.array([(one.on_points, one.on_kinks, one.alone) for one in found])
    kinds = kinds[np.isfinite(kinds).all(axis=1)]
    return Places(*(kinds.mean(axis=0).tolist() if len(kinds) else (np.nan, np.nan, np.nan)))


def _weights(kink: Floats, slope_jump: Floats, low: float, high: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Return |a w| with 0 outside [low, high], and which kinks are inside."""
    if not low < high:
        raise ValueError(f"range: low below high; {low:g} and {high:g} came.")
    inside = (kink >= low) & (kink <= high)  # false for NaN
    return np.where(inside, np.abs(slope_jump), 0.0), inside
