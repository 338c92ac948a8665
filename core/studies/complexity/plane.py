"""What the chart of the plane shows, where inputs are two: f, the decision boundary that explains it, test points."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.comparison.compared import explainer_predictions, gone
from core.comparison.curves import as_digits
from core.studies.complexity.trajectory import ComplexityTrajectory


def explainer_edges(trajectory: ComplexityTrajectory, explainer: str) -> pd.DataFrame:
    """Return the decision boundary of an explainer in the plane as segments x1, x2, x1_end, x2_end.

    There are none unless inputs are two.
    """
    side = len(trajectory["grid"])
    names: Mapping[str, int] = {name: place for place, name in enumerate(trajectory.explainers)}
    if not side or explainer not in names:
        return pd.DataFrame({name: np.zeros(0) for name in ("x1", "x2", "x1_end", "x2_end")})
    sides, grid = trajectory["explainer_output"][names[explainer]], trajectory["grid"].astype(np.float64)
    half = (grid[1] - grid[0]) / 2
    row, column = np.nonzero(sides[:, 1:] != sides[:, :-1])  # vertical segments, between columns
    vertical = (grid[column] + half, grid[row] - half, grid[column] + half, grid[row] + half)
    row, column = np.nonzero(sides[1:] != sides[:-1])
    horizontal = (grid[column] - half, grid[row] + half, grid[column] + half, grid[row] + half)
    parts = (np.concatenate(pair) for pair in zip(vertical, horizontal, strict=True))
    return pd.DataFrame(dict(zip(("x1", "x2", "x1_end", "x2_end"), parts, strict=True)))


def levels(trajectory: ComplexityTrajectory) -> pd.DataFrame:
    """Return one row a place of the grid: x1, x2 and `level`, a digit a snapshot of how sure the first network is.

    0 is surely class -1, 9 surely +1, and - a function that is not finite: tenths of 1 / (1 + exp(-f)).
    """
    grid, output = trajectory["grid"].astype(np.float64), trajectory["output"].astype(np.float64)
    x2, x1 = (axis.ravel() for axis in np.meshgrid(grid, grid, indexing="ij"))
    sure = np.clip(np.floor(5 + 5 * np.tanh(np.nan_to_num(output) / 2)), 0, 9)
    finite = np.asarray(np.isfinite(output).all(axis=(1, 2)), np.bool_)
    texts = as_digits(sure.reshape(len(output), -1)) if len(grid) else []
    return pd.DataFrame({"x1": x1, "x2": x2, "level": [_masked(text, finite) for text in texts]})


def shown_points(trajectory: ComplexityTrajectory, explainer: str) -> pd.DataFrame:
    """Return the test points whose places are kept: x1, x2, label, explainer_right, and right, a digit a snapshot."""
    where = trajectory["test_input"].astype(np.float64)
    label = trajectory["test_label"][: len(where)]
    right = trajectory["prediction"][:, 0, : len(where)] == label
    by_l = explainer_predictions(trajectory)[explainer][0, : len(where)] == label
    finite = gone(trajectory)[:, 0] == 0
    return pd.DataFrame(
        {
            "x1": where[:, 0],
            "x2": where[:, 1],
            "label": np.where(label, 1, -1),
            "explainer_right": by_l,
            "right": [_masked(text, finite) for text in as_digits(right)],
        }
    )


def _masked(text: str, finite: NDArray[np.bool_]) -> str:
    return "".join(digit if there else "-" for digit, there in zip(text, finite, strict=True))
