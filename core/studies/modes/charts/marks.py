"""What the charts of modes share: a colour and a name for each mode and each loss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure.figure import ACCENT, NEGATIVE, PAPER, PINNED, POSITIVE, expr

MODES: Mapping[str, tuple[str, str]] = {
    "plus": ("x₊, frequency p", POSITIVE),
    "minus": ("x₋, frequency 1 − p", NEGATIVE),
}
LOSSES: Mapping[str, tuple[str, str]] = {"cross_entropy": ("cross-entropy", ACCENT), "hinge": ("hinge", PINNED)}
"""Name, colour."""

RIM: dict[str, Any] = {"size": 75, "stroke": expr(PAPER), "strokeWidth": 1.2, "opacity": 1}
"""How the dots at the clock look."""

DOTS = 36
"""Measured times that are drawn of a curve: the line beneath is to be seen."""


def colour(*, legend: bool) -> alt.Color:
    """Return the colour of a mode, by its name."""
    return _colour("mode", MODES, legend=legend)


def loss_colour(*, legend: bool) -> alt.Color:
    """Return the colour of a loss, by its name."""
    return _colour("loss", LOSSES, legend=legend)


def _colour(field: str, known: Mapping[str, tuple[str, str]], *, legend: bool) -> alt.Color:
    shown = alt.Legend(
        title=None, orient="bottom", columns=2, symbolType="stroke", symbolStrokeWidth=2.5, symbolOpacity=1
    )
    names, colours = zip(*known.values(), strict=True)
    scale = alt.Scale(domain=list(names), range=list(colours))
    return alt.Color(f"{field}:N", scale=scale, legend=shown if legend else None)


def shown_times(table: pd.DataFrame, *, log: bool) -> NDArray[np.bool_]:
    """Return which rows are drawn as dots: those whose times are nearest to `DOTS` even places on the axis, (row,)."""
    times = np.unique(table["time"].to_numpy())
    times = times[times > 0]
    places = np.geomspace(times[0], times[-1], DOTS) if log else np.linspace(0, times[-1], DOTS)
    nearest = times[np.unique(np.abs(times[:, None] - places).argmin(axis=0))]
    return np.asarray(table["time"].isin(nearest), np.bool_)
