"""What heat maps of planes share: measures that colour them, cells, axes of powers of two, outlines and names."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np

from core.figure.marks import marks_of
from core.figure.palette import INK, PAPER

OUTCOMES = ("fitted", "step_limit", "diverged", "unfinished")

OUTCOME_COLOURS = dict(zip(OUTCOMES, ("#5B8DB8", "#E69F00", "#4d4d4d", "#bdbdbd"), strict=True))


@dataclass(frozen=True)
class Measure:
    """A quantity that colours the plane."""

    title: str
    scheme: Any  # a Vega scheme's name
    reverse: bool = False
    log: bool = False
    format: str = ".3~f"


def borders(centres: np.ndarray) -> list[tuple[float, float]]:
    """Return the borders of cells around increasing centres, half-way between neighbours."""
    if len(centres) == 1:
        return [(round(float(centres[0]) - 0.5, 4), round(float(centres[0]) + 0.5, 4))]
    between = (centres[1:] + centres[:-1]) / 2
    found = [2 * centres[0] - between[0], *between, 2 * centres[-1] - between[-1]]
    found = [round(float(border), 4) for border in found]
    return list(pairwise(found))


def outline_mark(table: str, colour: Any, dash: list[int], width: float = 2) -> alt.Chart:
    """Return the outline of the cells in a table."""
    outlined = marks_of(table).encode(x="x:Q", y="y:Q", x2="x2:Q", y2="y2:Q")
    mark: alt.Chart = outlined.mark_rect(
        filled=False, fillOpacity=0, stroke=colour, strokeWidth=width, strokeDash=dash, strokeOpacity=1
    )
    return mark


def name_mark(x: alt.X, y: alt.Y, *, stroke: bool) -> alt.Chart:
    """Return the names of regions from the table `names`, or their rim."""
    halo: dict[str, Any] = {"stroke": PAPER, "strokeWidth": 4, "opacity": 0.85} if stroke else {}
    names = marks_of("names").encode(x=x, y=y, text="text:N")
    mark: alt.Chart = names.mark_text(fontSize=12, fontWeight="bold", color=INK, **halo)
    return mark
