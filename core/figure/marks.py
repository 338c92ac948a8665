"""What charts draw alike: dots at the clock, words on a rim of paper, lines with names, panels in a column."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import altair as alt

from core.figure.figure import Chart, expr
from core.figure.palette import INK, MUTED, PAPER

ON_SCREEN = "on screen only"
"""The description of layers that a printed picture does without."""

SIDE: dict[str, Any] = {
    "align": expr("datum.align"),
    "dx": expr("datum.align == 'left' ? 4 : datum.align == 'right' ? -4 : 0"),
}
"""How text stands beside its place: to the side that its row has in `align`."""


def marks_of(table: str) -> alt.Chart:
    """Return a chart of a table of the figure."""
    return alt.Chart(alt.NamedData(table))


def on_screen(layer: alt.Chart) -> alt.Chart:
    """Return a layer that only a screen needs: a mark of the clock, the frame of what was clicked."""
    found: alt.Chart = layer.properties(description=ON_SCREEN)
    return found


def between(low: str | float, high: str | float, **kind: Any) -> alt.Scale:
    """Return a scale that ends just there; the ends are numbers or expressions of params."""
    domain = [expr(end) if isinstance(end, str) else end for end in (low, high)]
    return alt.Scale(domain=domain, nice=False, **kind)


def ends(*axes: str, low: float = 1, high: float = 10) -> dict[str, float]:
    """Return the params `<axis>_low` and `<axis>_high` that axes end at, for a specification."""
    return {f"{axis}_{end}": value for axis in axes for end, value in (("low", low), ("high", high))}


def equal_axes(x: str, y: str, middle: tuple[str, str] = ("0", "0")) -> dict[str, Any]:
    """Return axes on which a unit is as long in x as in y; they reach at least the param `reach` from a middle."""
    pixels = "(min(width, height) / (2 * reach))"
    return {
        axis: channel(
            f"{axis}:Q",
            title=title,
            scale=between(
                f"{centre} - {length} / 2 / {pixels}", f"{centre} + {length} / 2 / {pixels}", zero=False, round=True
            ),  # round, or neighbouring cells would show a seam
            axis=alt.Axis(grid=False, tickCount=5),
        )
        for axis, channel, title, length, centre in (
            ("x", alt.X, x, "width", middle[0]),
            ("y", alt.Y, y, "height", middle[1]),
        )
    }


def dot(rows: alt.Chart, size: int = 60, **look: Any) -> alt.Chart:
    """Return rows as filled dots on a rim of paper: what is measured, or what is at the clock."""
    kept: dict[str, Any] = {"stroke": PAPER, "strokeWidth": 1.2, "opacity": 1, "clip": True}
    dots: alt.Chart = rows.mark_point(filled=True, size=size, **kept | look)
    return dots


def rimmed(rows: alt.Chart, *, rim: float = 0.85, colour: Any = INK, **look: Any) -> list[alt.Chart]:
    """Return text on a rim of paper, `rim` opaque, so that it can be read on whatever is beneath."""
    halo: dict[str, Any] = {"stroke": PAPER, "strokeWidth": 4, "strokeJoin": "round", "opacity": rim}
    return [rows.mark_text(**look, **halo), rows.mark_text(**look, color=colour)]


def across(value: float, y: alt.Y, opacity: float = 0.7) -> alt.Chart:
    """Return a thin line across the plot."""
    field = str(y["shorthand"]).partition(":")[0]
    one = alt.Chart(alt.sequence(1)).transform_calculate(**{field: str(value)})
    line: alt.Chart = one.mark_rule(color=MUTED, opacity=opacity).encode(y=y)
    return line


def level(rows: alt.Chart, y: alt.Y, colour: Any = MUTED, **rule: Any) -> list[alt.Chart]:
    """Return dashed lines across the plot, then their `text` above them on the left, on a rim: it may lie on curves."""
    dashed: dict[str, Any] = {"strokeDash": [5, 4], "strokeWidth": 1.2}
    names = rimmed(rows, colour=colour, fontSize=10, align="left", baseline="bottom", dy=-3)
    return [
        rows.mark_rule(**{"color": colour, **dashed, **rule}).encode(y=y),
        *(name.encode(x=alt.value(5), y=y, text="text:N") for name in names),
    ]


def moment(rows: alt.Chart, x: alt.X, y: Any, colour: Any = MUTED, **rule: Any) -> list[alt.Chart]:
    """Return lines from the bottom of the plot to the top, their `text` at a height on the side that `align` says."""
    name = rows.mark_text(fontSize=10, color=MUTED, baseline="bottom", **SIDE)
    return [rows.mark_rule(color=colour, **rule).encode(x=x), name.encode(x=x, y=y, text="text:N")]


def strip_rows(field: str, values: Sequence[float], low: float, high: float) -> list[dict[str, Any]]:
    """Return rows of `strips`: of every value the part of a logarithmic axis that is nearer to it than to others."""
    ends = [low, *((one * other) ** 0.5 for one, other in pairwise(values)), high]
    return [
        {field: value, "x": round(left, 6), "x2": round(right, 6)}
        for value, (left, right) in zip(values, pairwise(ends), strict=True)
    ]


def strips(table: str, x: alt.X, x2: str, field: str, name: str = "cell") -> alt.Chart:
    """Return strips from `x` to `x2` over the whole height: a click on one picks its `field`, the selection `name`."""
    pick = alt.selection_point(name=name, fields=[field], on="click", toggle=False, clear=False)
    rows = marks_of(table).mark_rect(opacity=0, cursor="pointer")
    found: alt.Chart = rows.encode(x=x, x2=x2).add_params(pick)  # without y: as high as the panel
    return found


def stacked(*panels: Chart, spacing: int = 10, **apart: Any) -> alt.VConcatChart:
    """Return panels above each other, each with colours of its own."""
    found: alt.VConcatChart = alt.vconcat(*panels, spacing=spacing).resolve_scale(color="independent", **apart)
    return found
