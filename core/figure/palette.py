"""The colours of the figures, and the legends that name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

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


class Look(NamedTuple):
    """How what belongs to a pinned run is drawn."""

    words: str
    colour: str
    dashes: Sequence[float]


PINNED = {
    "A": Look("pink, dashed", PINK, [5, 3]),
    "B": Look("violet, dotted", "#8466B3", [2, 2]),
    "C": Look("olive, dashed and dotted", "#8A7A2C", [9, 3, 2, 3]),
}
"""By the names of pinned runs."""


def by_run(values: Mapping[str, Any]) -> Any:
    """Return a channel with a value for each pinned run, told by the field `run`: no scale that other layers share."""
    chosen: Any = alt
    for run, value in values.items():
        chosen = chosen.when(f"datum.run == '{run}'").then(alt.value(value))
    return chosen


PINNED_COLOUR = by_run({run: look.colour for run, look in PINNED.items()})
PINNED_DASHES = by_run({run: look.dashes for run, look in PINNED.items()})
"""Channels of marks that belong to pinned runs."""


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
