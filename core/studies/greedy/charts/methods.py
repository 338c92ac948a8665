"""What the charts of greedy construction share: a colour for either way of finding a network."""

from __future__ import annotations

import altair as alt

from core.figure.palette import ACCENT, POSITIVE, categories, strokes

NAMES = {"greedy": "greedy, unit by unit", "descent": "gradient descent"}
"""What is said of either way."""


def colour(*, legend: bool) -> alt.Color:
    """Return the colour of a way."""
    look = dict(zip(NAMES.values(), (ACCENT, POSITIVE), strict=True))
    return categories("method", look, strokes(columns=2) if legend else None)


def dashes(*, legend: bool) -> alt.StrokeDash:
    """Return a dash for gradient descent, so that colour is not all that tells the two apart."""
    scale = alt.Scale(domain=list(NAMES.values()), range=[[1, 0], [6, 3]])
    return alt.StrokeDash("method:N", scale=scale, legend=strokes(columns=2) if legend else None)
