"""What the charts of feature strengths share: a colour and a name for each penalty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from core.figure.palette import ACCENT, POSITIVE, categories, strokes

PENALTIES: Mapping[str, tuple[str, str]] = {
    "ridge": ("ridge", POSITIVE),
    "spectral_decoupling": ("Spectral Decoupling", ACCENT),
}
"""Penalty: name, colour."""


def colour(*, legend: bool = True) -> alt.Color:
    """Return the colour of a penalty, by its name; with a legend under the chart if asked for."""
    return categories("penalty", dict(PENALTIES.values()), strokes(columns=2) if legend else None)


def named(penalties: pd.Series) -> list[str]:
    """Return the names of penalties."""
    return [PENALTIES[str(penalty)][0] for penalty in penalties]


def by_run(descents: pd.DataFrame | None) -> list[tuple[dict[str, Any], pd.DataFrame]]:
    """Return each descent's rows, with its penalty's name and its strength `s`; none without descents."""
    if descents is None:
        return []
    return [
        ({"penalty": PENALTIES[str(penalty)][0], "s": strength}, rows)
        for (strength, penalty), rows in descents.groupby(["s_1", "penalty"], sort=False)
    ]
