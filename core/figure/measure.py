"""Quantities that colour a plane: how they are called, and the ends of their colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.figure.rows import Floats, short

Place = tuple[float, float]


@dataclass(frozen=True)
class Measure:
    """A quantity that colours the plane."""

    title: str
    scheme: Any  # a Vega scheme's name
    reverse: bool = False
    log: bool = False
    format: str = ".3~f"

    def ends(self, values: Floats, depth: float = np.inf) -> Place:
        """Return the ends of its colours: of the values that have one, but at most a factor `depth` apart."""
        known = values[np.isfinite(values) & ((values > 0) | (not self.log))]
        if not known.size:
            return 0.01, 1.0
        low, high = (short(end, 3) for end in (known.min(), known.max()))
        low = max(low, high / depth) if self.log else low
        return (low, high) if high > low else (low * 0.9 - (low == 0) * 1e-3, low * 1.1 + 1e-6)
