"""Lines that curves over the steps are compared with: T0, when F tells as much as L, and levels such as that of L."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np

from core.figure import step_axis
from core.figure.figure import Rows, expr
from core.figure.marks import marks_of, rimmed
from core.figure.palette import INK, MUTED


def matched(x: alt.X, *, up: str = "5") -> list[alt.Chart]:
    """Return the rule at T0 and its name, so many pixels above the plot, from the table `matched`."""
    rows = marks_of("matched")
    side: dict[str, Any] = {"align": expr("datum.align"), "dx": expr("datum.align == 'right' ? 3 : -3")}
    return [
        rows.mark_rule(color=MUTED, strokeDash=[3, 3]).encode(x=x),
        rows.mark_text(fontSize=10.5, color=MUTED, baseline="bottom", **side).encode(
            x=x, y=alt.value(expr(f"-({up}) * type_scale")), text="text:N"
        ),
    ]


def matched_rows(step: float, last: float) -> Rows:
    """Return the table `matched` of T0, the first step at which F tells as much as L; none if it never does."""
    if not np.isfinite(step):
        return []
    align = "right" if step_axis.along(step, last) > 0.5 else "left"
    return [{"step": round(step, 1), "text": "T_0: as good as L", "align": align}]


def levels(y: alt.Y, table: str, *, dash: Sequence[float], colour: Any = INK, halo: bool = True) -> list[alt.Chart]:
    """Return level lines with their names, from a table of `level_rows`."""
    rows = marks_of(table)
    side: dict[str, Any] = {"align": expr("datum.align"), "baseline": "middle", "fontSize": 10.5}
    place = alt.X("place:Q", scale=None)
    words = rows.transform_calculate(value="datum.at", place="datum.align == 'left' ? 5 : width - 5")
    text = rimmed(words.encode(x=place, y=y, text="text:N"), colour=colour, **side)
    rule = rows.mark_rule(color=colour, strokeDash=list(dash), strokeWidth=1.2).encode(y=y)
    return [rule, *(text if halo else text[1:])]


def level_rows(value: float, text: str, scale: float, *, above: bool = True, align: str = "left") -> Rows:
    """Return a level line whose name stands above or below it; `scale` is pixels a unit."""
    if not np.isfinite(value):
        return []
    at = value + (8 if above else -8) / scale
    return [{"value": round(value, 4), "at": round(at, 4), "text": text, "align": align}]
