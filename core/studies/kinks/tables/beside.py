"""Functions to hold a network on a line against."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

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
