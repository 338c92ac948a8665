"""What the charts of the edge of stability share: a colour for each learning rate or batch size."""

from __future__ import annotations

import altair as alt

from core.figure import graded

TITLES = {"learning_rate": "learning rate η", "batch_size": "batch size B"}
"""What tells the runs apart."""
SYMBOLS = {"learning_rate": "η", "batch_size": "B"}
TICKS: dict[str, list[float]] = {
    "learning_rate": [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 1, 2, 4],
    "batch_size": [1, 2, 4, 8, 16, 32, 64, 128, 256, 500, 1000],
}


def colour(dial: str, *, legend: bool) -> alt.Color:
    """Return the colour of a run."""
    values = (0.05, 0.1, 0.2, 0.4) if dial == "learning_rate" else (2, 8, 32, 128, 500)
    return graded.colour("rate", TITLES[dial], values, legend=legend)
