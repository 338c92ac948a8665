"""Tables of what mu_Y measures: one 2 x 2 x 2 table of F, L and Y, and the family of its accuracies."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.observables.information import Information, bounds, information
from core.observables.information_errors import noise_floor
from core.studies.complexity.error_overlap import overlap_family

Floats = NDArray[np.float64]


def measure(table: Floats, points: int) -> pd.DataFrame:
    """Return one row: what a table of shares (F, L, Y) says, with standard errors and noise floors of `points`."""
    floor = noise_floor(points)
    columns = {"n_test": points, "joint_error": joint_error(table)} | _columns(table * points)
    columns |= {"noise_floor_mutual": floor.mutual_information, "noise_floor": floor.conditional_information}
    return pd.DataFrame({name: np.atleast_1d(value) for name, value in columns.items()})


def family(accuracy_f: float, accuracy_l: float, points: int) -> pd.DataFrame:
    """Return one row a joint error, from the least to the most that these accuracies allow.

    `relation` names the rows where F and L are independent given Y, where one is a noisy copy of the other, and where
    their errors are nested.
    """
    found = overlap_family(accuracy_f, accuracy_l)
    columns = {"n_test": points, "joint_error": found.joint_error, "relation": ""} | _columns(found.tables * points)
    rows = pd.DataFrame(columns)
    for name, place in found.marks.items():
        here = rows["joint_error"] == place
        rows.loc[here, "relation"] = [f"{before} = {name}".removeprefix(" = ") for before in rows["relation"][here]]
    return rows


def cells(table: Floats) -> pd.DataFrame:
    """Return one row a cell of a table of shares (F, L, Y)."""
    f, el, y = np.indices(table.shape).reshape(3, -1)
    columns = {"label": np.where(y == 1, 1, -1), "network_right": f == y, "explainer_right": el == y}
    return pd.DataFrame(columns | {"share": table.ravel()})


def joint_error(table: Floats) -> float:
    """Return the share of points that both F and L get wrong."""
    return float(table[1, 1, 0] + table[0, 0, 1])


def _columns(counts: Floats) -> dict[str, Any]:
    found: Information = information(counts)
    names = (
        "accuracy",
        "explainer_accuracy",
        "agreement",
        "mutual_information",
        "conditional_information",
        "mu_y",
        "standard_error",
        "mu_y_independent",
        "explainer_information",
    )
    low, high = bounds(counts)
    return {name: getattr(found, name) for name in names} | {"lower_bound": low, "upper_bound": high}
