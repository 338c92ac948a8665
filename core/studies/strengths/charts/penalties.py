"""What the charts of feature strengths share: a colour and a name for each penalty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from core.figure.figure import ACCENT, POSITIVE

PENALTIES: Mapping[str, tuple[str, str]] = {
    "ridge": ("ridge", POSITIVE),
    "spectral_decoupling": ("Spectral Decoupling", ACCENT),
}
"""Penalty: name, colour."""


def colour(*, legend: bool, channel: type[alt.Color] | type[alt.Fill] = alt.Color) -> alt.Color | alt.Fill:
    """Return the colour of a penalty, by its name; with a legend under the chart if asked for."""
    shown = alt.Legend(
        title=None, orient="bottom", columns=2, symbolType="stroke", symbolStrokeWidth=2.5, symbolOpacity=1
    )
    names, colours = zip(*PENALTIES.values(), strict=True)
    scale = alt.Scale(domain=list(names), range=list(colours))
    return channel("penalty:N", scale=scale, legend=shown if legend else None)


def by_run(descents: pd.DataFrame | None) -> list[tuple[dict[str, Any], pd.DataFrame]]:
    """Return each descent's rows, with its penalty's name and its strength `s`; none without descents."""
    if descents is None:
        return []
    return [
        ({"penalty": PENALTIES[str(penalty)][0], "s": strength}, rows)
        for (strength, penalty), rows in descents.groupby(["s_1", "penalty"], sort=False)
    ]
