"""Places on axes of any two columns: logarithmic where the values ask for it; names of columns as text.

A name that a person brings stands in no specification, which are few and kept: it is a param.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from core.figure import heat_map
from core.figure.figure import expr
from core.figure.marks import between
from core.figure.palette import INK

Floats = NDArray[np.float64]
Place = tuple[float, float]

WIDE = 8.0
"""Positive values that span this factor have a logarithmic axis."""


def spelled(name: str) -> str:
    """Return the name of a column as it is read."""
    return name.replace("_", " ")


def is_log(values: Floats) -> bool:
    """Whether values ask for a logarithmic axis."""
    known = values[np.isfinite(values)]
    return bool(known.size and known.min() > 0 and known.max() >= WIDE * known.min())


def placed(values: Floats, *, log: bool) -> Floats:
    """Return where values lie on their axis: their logarithm to base 10, or themselves."""
    return np.log10(values) if log else values


def borders(values: Floats, *, log: bool) -> list[Place]:
    """Return the borders of the cells of an axis, a value each, half-way between neighbours as they are drawn."""
    centres, own = np.unique(placed(values, log=log), return_inverse=True)
    unit = float(np.diff(centres).min())
    found = heat_map.borders(centres / unit)
    return [(found[at][0] * unit, found[at][1] * unit) for at in own.reshape(-1)]


def axis(ends: str, *, log: bool, **look: Any) -> alt.Axis:
    """Return the look of an axis of places; its title is a blank that keeps room for `titles`.

    A logarithmic one is labelled at 1, 2 and 5 times the powers of ten, a short one at every whole multiple.
    """
    if not log:
        return alt.Axis(grid=False, tickCount=6, **look)
    few, every = (_ticks(digits) for digits in ((1, 2, 5), range(1, 10)))
    values, number = expr(f"{ends}_max - {ends}_min < 1.2 ? {every} : {few}"), "pow(10, datum.value)"
    label = f"abs(datum.value) > 4.5 ? format({number}, '.0e') : format({number}, ',.1~r')"
    return alt.Axis(grid=False, values=values, labelExpr=label, labelOverlap="greedy", labelSeparation=6, **look)


def _ticks(digits: Iterable[int]) -> list[float]:
    """Return the logarithms of these multiples of the powers of ten."""
    return [round(float(np.log10(float(f"{digit}e{power}"))), 6) for power in range(-12, 13) for digit in digits]


def channel(kind: type[Any], field: str, ends: str, *, log: bool) -> Any:
    """Return the channel x or y of a field of places, between the params `<ends>_min` and `<ends>_max`."""
    room = {"minExtent": 36, "maxExtent": 36} if kind is alt.Y else {}
    scale = between(f"{ends}_min", f"{ends}_max", zero=False)
    return kind(f"{field}:Q", title=" ", scale=scale, axis=axis(ends, log=log, **room))


def titles(x: str, y: str, height: int) -> list[alt.Chart]:
    """Return the titles of the axes of a plot so high, which are those params."""
    one = alt.Chart(alt.sequence(1))
    look: dict[str, Any] = {"fontSize": 11, "fontWeight": "bold", "color": INK}
    below = one.mark_text(align="center", baseline="top", text=expr(x), **look)
    left = one.mark_text(align="center", baseline="bottom", angle=270, text=expr(y), **look)
    return [
        below.encode(x=alt.value(expr("width / 2")), y=alt.value(height + 24)),
        left.encode(x=alt.value(-42), y=alt.value(height / 2)),
    ]
