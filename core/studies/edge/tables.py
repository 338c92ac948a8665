"""The tables of the edge of stability."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from core.studies.edge.trajectory import EdgeTrajectory

SKIPPED = 0.1
"""The share of the steps after the crossing that a level is not read from: the first overshoots."""
LATE = 0.5
"""The share of all steps that the level of minibatches is not read from: they need not cross."""


def path(trajectory: EdgeTrajectory) -> pd.DataFrame:
    """Return one row a network and recorded step."""
    (rates, sizes), steps = np.array(trajectory.experiment.cells).T, trajectory.steps
    sharpness = trajectory["sharpness"].astype(np.float64)
    return pd.DataFrame(
        {
            "learning_rate": np.repeat(rates, len(steps)),
            "batch_size": np.repeat(sizes.astype(int), len(steps)),
            "step": np.tile(steps, len(rates)),
            "loss": trajectory["loss"].T.ravel(),
            "sharpness": sharpness.T.ravel(),
            "eta_sharpness": (rates * sharpness).T.ravel(),
        }
    )


def ends(trajectory: EdgeTrajectory) -> pd.DataFrame:
    """Return one row a network: when it crossed 2 / eta, where it stayed, and how often its loss rose."""
    experiment, steps = trajectory.experiment, trajectory.steps
    (rates, sizes), runs = np.array(experiment.cells).T, range(experiment.runs)
    stability = rates * trajectory["sharpness"].astype(np.float64)  # (snapshot, run)
    with np.errstate(invalid="ignore"):
        rising = np.where(trajectory["counted"] > 0, trajectory["rises"] / trajectory["counted"], np.nan)
    crossed = trajectory["crossed"]
    begins = np.where(crossed < 0, np.nan, crossed + SKIPPED * (steps[-1] - crossed))
    if experiment.batch_sizes:
        begins = np.full(len(runs), LATE * steps[-1])
    bands = np.array([_band(steps, stability[:, run], begin) for run, begin in enumerate(begins)])
    peak = np.fmax(trajectory["peak"], np.fmax.reduce(trajectory["loss"], axis=0))
    last = [trajectory.last_snapshot(run) for run in runs]
    return pd.DataFrame(
        {
            "learning_rate": rates,
            "batch_size": sizes.astype(int),
            "outcome": [trajectory.outcome(run) for run in runs],
            "steps": trajectory["end_step"],
            "crossed_step": np.where(crossed >= 0, crossed, np.nan),
            "eta_sharpness": bands[:, 1],
            "eta_sharpness_low": bands[:, 0],
            "eta_sharpness_high": bands[:, 2],
            "largest_eta_sharpness": [_most(stability[:, run]) for run in runs],
            "rising_before": rising[:, 0],
            "rising_after": rising[:, 1],
            "peak_ratio": peak / trajectory["loss"][0],
            "loss": trajectory["loss"][last, runs],
        }
    )


def _band(steps: np.ndarray, stability: np.ndarray, begin: float) -> tuple[float, float, float]:
    """Return the 5 %, 50 % and 95 % points of eta S from a step on; NaN where there is none."""
    known = stability[(steps >= begin) & np.isfinite(stability)]
    low, middle, high = np.quantile(known, (0.05, 0.5, 0.95)) if len(known) else (np.nan, np.nan, np.nan)
    return float(low), float(middle), float(high)


def _most(values: np.ndarray) -> float:
    return float(np.nanmax(values)) if np.isfinite(values).any() else np.nan


TABLES: Mapping[str, Callable[[EdgeTrajectory], pd.DataFrame]] = {"edge": path, "edge_ends": ends}
"""The tables by the name of their CSV file."""
