"""A line with room for what lies far off: beyond either end, positions are squeezed into a narrow gutter.

A kink -b/w runs to infinity as w passes 0 and comes back on the other side. Inside [x_low, x_high] the axis is linear;
a kink u ranges further out stands at the share u / (1 + u) of the gutter, and one at infinity on the outer edge.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

GUTTER = 0.06
"""Width of either gutter, in ranges."""

DEFAULTS = {"x_min": -1.4, "x_low": -1.25, "x_high": 1.25, "x_max": 1.4}
"""The params a chart needs: outer edges, and the inner range."""


def edges(low: float, high: float) -> dict[str, float]:
    """Return the values of the params for the inner range [low, high]."""
    room = GUTTER * (high - low)
    return {"x_min": round(low - room, 4), "x_low": low, "x_high": high, "x_max": round(high + room, 4)}


def squeezed(position: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    """Return where positions are drawn, of the same shape; infinity is on an outer edge, NaN stays."""
    span = high - low
    inside = np.clip(position, low, high)
    with np.errstate(invalid="ignore"):
        out = (position - inside) / span
        share = np.where(np.isinf(out), np.sign(out), out / (1 + np.abs(out)))
    return np.asarray(inside + GUTTER * span * share)


def squeeze(position: str) -> str:
    """Return `squeezed` as a Vega expression of the params, for a position that is a field's expression."""
    span = "(x_high - x_low)"
    left, right = f"(x_low - {position})", f"({position} - x_high)"
    return (
        f"{position} < x_low ? x_low - (x_low - x_min) * {left} / ({span} + {left})"
        f" : {position} > x_high ? x_high + (x_max - x_high) * {right} / ({span} + {right}) : {position}"
    )
