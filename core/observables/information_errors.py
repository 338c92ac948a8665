"""What a test set of N points can tell of I(F; Y), I(F; Y | L) and mu_Y: noise floors and bootstrap intervals.

Three different things. `Information.standard_error` (delta method) and `bootstrap` say how far an estimate may be off
over draws of the test set; `noise_floor` says how large it gets when there is nothing. None of them knows about
training seeds, whose spread has to be shown beside it.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.observables.information import mutual_and_conditional

Floats = NDArray[np.float64]
Measure = Literal["mu_y", "mutual_information"]

AT_ONCE = 2_000_000
"""Cells of drawn tables that are held in memory together."""


class NoiseFloor(NamedTuple):
    """Bits that an estimate from plain frequencies stays below, with probability `level`, where the truth is 0."""

    mutual_information: Floats
    conditional_information: Floats


def noise_floor(points: ArrayLike, classes: int = 2, level: float = 0.95) -> NoiseFloor:
    """Return the G-test's ceilings of I(F; Y) and of I(F; Y | L) for so many test points.

    2 N ln 2 I is chi-squared with (K-1)^2 degrees of freedom if F and Y are independent, and with K (K-1)^2 if they are
    given L (Wilks 1938; all cells expected to be occupied). With two classes: 2.77 / N and 4.32 / N bits.
    """
    n = np.asarray(points, np.float64)
    if (n <= 0).any():
        raise ValueError(f"points: more than 0; got {n.min():g}.")
    if classes < 2:
        raise ValueError(f"classes: at least 2; got {classes}.")
    _check_level(level)
    from scipy.special import gammaincinv  # type: ignore[import-untyped]  # scipy.stats takes a second to import

    free = (classes - 1) ** 2
    mutual, conditional = (2 * gammaincinv(times * free / 2, level) / (2 * np.log(2) * n) for times in (1, classes))
    return NoiseFloor(mutual, conditional)


def bootstrap(
    counts: ArrayLike, draws: int = 500, seed: int = 0, level: float = 0.95, measure: Measure = "mu_y"
) -> tuple[Floats, Floats]:
    """Return the percentile interval of mu_y, or of I(F; Y), for tables (..., F, L, Y) of counts.

    Each table is drawn `draws` times from its own frequencies, with its own number of points. Near 0 the interval of
    I(F; Y) means little, and I(F; Y | L) gets none: an estimate that is never negative has no percentile below 0, so
    such an interval never holds the truth 0; compare with `noise_floor` there. A table without points gives NaN.

    Returns:
        low, high: with the leading axes of the tables.
    """
    table = np.asarray(counts)
    _check_counts(table)
    if draws < 1:
        raise ValueError(f"draws: at least 1; got {draws}.")
    _check_level(level)
    lead, cells = table.shape[:-3], table.shape[-3:]
    flat = table.reshape(-1, int(np.prod(cells)))
    rng = np.random.default_rng(seed)
    rows = max(1, AT_ONCE // (draws * flat.shape[1]))
    parts = [_drawn(flat[first : first + rows], cells, draws, rng, measure) for first in range(0, len(flat), rows)]
    values = np.concatenate(parts, axis=1) if parts else np.empty((draws, 0))
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return low.reshape(lead), high.reshape(lead)


def _drawn(
    tables: NDArray[np.generic], cells: tuple[int, ...], draws: int, rng: np.random.Generator, measure: Measure
) -> Floats:
    """Return the measure of redrawn tables, (draw, table)."""
    mutual, conditional = mutual_and_conditional(redrawn(tables.reshape(-1, *cells), draws, rng))
    return mutual if measure == "mutual_information" else mutual - conditional


def redrawn(counts: NDArray[np.generic], draws: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return tables (table, F, L, Y) drawn anew from their own frequencies, each with its points: (draw, *counts)."""
    tables = counts.reshape(len(counts), -1)
    points = tables.astype(np.int64).sum(axis=1)
    shares = tables / np.maximum(points, 1)[:, None]
    shares[points == 0, 0] = 1  # draws no points
    return rng.multinomial(points, shares, size=(draws, len(tables))).reshape(draws, *counts.shape)


def _check_counts(table: NDArray[np.generic]) -> None:
    if table.ndim < 3 or not table.shape[-3] == table.shape[-2] == table.shape[-1]:
        raise ValueError(f"counts: tables (..., F, L, Y) with as many classes on each axis; got {table.shape}.")
    if not np.issubdtype(table.dtype, np.integer):
        raise ValueError(f"counts: whole numbers of points; got {table.dtype} values.")
    if (table < np.zeros((), table.dtype)).any():
        raise ValueError(f"counts: none below 0; got {table.min()}.")


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"level: between 0 and 1; got {level:g}.")
