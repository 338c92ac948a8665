"""The critical temperature of each training-set size, by two measures: the weights' change and the test error.

T_c of Sclocchi, Geiger, Wyart 2023 (2301.13703) is where the noise of SGD starts to affect performance: where the test
error leaves the plateau that it has at low temperatures. The weights pass a fixed change elsewhere, at a lower T.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.studies.phase_plane.lines import Grid
from core.studies.phase_plane.observables import CRITICAL_CHANGE, LAZY_ALPHA
from core.studies.phase_plane.trajectory import PhasePlaneTrajectory

Floats = NDArray[np.float64]

ONSETS = ("n_train", "measure", "critical_temperature", "interval_low", "interval_high", "reached")
MEASURES = ("relative_weight_change", "test_error")
DEPARTURE = 0.1
"""Share of the plateau by which the test error has left it."""
COLDEST = 3
"""The temperatures over which the plateau is the mean."""
DRAWS = 999
LEVEL = 0.95


def onsets(trajectory: PhasePlaneTrajectory) -> pd.DataFrame:
    """Return one row a training-set size and measure: T_c of the mean over seeds, with its bootstrap interval.

    At the largest alpha and the smallest batch size, where that is lazy. The interval is that of percentiles, seeds
    drawn with replacement, the same draws at every size; `reached` is the share of draws in which there is a T_c on the
    grid. An end of an interval is empty where it lies beyond the grid; so is T_c.
    """
    grid = Grid(trajectory)
    if grid.alphas[-1] < LAZY_ALPHA or len(grid.temperatures[0]) <= COLDEST:
        return pd.DataFrame(columns=list(ONSETS))
    seeds = len(grid.experiment.seeds)
    drawn = np.random.default_rng(0).integers(seeds, size=(DRAWS, seeds))
    drawn = np.concatenate([np.arange(seeds)[None], drawn])  # what was measured, then the draws
    rows = []
    for n, n_train in enumerate(grid.experiment.n_train):
        for measure, values in zip(MEASURES, (grid.change, grid.error), strict=True):
            mean = _mean(values[:, n, 0, -1][drawn])  # (draw, temperature)
            away = np.log(mean / CRITICAL_CHANGE) if measure == "relative_weight_change" else departure(mean)
            found = onset(away, grid.temperatures[0])
            rows.append((n_train, measure, *_summary(found[0], found[1:])))
    return pd.DataFrame(rows, columns=list(ONSETS))


def departure(error: Floats) -> Floats:
    """Return by how much errors (..., temperature) have left their plateau: as a share of it, less `DEPARTURE`."""
    plateau = error[..., :COLDEST].mean(axis=-1, keepdims=True)
    return np.asarray(np.abs(error / plateau - 1) - DEPARTURE)


def onset(away: Floats, temperature: Floats) -> Floats:
    """Return the T from which on `away` is positive, (...,): 0 if it is everywhere, infinity if not at the hottest T.

    Args:
        away: (..., temperature); NaN where it is not known, which counts as not away unless all hotter are unknown too.
        temperature: (temperature,), increasing; between two of them `away` is a straight line in log T.
    """
    x = np.log(temperature)
    places = np.arange(len(x))
    last = np.where(np.isfinite(away), places, -1).max(axis=-1)  # the hottest that is known
    still = np.where((away > 0) | (places > last[..., None]), -1, places).max(axis=-1)  # the hottest that is not away
    low = np.clip(still, 0, len(x) - 2)
    below, above = (np.take_along_axis(away, place[..., None], axis=-1)[..., 0] for place in (low, low + 1))
    share = np.where(np.isfinite(below) & (above > below), -below / np.where(above > below, above - below, 1), 0)
    found = np.exp(x[low] + share * (x[low + 1] - x[low]))
    found = np.where(still < 0, 0, found)
    return np.where((still >= last) | (last < 0), np.inf, found)


def _mean(values: Floats) -> Floats:
    """Return the mean over the axis before the last of what is not NaN, NaN where nothing is."""
    known = np.isfinite(values)
    count = np.where(known.any(axis=-2), known.sum(axis=-2), np.nan)
    return np.asarray(np.where(known, values, 0).sum(axis=-2) / count)


def _summary(measured: float, drawn: Floats) -> tuple[float, float, float, float]:
    """Return T_c, the ends of its interval, and the share of draws that have one; NaN beyond the grid."""
    ends = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], method="nearest")
    low, high = np.where(np.isfinite(ends) & (len(np.unique(drawn)) > 1), ends, np.nan)
    on_grid = np.isfinite(drawn) & (drawn > 0)
    return _on_grid(measured), _on_grid(low), _on_grid(high), float(on_grid.mean())


def _on_grid(temperature: float) -> float:
    return float(temperature) if np.isfinite(temperature) and temperature > 0 else float("nan")
