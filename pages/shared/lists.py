"""Lists of numbers as text fields and links have them."""

from __future__ import annotations

import numpy as np

from core.values import log2_grid


def listed(value: object) -> str:
    """Return a field's value as a link and a text field have it: an even grid of powers of two by its ends."""
    if not isinstance(value, tuple):
        return str(value)
    if len(value) > 2 and all(isinstance(part, float) and part > 0 for part in value):
        low, high = (round(float(np.log2(end)), 2) for end in (value[0], value[-1]))
        if log2_grid(low, high, len(value)) == value:
            return f"2^{low:g}..2^{high:g}/{len(value)}"
    return ",".join(number_text(part) for part in value)


def number_text(value: float) -> str:
    """Return a number, a power of two as such where that is shorter to read, from which it comes back exactly."""
    power = round(float(np.log2(value)), 2) if value > 0 else 0.0
    if isinstance(value, float) and not 1 <= value <= 1024 and 2.0**power == value:
        return f"2^{power:g}"
    return str(int(value)) if value == int(value) else repr(value)
