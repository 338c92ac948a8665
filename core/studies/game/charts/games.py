"""What the charts of a game share: a colour for each pair of losses, and their axis of head starts."""

from __future__ import annotations

import altair as alt

from core.figure.marks import between
from core.figure.palette import ACCENT, NEGATIVE, POSITIVE, categories
from core.figure.step_axis import THOUSANDS

NAMES = {
    "minimax": "cross-entropy, minimax",
    "non_saturating": "cross-entropy, non-saturating",
    "hinge": "hinge",
}
"""What is said of the losses."""
DECADES = [10.0**power for power in range(-6, 6)]


def colour(*, legend: bool) -> alt.Color:
    """Return the colour of a pair of losses."""
    look = dict(zip(NAMES.values(), (NEGATIVE, ACCENT, POSITIVE), strict=True))
    bar = alt.Legend(title=None, orient="bottom", symbolType="circle", symbolOpacity=1) if legend else None
    return categories("game", look, bar)


def head_start(field: str = "start") -> alt.X:
    """Return the axis of head starts, between the params `least` and `most`."""
    axis = alt.Axis(values=DECADES, labelExpr=THOUSANDS, grid=False)
    title = "head start of the discriminator, steps"
    return alt.X(f"{field}:Q", title=title, scale=between("least", "most", type="log"), axis=axis)
