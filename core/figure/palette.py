"""The colours of the figures, and the legends that name them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt

from core.figure.figure import expr

INK, PAPER, MUTED = (expr(name) for name in ("ink", "paper", "muted"))
"""Colours of the page's theme: text, background, dimmed text."""

NEGATIVE, POSITIVE = "#2B8CC4", "#DD6B1F"
"""Class -1 and class +1, and what leans to either (Okabe and Ito's colour-blind-safe blue and
vermilion, a little lighter so that they stand on a dark page too)."""
ACCENT, PINNED = "#009E73", "#E39BC2"
"""The network's own curve, and whatever belongs to the pinned run."""


def strokes(title: str | None = None, columns: int | None = None, **look: Any) -> alt.Legend:
    """Return a legend of lines, under the chart."""
    line: dict[str, Any] = {"symbolType": "stroke", "symbolStrokeWidth": 2.5, "symbolOpacity": 1}
    if columns is not None:
        line["columns"] = columns
    return alt.Legend(title=title, orient="bottom", **line | look)


def categories(field: str, colours: Mapping[str, Any], legend: alt.Legend | None = None) -> alt.Color:
    """Return the channel that colours a field by the names it has."""
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color(f"{field}:N", scale=scale, legend=legend)
