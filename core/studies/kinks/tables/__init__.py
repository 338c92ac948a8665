"""The tables of networks on a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from core.studies.kinks.tables.basics import data, grid, losses, position, residual
from core.studies.kinks.tables.beside import REFERENCES, apart, references
from core.studies.kinks.tables.ends import (
    clusters,
    escapes,
    kink_places,
    kink_shift,
    outcome_function,
    outcomes,
    places_of,
    predicted_escape,
    summary,
)
from core.studies.kinks.tables.motion import extremal, function, kinks, landscape, loss, points
from core.studies.kinks.trajectory import KinkTrajectory

__all__ = [
    "REFERENCES",
    "TABLES",
    "apart",
    "clusters",
    "data",
    "escapes",
    "extremal",
    "function",
    "grid",
    "kink_places",
    "kink_shift",
    "kinks",
    "landscape",
    "loss",
    "losses",
    "outcome_function",
    "outcomes",
    "places_of",
    "points",
    "position",
    "predicted_escape",
    "references",
    "residual",
    "summary",
]

TABLES: Mapping[str, Callable[[KinkTrajectory], pd.DataFrame]] = {
    "kinks": kinks,
    "function": function,
    "loss": loss,
    "extremal": extremal,
    "summary": summary,
    "points": points,
    "landscape": landscape,
    "escapes": escapes,
    "outcomes": outcomes,
    "outcome_function": outcome_function,
    "kink_places": kink_places,
}
"""The tables by the name of their CSV file."""
