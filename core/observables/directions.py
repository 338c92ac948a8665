"""How many directions a network uses: clusters of its heavy units, and how their number grows with the data.

Maennel, Bousquet, Gelly 2018 (1803.08367) are reported to find that on MNIST the number of active neurons grows
sub-linearly with the training set; their threshold could not be read. Ours: of the units that hold 99 % of
sum |a| |v|, those of one sign within cos 0.99 are one direction.
"""

from __future__ import annotations

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
