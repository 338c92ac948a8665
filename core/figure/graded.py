"""Curves of one quantity at several settings: a colour for each setting, from cool to hot, and a thick line for one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from core.figure.figure import expr
from core.figure.marks import between

COLD_TO_HOT = ("#2B8CC4", "#1D9E8A", "#C79A00", "#DD6B1F", "#CC4778")
"""Colours that stand on a light and on a dark page alike."""
EXTENT: dict[str, Any] = {"minExtent": 40, "maxExtent": 40}
"""Of the axes of panels in a column, which begin at one place then."""


def colour(field: str, title: str, ticks: Sequence[float], *, legend: bool, format: str = ".3~g") -> alt.Color:
    """Return the colour of a setting, logarithmic between the params `least` and `most`; the legend has `ticks`."""
    scale = between("least", "most", type="log", range=list(COLD_TO_HOT))
    look: dict[str, Any] = {"type": "gradient", "gradientThickness": 8, "gradientLength": 220}
    bar = alt.Legend(title=title, orient="bottom", format=format, values=list(ticks), **look)
    return alt.Color(f"{field}:Q", scale=scale, legend=bar if legend else None)


def marked(thin: float, thick: float) -> alt.Value:
    """Return the channel that draws what is `marked` thicker."""
    return alt.value(expr(f"datum.marked ? {thick} : {thin}"))


def range_of(settings: Sequence[float]) -> dict[str, float]:
    """Return the params that the colours end at."""
    return {"least": round(min(settings) * 0.8, 6), "most": round(max(settings) * 1.25, 6)}


def settings_of(table: pd.DataFrame, column: str) -> tuple[float, ...]:
    """Return the settings of a table's column, ascending."""
    return tuple(sorted({float(setting) for setting in table[column]}))


def alpha_colour(alphas: tuple[float, ...], *, legend: bool) -> alt.Color:
    """Return the colour of an output scale, with a legend of all of them."""
    return colour("alpha", "output scale α", alphas, legend=legend)
