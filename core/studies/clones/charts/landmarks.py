"""Landmarks on the axis of steps: a rule down the plot, and its name in a row of its own above it."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np

from core.figure import step_axis
from core.figure.figure import Rows, expr
from core.figure.marks import SIDE, marks_of
from core.figure.palette import INK

ROW = 14
"""Pixels from a name to the next."""
MIDDLE = 0.55
"""Names stand right of a rule before this share of the axis, left of it after."""


def rows(found: Sequence[tuple[float, str, str]], last: float) -> Rows:
    """Return the table of landmarks: step, name and text of each; those without a step are left out.

    Names are stacked so that no rule crosses one: of those right of their rules the first is on top, of those left of
    theirs, which stand below, the last.
    """
    known = sorted(one for one in found if np.isfinite(one[0]))
    early = [one for one in known if step_axis.along(one[0], last) < MIDDLE]
    ordered = [*early, *reversed(known[len(early) :])]
    return [
        {
            "step": float(step),
            "name": name,
            "text": text,
            "row": len(known) - 1 - place,
            "align": "left" if place < len(early) else "right",
        }
        for place, (step, name, text) in enumerate(ordered)
    ]


def landmarks(table: str, x: alt.X, colour: alt.Color) -> list[alt.Chart]:
    """Return the rules in the colours of their names, and the texts."""
    marks = marks_of(table)
    words = marks.transform_calculate(up=f"-6 - {ROW} * datum.row")
    rule = marks.mark_rule(strokeDash=[3, 3], strokeWidth=1.4).encode(
        x=x, y=alt.value(expr("height")), y2=alt.value(expr(f"-6 - {ROW} * datum.row")), color=colour
    )
    text = words.mark_text(fontSize=10.5, color=INK, baseline="bottom", dy=4, **SIDE)
    return [rule, text.encode(x=x, y=alt.Y("up:Q", scale=None), text="text:N")]
