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
ACCENT = "#009E73"
"""The network's own curve."""
PINK = "#E39BC2"
PINNED = {
    "A": ("pink, dashed", PINK, [5, 3]),
    "B": ("violet, dotted", "#8466B3", [2, 2]),
    "C": ("olive, dashed and dotted", "#8A7A2C", [9, 3, 2, 3]),
}
"""Whatever belongs to pinned runs, by their names: look in words, colour, dashes."""


def pinned_look(**channels: int) -> dict[str, Any]:
    """Return channels that tell pinned runs apart by their field `run`, without a scale that other layers share.

    Each is given with what it shows of `PINNED`: 1, the colour; 2, the dashes.
    """
    found = {}
    for channel, place in channels.items():
        first, *more = ((f"datum.run == '{run}'", alt.value(look[place])) for run, look in PINNED.items())
        chosen = alt.when(first[0]).then(first[1])
        for test, value in more:
            chosen = chosen.when(test).then(value)
        found[channel] = chosen
    return found


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
