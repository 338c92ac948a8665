"""The tables of the study of complexity."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from core.comparison.tables import examples, explainers, four_cells, information
from core.studies.complexity.trajectory import ComplexityTrajectory


def boundary(trajectory: ComplexityTrajectory) -> pd.DataFrame:
    """Return one row a recorded step and place of the grid: f of the first seed; empty unless inputs are two."""
    grid, steps = trajectory["grid"], trajectory.steps
    x2, x1 = (axis.ravel() for axis in np.meshgrid(grid, grid, indexing="ij"))
    count = len(steps) if len(grid) else 0
    return pd.DataFrame(
        {
            "step": np.repeat(steps[:count], len(x1)),
            "x1": np.tile(x1, count),
            "x2": np.tile(x2, count),
            "output": trajectory["output"][:count].ravel(),
        }
    )


TABLES: Mapping[str, Callable[[ComplexityTrajectory], pd.DataFrame]] = {
    "information": information,
    "explainers": explainers,
    "four_cells": four_cells,
    "examples": examples,
    "boundary": boundary,
}
"""The tables by the name of their CSV file."""
