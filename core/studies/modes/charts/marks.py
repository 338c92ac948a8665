"""What the charts of modes share: a colour and a name for each mode and each loss."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure.palette import ACCENT, NEGATIVE, POSITIVE, categories, strokes

MODES: Mapping[str, tuple[str, str]] = {
    "plus": ("x₊, frequency p", POSITIVE),
    "minus": ("x₋, frequency 1 − p", NEGATIVE),
}
LOSSES: Mapping[str, tuple[str, str]] = {"cross_entropy": ("cross-entropy", ACCENT), "hinge": ("hinge", "#8E5BB5")}
"""Name, colour."""

DOTS = 36
"""Measured times that are drawn of a curve: the line beneath is to be seen."""


def colour(*, legend: bool = True) -> alt.Color:
    """Return the colour of a mode, by its name."""
    return categories("mode", dict(MODES.values()), strokes(columns=2) if legend else None)


def loss_colour() -> alt.Color:
    """Return the colour of a loss, by its name."""
    return categories("loss", dict(LOSSES.values()), strokes(columns=2))


def shown_times(table: pd.DataFrame, *, log: bool) -> NDArray[np.bool_]:
    """Return which rows are drawn as dots: those whose times are nearest to `DOTS` even places on the axis, (row,)."""
    times = np.unique(table["time"].to_numpy())
    times = times[times > 0]
    places = np.geomspace(times[0], times[-1], DOTS) if log else np.linspace(0, times[-1], DOTS)
    nearest = times[np.unique(np.abs(times[:, None] - places).argmin(axis=0))]
    return np.asarray(table["time"].isin(nearest), np.bool_)
