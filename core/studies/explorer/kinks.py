"""What kinks do: how far the switching points of ReLU units move along the data line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def displacement(position: Floats) -> Floats:
    """Return the median distance of each run's kinks from where they began, in units of their initial spread.

    Args:
        position: (snapshot, run, neuron), s on the data line; NaN where a unit never switches.

    Returns:
        (snapshot, run): median |s - s(0)| over units, divided by the interquartile range of the run's s(0). A median
        and an interquartile range, since switching points of Gaussian weights have the heavy tails of a Cauchy law.
        NaN where no unit switches, and with one unit alone, whose kink has no spread.
    """
    moved = np.abs(position - position[:1])
    first = position[0]  # (run, neuron)
    with np.errstate(invalid="ignore", divide="ignore"):
        low, high = _quantiles(first, (0.25, 0.75))
        (middle,) = _quantiles(moved, (0.5,))
        spread = np.where(high > low, high - low, np.nan)
        share: Floats = (middle / spread).astype(np.float32)
    return share


def _quantiles(values: Floats, shares: tuple[float, ...]) -> list[Floats]:
    """Return quantiles over the last axis, NaN left out, NaN (and no warning) where nothing else is there."""
    ordered = np.sort(values, axis=-1)  # NaN last
    count = np.isfinite(ordered).sum(axis=-1)
    found = []
    for share in shares:
        place = np.clip(share * (count - 1), 0, None)
        below = np.floor(place).astype(int)
        above = np.minimum(below + 1, np.clip(count - 1, 0, None))
        lower = np.take_along_axis(ordered, below[..., None], -1)[..., 0]
        upper = np.take_along_axis(ordered, above[..., None], -1)[..., 0]
        found.append(lower + (upper - lower) * (place - below))
    return found
