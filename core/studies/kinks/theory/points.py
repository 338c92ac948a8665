"""Few points on a line: the data that the theory of kinks is about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

MOST_POINTS = 200
MAX_HEIGHT = 1e6
"""Largest |y|: the dynamics for c y is that for y with time c times faster, so larger values show nothing new."""

MIN_GAP = 1e-6
"""Least distance of two x in [-1, 1]: closer points give arcs of directions that float64 cannot tell apart."""


@dataclass(frozen=True, eq=False)
class Points:
    """Data on a line, in ascending x; arrays are read-only. Made by `on_line`, which checks it."""

    x: Floats  # (point,), in [-1, 1], all different
    y: Floats  # (point,)

    @property
    def inputs(self) -> Floats:
        """The points as a ReLU unit with a bias sees them, x~ = (x, 1): (point, 2)."""
        return np.column_stack([self.x, np.ones_like(self.x)])


def on_line(x: ArrayLike, y: ArrayLike) -> Points:
    """Return the points, sorted by x, as copies.

    Raises:
        ValueError: one sentence that says what is allowed and what came, for anything but 2 to 200 finite points whose
            x lie in [-1, 1] and differ by at least 1e-6, and whose |y| is at most 1e6.
    """
    here, height = _numbers("x", x), _numbers("y", y)
    if here.shape != height.shape:
        raise ValueError(f"x and y: equally many numbers each; {len(here)} and {len(height)} came.")
    if not 2 <= len(here) <= MOST_POINTS:
        raise ValueError(f"points: 2 to {MOST_POINTS}; {len(here)} came.")
    if np.abs(here).max() > 1:
        raise ValueError(f"x: within [-1, 1]; {here[np.abs(here).argmax()]:g} came.")
    if np.abs(height).max() > MAX_HEIGHT:
        raise ValueError(f"y: at most {MAX_HEIGHT:g} in size; {height[np.abs(height).argmax()]:g} came.")
    order = np.argsort(here, kind="stable")
    here, height = here[order], height[order]
    gaps = np.diff(here)
    if gaps.min() < MIN_GAP:
        first, second = here[gaps.argmin() : gaps.argmin() + 2]
        raise ValueError(f"x: all different, by at least {MIN_GAP:g}; {first:.9g} and {second:.9g} came.")
    for array in (here, height):
        array.flags.writeable = False
    return Points(here, height)


def _numbers(name: str, values: ArrayLike) -> Floats:
    """Return a fresh float64 array (point,), or raise ValueError."""
    try:
        found = np.array(values, np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: a list of numbers.") from error
    if found.ndim != 1:
        raise ValueError(f"{name}: a list of numbers; an array of {found.ndim} dimensions came.")
    if not np.isfinite(found).all():
        raise ValueError(f"{name}: finite numbers; {found[~np.isfinite(found)][0]} came.")
    return found
