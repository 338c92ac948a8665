"""What the charts of the edge of stability share: a colour for each learning rate or batch size, from cool to hot."""
"""What the charts of the edge of stability share: a colour for each learning rate."""

from __future__ import annotations

import altair as alt

from core.figure.figure import expr
from core.figure.marks import between

COLD_TO_HOT = ("#2B8CC4", "#1D9E8A", "#C79A00", "#DD6B1F", "#CC4778")
"""Colours that stand on a light and on a dark page alike."""
EXTENT: dict[str, Any] = {"minExtent": 40, "maxExtent": 40}
TITLES = {"learning_rate": "learning rate η", "batch_size": "batch size B"}
"""What tells the runs apart."""
SYMBOLS = {"learning_rate": "η", "batch_size": "B"}
TICKS: dict[str, list[float]] = {
    "learning_rate": [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 1, 2, 4],
    "batch_size": [1, 2, 4, 8, 16, 32, 64, 128, 256, 500, 1000],
}


def colour(dial: str, *, legend: bool) -> alt.Color:
    """Return the colour of a run, logarithmic between the params `least` and `most`."""
    scale = between("least", "most", type="log", range=list(COLD_TO_HOT))
    values = [0.05, 0.1, 0.2, 0.4] if dial == "learning_rate" else [2, 8, 32, 128, 500]
    look: dict[str, Any] = {"type": "gradient", "gradientThickness": 8, "gradientLength": 220}
    bar = alt.Legend(title=TITLES[dial], orient="bottom", format="~g", values=values, **look)
    return alt.Color("rate:Q", scale=scale, legend=bar if legend else None)


def marked(thin: float, thick: float) -> alt.Value:
    """Return the channel that draws what is `marked` thicker."""
    return alt.value(expr(f"datum.marked ? {thick} : {thin}"))


def range_of(rates: list[float]) -> dict[str, float]:
    """Return the params that the colours end at."""
    return {"least": round(min(rates) * 0.8, 6), "most": round(max(rates) * 1.25, 6)}
from core.figure import graded


def colour(*, legend: bool) -> alt.Color:
    """Return the colour of a learning rate."""
    return graded.colour("rate", "learning rate η", (0.05, 0.1, 0.2, 0.4), legend=legend)
