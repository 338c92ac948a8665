"""The lines over a phase plane and the exponents of its power laws."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.observables.power_laws import exponent, wide_enough
from core.studies.phase_plane.observables import (
    CRITICAL_CHANGE,
    FEATURE_CHANGE,
    LAZY_ALPHA,
    crossing,
    gd_to_noise,
    largest_temperature,
    lazy_window,
    temperature_exponent,
)
from core.studies.phase_plane.trajectory import PhasePlaneTrajectory
from core.trajectory import FITTED

Floats = NDArray[np.float64]

LINES = ("n_train", "batch_size", "name", "alpha", "temperature", "theory")
EXPONENTS = ("quantity", "against", "exponent", "standard_error", "theory", "low", "high")
FLAT_ALPHA = 2.0**4
"""From here on the largest temperature is expected not to depend on alpha."""


class Grid:
    """A trajectory's last states with an axis a field: (seed, n_train, batch_size, alpha, temperature)."""

    def __init__(self, trajectory: PhasePlaneTrajectory) -> None:
        experiment = self.experiment = trajectory.experiment
        axes = (experiment.seeds, experiment.n_train, experiment.batch_size, experiment.alphas, experiment.rows)
        shape = tuple(map(len, axes))
        self.alphas = np.array(experiment.alphas)
        self.temperatures = np.array([cell.temperature for cell in trajectory.cells]).reshape(shape)[0, 0, :, 0]
        self.fitted = (trajectory["outcome"] == FITTED).reshape(shape)
        change = trajectory["relative_weight_change"][-1].astype(np.float64).reshape(shape)
        self.change = np.where(self.fitted, change, np.nan)
        rate = self.temperatures * np.array(experiment.batch_size)[:, None] * experiment.width  # (batch_size, row)
        time = trajectory["end_step"].reshape(shape) * rate[:, None]
        self.time = np.where(self.fitted, time, np.nan)
        self.error = np.where(self.fitted, trajectory["test_error"][-1].astype(np.float64).reshape(shape), np.nan)
        self.kernel = experiment.width * trajectory["initial_kernel"].astype(np.float64)  # (seed, n_train)

    def of_size(self, n: int) -> float:
        """Return width * Theta at the n-th training-set size, the mean over seeds that are known."""
        known = self.kernel[:, n][np.isfinite(self.kernel[:, n])]
        return float(known.mean()) if len(known) else float("nan")


def lines(trajectory: PhasePlaneTrajectory) -> pd.DataFrame:
    """Return one row a point of each named line over each plane, theory's and measured ones."""
    grid = Grid(trajectory)
    rows = []
    for (n, n_train), (b, batch_size) in product(
        enumerate(grid.experiment.n_train), enumerate(grid.experiment.batch_size)
    ):
        for name, alpha, temperature, theory in _lines(grid, n, b):
            if np.isfinite(alpha) and np.isfinite(temperature):
                rows.append((n_train, batch_size, name, alpha, temperature, theory))
    return pd.DataFrame(rows, columns=list(LINES))


def _lines(grid: Grid, n: int, b: int) -> Iterator[tuple[str, float, float, bool]]:
    alphas, temperatures = grid.alphas, grid.temperatures[b]
    for alpha, onset in zip(alphas, gd_to_noise(alphas, grid.of_size(n)), strict=True):
        yield "gd_to_noise", float(alpha), float(onset), True
    most = grid.fitted[:, n, b].mean(axis=0) > 0.5  # (alpha, temperature)
    largest = largest_temperature(most, temperatures)
    for alpha, temperature in zip(alphas, largest, strict=True):
        yield "largest_temperature", float(alpha), float(temperature), False
    bends = (alphas <= 1) & np.isfinite(largest)
    if bends.any():
        shape = alphas[bends] ** temperature_exponent(grid.experiment.depth)
        scale = np.exp(np.log(largest[bends] / shape).mean())
        for alpha, temperature in zip(alphas[bends], scale * shape, strict=True):
            yield "largest_temperature", float(alpha), float(temperature), True
    for row, temperature in enumerate(temperatures):
        change = np.where(most[:, row], _mean(grid.change[:, n, b, :, row]), np.nan)
        yield "lazy_to_feature", crossing(alphas, change, FEATURE_CHANGE), float(temperature), False


def _mean(values: Floats) -> Floats:
    """Return the mean over the first axis of what is not NaN, NaN where nothing is."""
    known = np.isfinite(values)
    counted = np.where(known.any(axis=0), known.sum(axis=0), np.nan)
    return np.asarray(np.where(known, values, 0).sum(axis=0) / counted)


def exponents(trajectory: PhasePlaneTrajectory) -> pd.DataFrame:
    """Return one row a power law that this experiment has the cells for.

    In the lazy regime, at the largest alpha and the smallest batch size: of T, at each training-set size, and of the
    size, at each T, over the temperatures at which every fitted run is in the window of `lazy_window`. Over the plane:
    of alpha, for the largest temperature below and above alpha = 1. Standard errors are clustered over seeds. A window
    that is too narrow for a fit (`core.observables.power_laws.NARROWEST`) has a row without an exponent.
    """
    grid = Grid(trajectory)
    rows = [*_lazy(grid), *_largest(grid)]
    found = [row for row in rows if row[5] < row[6]]  # low, high
    return pd.DataFrame(found, columns=list(EXPONENTS))


Row = tuple[str, str, float, float, float, float, float]


def _lazy(grid: Grid) -> Iterator[Row]:
    if grid.alphas[-1] < LAZY_ALPHA:
        return
    sizes, temperatures = np.array(grid.experiment.n_train, np.float64), grid.temperatures[0]
    change, time = grid.change[:, :, 0, -1], grid.time[:, :, 0, -1]  # (seed, n_train, temperature)
    kernel = min(grid.of_size(n) for n in range(len(sizes)))
    window = lazy_window(change, temperatures, grid.alphas[-1], kernel)
    seed, size, hot = np.broadcast_arrays(*np.ix_(np.arange(len(change)), sizes, temperatures[window]))
    for name, values, theory in (("relative_weight_change", change, 1.0), ("time", time, 1.0)):
        inside = values[..., window].ravel()
        for against, x, group, known in (
            ("temperature", hot, size, theory),
            ("n_train", size, hot, np.nan),
        ):
            yield _row(name, against, x.ravel(), inside, seed.ravel(), group.ravel(), known)
    critical = [[crossing(temperatures, row, CRITICAL_CHANGE) for row in of_seed] for of_seed in change]
    where, who = np.broadcast_arrays(sizes[None], np.arange(len(change))[:, None])
    yield _row("critical_temperature", "n_train", where, np.array(critical), who, np.zeros_like(where), np.nan)


def _largest(grid: Grid) -> Iterator[Row]:
    alphas, sizes = grid.alphas, len(grid.experiment.n_train)
    largest = largest_temperature(grid.fitted[:, :, 0], grid.temperatures[0])  # (seed, n_train, alpha)
    theory = temperature_exponent(grid.experiment.depth)
    for part, known in ((alphas <= 1, theory), (alphas >= FLAT_ALPHA, 0.0)):
        where, size, who = np.broadcast_arrays(
            alphas[part], np.arange(sizes)[:, None], np.arange(len(largest))[:, None, None]
        )
        yield _row("largest_temperature", "alpha", where, largest[..., part], who, size, known)


def _row(
    quantity: str,
    against: str,
    x: Floats,
    values: Floats,
    seed: NDArray[np.int64],
    group: NDArray[np.generic],
    theory: float,
) -> Row:
    """Return the exponent of what is known, NaN where the window that this spans is too narrow, and the window."""
    known = np.isfinite(values)
    if not known.any():
        return quantity, against, np.nan, np.nan, theory, np.nan, np.nan
    low, high = float(x[known].min()), float(x[known].max())
    slope = error = np.nan
    if wide_enough(low, high):
        slope, error = exponent(*(part[known].tolist() for part in (x, values, seed, group)))
    return quantity, against, slope, error, theory, low, high
