"""What the charts of ensembles share: the axis of widths, colours of output scales."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from core.figure.marks import between
from core.figure.palette import strokes
from core.figure.rows import short

EXTENT: dict[str, Any] = {"minExtent": 36, "maxExtent": 36}
TICKS = [2**power for power in range(2, 11)]


def width_axis() -> alt.X:
    """Return x from the param `h_low` to `h_high`, logarithmic."""
    axis = alt.Axis(values=TICKS, format=",d", grid=False, labelOverlap="greedy", labelSeparation=6)
    return alt.X("h:Q", title="width h", scale=between("h_low", "h_high", type="log"), axis=axis)


def width_ends(rows: pd.DataFrame) -> dict[str, float]:
    """Return the params that the axis ends at."""
    return {"h_low": short(float(rows["width"].min()) / 1.25), "h_high": short(float(rows["width"].max()) * 1.25)}


def colour(field: str, title: str) -> alt.Color:
    """Return the colour of a field of names in their order, with a legend of lines."""
    scheme = alt.SchemeParams(name="viridis", extent=[0.25, 0.95])  # the ends are lost on a dark or a light page
    return alt.Color(f"{field}:O", sort=None, scale=alt.Scale(scheme=scheme), legend=strokes(title, columns=4))
