"""The axis of shares from 0 to 1, and the level of guessing one of two classes on it."""

from __future__ import annotations

from typing import Any

import altair as alt

from core.figure.marks import across, between


def share_axis(title: str, ticks: int = 5, **axis: Any) -> alt.Y:
    """Return an axis of shares from 0 to 1, with a little room."""
    look = alt.Axis(tickCount=ticks, format=".1f", grid=False, **axis)
    return alt.Y("value:Q", title=title, scale=between(-0.03, 1.03), axis=look)


def chance(y: alt.Y) -> alt.Chart:
    """Return the level of guessing."""
    return across(0.5, y, opacity=0.4)
