"""The axis of shares from 0 to 1, and the level of guessing one of two classes on it."""

from __future__ import annotations

from typing import Any

import altair as alt

from core.figure.figure import MUTED, Rows, expr

HALF: Rows = [{"value": 0.5}]
"""The table of the level of guessing."""


def share_axis(title: str, ticks: int = 5, **axis: Any) -> alt.Y:
    """Return an axis of shares from 0 to 1, with a little room."""
    scale = alt.Scale(domain=[-0.03, 1.03], nice=False)
    return alt.Y("value:Q", title=title, scale=scale, axis=alt.Axis(tickCount=ticks, format=".1f", grid=False, **axis))


def half(y: alt.Y) -> alt.Chart:
    """Return the level of guessing, from the table `half`."""
    level: alt.Chart = alt.Chart(alt.NamedData("half")).mark_rule(color=expr(MUTED), opacity=0.4).encode(y=y)
    return level
