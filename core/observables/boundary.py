"""Where a classifier of two inputs changes its mind, as x1 over x2: how straight that is, and how far from the points.

Pezeshki et al. 2021 (2011.09468) show the boundary; its measure here is our own: the standard deviation of the residual
of x1(x2) from the straight line that fits it best, over |x2| < 1.2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

REACH = 1.2
"""Of |x2|, over which straightness is measured."""
SECANTS = 4
MEASURES = ("residual", "distance", "mean_logit", "loss", "accuracy")
"""What is one number a classifier: `residual` and `distance` of its boundary, the mean of |f| on the training set, and
there the mean log(1 + exp(-y f)) and the share of points on the side of their label."""


def rows(count: int, reach: float) -> Floats:
    """Return the middle of `count` rows of a grid from -reach to reach, ascending, (row,)."""
    return (np.arange(count) + 0.5) * 2 * reach / count - reach


def logits(output: Callable[[Floats], Floats], place: Floats) -> Floats:
    """Return those of a classifier, from inputs (point, 2) to (point,), on a square grid, (row, column)."""
    across, up = np.meshgrid(place, place)
    return output(np.column_stack([across.ravel(), up.ravel()])).reshape(across.shape)


def measured(
    output: Callable[[Floats], Floats], logit: Floats, place: Floats, points: Floats, labels: Floats, f: Floats
) -> dict[str, Any]:
    """Return the boundary of a classifier, (row,), and its `MEASURES`.

    Args:
        output: the classifier, from inputs (point, 2) to logits (point,).
        logit: on a square grid, (row, column).
        place: of the grid's rows and columns, ascending, (row,).
        points: the training set, (point, 2).
        labels: -1 or 1, (point,).
        f: the classifier's logits on the training set, (point,).
    """
    boundary = crossings(logit, place, place, output)
    return {
        "boundary": boundary,
        "residual": residual(boundary, place),
        "distance": distance(boundary, place, points),
        "mean_logit": float(np.abs(f).mean()),
        "loss": float(np.logaddexp(0, -labels * f).mean()),
        "accuracy": float(np.mean(labels * f > 0)),
    }


def crossings(logit: Floats, x: Floats, y: Floats, output: Callable[[Floats], Floats]) -> Floats:
    """Return the boundary's x1 in every row of a grid, (row,); NaN where the row has none.

    Where a row has several crossings, the one nearest to the next row's is taken, from the row nearest to x2 = 0 on,
    and there the one nearest to x1 = 0. Each is then moved by regula falsi (Illinois) on the classifier itself.

    Args:
        logit: on the grid, (row, column).
        x: of the columns, ascending, (column,).
        y: of the rows, ascending, (row,).
        output: the classifier, from inputs (point, 2) to logits (point,).
    """
    columns = np.full(len(y), -1)
    middle = int(np.abs(y).argmin())
    for rows, aim in ((range(middle, len(y)), 0.0), (range(middle - 1, -1, -1), np.nan)):
        if np.isnan(aim):
            aim = x[columns[middle]] if columns[middle] >= 0 else 0.0
        for row in rows:
            changes = np.flatnonzero((logit[row, 1:] > 0) != (logit[row, :-1] > 0))
            if len(changes):
                columns[row] = changes[np.abs(x[changes] - aim).argmin()]
                aim = x[columns[row]]
    found = np.full(len(y), np.nan)
    met = np.flatnonzero((columns >= 0) & np.isfinite(logit).all(axis=1))
    if len(met):
        at = columns[met]
        found[met] = _refined((x[at], x[at + 1]), (logit[met, at], logit[met, at + 1]), y[met], output)
    return found


def _refined(
    ends: tuple[Floats, Floats], values: tuple[Floats, Floats], y: Floats, output: Callable[[Floats], Floats]
) -> Floats:
    """Return where `output` is 0 between two ends on rows, (row,) all."""
    (low, high), (f_low, f_high) = ends, values
    for _ in range(SECANTS):
        x = (low * f_high - high * f_low) / np.where(f_high == f_low, 1.0, f_high - f_low)
        f = output(np.column_stack([x, y]))
        same = (f > 0) == (f_high > 0)
        low, f_low = np.where(same, low, x), np.where(same, f_low / 2, f)
        high, f_high = np.where(same, x, high), np.where(same, f, f_high / 2)
    return np.asarray((low * f_high - high * f_low) / np.where(f_high == f_low, 1.0, f_high - f_low))


def residual(boundary: Floats, y: Floats) -> float:
    """Return the standard deviation of x1(x2) from its best straight line over |x2| < `REACH`.

    NaN where a row has no boundary: then it is no line from bottom to top.
    """
    inside = np.abs(y) < REACH
    x1, x2 = boundary[inside], y[inside]
    if not np.isfinite(x1).all() or len(x1) < 3:
        return float("nan")
    slope, offset = np.polyfit(x2, x1, 1)
    return float(np.std(x1 - slope * x2 - offset))


def distance(boundary: Floats, y: Floats, points: Floats) -> float:
    """Return the least distance of points (point, 2) from the boundary, taken as straight between rows."""
    place = np.column_stack([boundary, y])  # (row, 2)
    start, way = place[:-1], np.diff(place, axis=0)
    whole = np.isfinite(way).all(axis=1)
    if not whole.any():
        return float("nan")
    start, way = start[whole], way[whole]
    along = ((points[:, None] - start) * way).sum(axis=-1) / (way**2).sum(axis=-1)
    nearest = start + np.clip(along, 0, 1)[..., None] * way  # (point, segment, 2)
    return float(np.sqrt(((points[:, None] - nearest) ** 2).sum(axis=-1)).min())
