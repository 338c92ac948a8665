"""Functions to hold a network on a line against."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from core.studies.kinks.experiment import Kinks
from core.studies.kinks.tables.basics import Floats, data, grid
from core.studies.kinks.theory.limit import greedy, swarm_limit
from core.studies.kinks.theory.points import Points
from core.studies.kinks.theory.references import connect_the_dots, lazy_limit, minimum_norm

REFERENCES: Mapping[str, Callable[[Points], Callable[[Floats], Floats]]] = {
    "connect the dots": connect_the_dots,
    "minimum-norm spline": minimum_norm,
    "limit of small σ": lambda given: swarm_limit(given).function,
    "limit of large σ": lazy_limit,
    "greedy: one unit at a time": lambda given: greedy(given).function,
}
"""Functions to hold a network against, all of squared loss; the limit of small sigma and greedy take up to seconds."""


def references(experiment: Kinks, names: Sequence[str]) -> pd.DataFrame:
    """Return the chosen of `REFERENCES`, one row a place: name, x, y."""
    x, given = grid(experiment), data(experiment)
    parts = [pd.DataFrame({"name": name, "x": x, "y": REFERENCES[name](given)(x)}) for name in names]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"name": [], "x": [], "y": []})


def apart(function: pd.DataFrame, compared: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Return how far a network ends from each curve that it is held against, one row a curve: name, largest, rms.

    Args:
        function: step, x, y, the function of one run on the grid of `references`.
        compared: name, x, y.
        points: x, y; distances are taken between the first and the last of them.
    """
    last = function[function["step"] == function["step"].max()]
    x, y = last["x"].to_numpy(), last["y"].to_numpy()
    within = (x >= points["x"].min()) & (x <= points["x"].max())
    rows = []
    for name, curve in compared.groupby("name", sort=False):
        off = np.abs(curve["y"].to_numpy() - y)[within]
        rows.append((name, float(off.max()), float(np.sqrt(np.mean(off**2)))))
    return pd.DataFrame(rows, columns=["name", "largest", "rms"])
