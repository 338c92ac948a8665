"""How many directions a network uses: clusters of its heavy units, and how their number grows with the data.

Maennel, Bousquet, Gelly 2018 (1803.08367) are reported to find that on MNIST the number of active neurons grows
sub-linearly with the training set; their threshold could not be read. Ours: of the units that hold 99 % of
sum |a| |v|, those of one sign within cos 0.99 are one direction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

HEAVY_SHARE = 0.99
COSINE = 0.99
OTHER_COSINES = (0.95, 0.999)
"""Counts at these stand beside the count, for it depends on the threshold."""

NONE = -1
"""The group of a unit that is in none."""


@dataclass(frozen=True, eq=False)
class Groups:
    """Clusters of units by direction and sign, the one with the heaviest leader first."""

    leader: Integers  # (group,): the unit that the others are near to
    member: Integers  # (unit,): its group, or NONE
    mass: Floats  # (group,): sum of |a| |v|

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.leader)

    @property
    def effective(self) -> float:
        """1 / sum q^2 over the groups' shares q of the mass: a count that does not see small groups; 0 for none."""
        total = self.mass.sum()
        return float(total**2 / (self.mass**2).sum()) if total > 0 else 0.0


def heavy_units(radius: Floats, share: float = HEAVY_SHARE) -> Integers:
    """Return the fewest units that hold `share` of the sum of radius = |a| |v|, (unit,), the heaviest first."""
    order = np.argsort(-radius, kind="stable")
    held = np.cumsum(radius[order])
    if not held.size or not held[-1] > 0:
        return order[:0]
    return order[: int(np.searchsorted(held, share * held[-1])) + 1]


def cosines(vectors: Floats) -> Floats:
    """Return the cosine of every two vectors (unit, dim) as (unit, unit); 0 with a vector of length 0."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    units = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
    return np.asarray(units @ units.T)


def groups(
    alike: Floats, sign: NDArray[np.int8], radius: Floats, *, cosine: float = COSINE, share: float = HEAVY_SHARE
) -> Groups:
    """Cluster the heavy units: the heaviest leads, and takes all of its sign within `cosine`; so on with the rest.

    Args:
        alike: `cosines` of the units' v, (unit, unit).
        sign: of a, (unit,).
        radius: |a| |v|, (unit,).
        cosine: units of one group have a larger cosine with its leader.
        share: of the sum of radius, held by the units that are looked at.
    """
    left = heavy_units(radius, share)
    member = np.full(len(radius), NONE)
    leaders: list[int] = []
    masses: list[float] = []
    while len(left):
        near = (alike[left[0], left] > cosine) & (sign[left] == sign[left[0]])
        near[0] = True  # with itself, whatever rounding says
        member[left[near]] = len(leaders)
        leaders.append(left[0])
        masses.append(radius[left[near]].sum())
        left = left[~near]
    return Groups(np.array(leaders, np.int64), member, np.array(masses, np.float64))


@dataclass(frozen=True)
class PowerLaw:
    """count = prefactor * n^exponent; standard errors are NaN where there are none."""

    exponent: float
    standard_error: float
    prefactor: float
    bend: float
    """By how much the exponent rises when n doubles, as a parabola in ln n has it; a power law has 0."""
    bend_error: float

    @property
    def verdict(self) -> str:
        """What two standard errors leave of the question whether the growth is sub-linear, and of the power law."""
        reach = 2 * self.standard_error
        if not np.isfinite(reach):
            return "unknown"
        said = "linear within 2 s.e."
        if abs(self.exponent - 1) > reach:
            said = "sub-linear" if self.exponent < 1 else "super-linear"
        if np.isfinite(self.bend_error) and abs(self.bend) > max(2 * self.bend_error, 1e-6):
            return f"{said} on average, bending {'up' if self.bend > 0 else 'down'}"
        return said


def power_law(size: Sequence[float], count: Sequence[float], seed: Sequence[int]) -> PowerLaw | None:
    """Fit count ~ n^p by least squares on logarithms, over all runs; None with fewer than two sizes.

    With u = ln n - mean ln n and e the residuals, p = sum u ln count / sum u^2 and

        se^2 = S / (S - 1) sum over seeds (sum over the seed's runs u e)^2 / (sum u^2)^2

    for S seeds: runs of a seed share its weights and nested training sets, so seeds are what varies independently
    (clustered standard errors; Liang, Zeger 1986). Where every seed has every size this is the standard error of the
    mean of the seeds' own slopes. It does not say whether a power law fits; the bend of a parabola through the same
    points, with its error found alike, does.
    """
    n, c, who = np.asarray(size, np.float64), np.asarray(count, np.float64), np.asarray(seed)
    sizes = len(np.unique(n))
    if sizes < 2:
        return None
    u, y = np.log2(n) - np.log2(n).mean(), np.log2(c)
    line, line_error = _least_squares(np.stack([np.ones_like(u), u], 1), y, who)
    bend = bend_error = np.array([np.nan] * 3)
    if sizes > 2:
        bend, bend_error = _least_squares(np.stack([np.ones_like(u), u, u**2], 1), y, who)
    prefactor = 2.0 ** (line[0] - line[1] * np.log2(n).mean())
    # p at u is b1 + 2 b2 u: doubling n, a step of 1 in u, adds 2 b2.
    return PowerLaw(
        float(line[1]), float(line_error[1]), float(prefactor), float(2 * bend[2]), float(2 * bend_error[2])
    )


def _least_squares(columns: Floats, y: Floats, who: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return the coefficients of columns (run, k) and their errors clustered by `who`, (k,) each; NaN for one of it."""
    inverse = np.linalg.inv(columns.T @ columns)
    found = inverse @ columns.T @ y
    pulls = columns * (y - columns @ found)[:, None]
    sums = np.stack([pulls[who == one].sum(axis=0) for one in np.unique(who)])  # (seed, k)
    if len(sums) < 2:
        return found, np.full_like(found, np.nan)
    spread = inverse @ (sums.T @ sums) @ inverse
    return found, np.sqrt(len(sums) / (len(sums) - 1) * spread.diagonal().clip(min=0))
