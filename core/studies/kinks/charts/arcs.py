"""The arcs of directions (w, b) = (cos theta, sin theta) in which the same points are active, and their labels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.figure.figure import Rows
from core.figure.powers import raised
from core.figure.rows import listed

CROWDED = 0.2
"""Labels on the rim of the circle are at least so many radians apart."""


def boundaries(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the angles at which a kink lies on a point, (2K,): w > 0 at -arctan x, w < 0 half a turn on."""
    return np.concatenate([-np.arctan(x), np.pi - np.arctan(x)])


def spaced(angles: NDArray[np.float64], widths: NDArray[np.float64]) -> set[int]:
    """Return which of sorted angles keep a label, both ends first, when labels of these widths must not meet."""
    kept = [0, len(angles) - 1]
    for i in range(1, len(angles) - 1):
        if all(abs(angles[i] - angles[j]) >= (widths[i] + widths[j]) / 2 for j in kept):
            kept.append(i)
    return set(kept)


def signed(number: float) -> str:
    """Return a short number with a proper minus."""
    return f"{number:.2g}".replace("-", "−")


def rim_rows(x: NDArray[np.float64]) -> Rows:
    """Return the rays and words on the rim; labels of points give way where they would crowd."""
    labels = [signed(place) for place in x.tolist()]
    shown = spaced(-np.arctan(x), np.full(len(x), CROWDED))
    rays = [
        {"angle": round(float(angle), 4), "ray": True, "label": labels[i % len(x)] if i % len(x) in shown else ""}
        for i, angle in enumerate(boundaries(x))
    ]
    between = (np.pi - np.arctan(x[0]) - np.arctan(x[-1])) / 2
    names = ((between, "all active"), (between + np.pi, "inactive"))
    return [*rays, *({"angle": round(float(angle), 4), "ray": False, "label": name} for angle, name in names)]


def dead_outline(x: NDArray[np.float64], hole: float) -> Rows:
    """Return the outline of the arc where no point is active.

    It goes from pi - arctan(x_min) to the turn's end, and on to -arctan(x_max).
    """
    turn = np.linspace(np.pi - np.arctan(x[0]), 2 * np.pi - np.arctan(x[-1]), 24)
    rim = np.stack([np.cos(turn), np.sin(turn)])  # (2, place)
    outline = np.concatenate([rim, hole * rim[:, ::-1]], axis=1)
    return [{"x": a, "y": b, "i": i} for i, (a, b) in enumerate(zip(*listed(outline), strict=True))]


def ring_rows(low: float, high: float, hole: float) -> Rows:
    """Return rings at whole decades of log10 radius, four at most, and both borders, drawn at `hole` and 1."""
    first, last = int(np.ceil(low)), int(np.floor(high))
    every = max(1, int(np.ceil((last - first + 1) / 4)))
    decades = range(last, first - 1, -every)
    rings = [
        {"rho": round(hole + (1 - hole) * (power - low) / (high - low), 4), "label": f"10{raised(power)}"}
        for power in decades
    ]
    return [*rings, {"rho": hole, "label": ""}, {"rho": 1.0, "label": ""}]
