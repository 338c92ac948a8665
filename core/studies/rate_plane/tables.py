"""The tables of a plane of learning rates."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.studies.rate_plane import theory
from core.studies.rate_plane.experiment import STABLE
from core.studies.rate_plane.trajectory import RatePlaneTrajectory

REGIMES = ("lazy", "sharpening", "edge of stability", "catapult", "diverged")
"""What cells are called; see `regime`."""
LOST = ("diverged", "stationary")
"""Outcomes of runs that training has destroyed."""
STAYS = 1.25
"""A lazy run's sharpness changes by less than this factor."""

Floats = NDArray[np.float64]


def plane(trajectory: RatePlaneTrajectory) -> pd.DataFrame:
    """Return one row a cell: how it ended, and in which regime."""
    experiment, steps = trajectory.experiment, trajectory.steps
    runs = [run for run, (_, c) in enumerate(experiment.cells) if c]
    alpha, c = np.array([experiment.cells[run] for run in runs]).T
    rate = c / curvature(trajectory)
    sharpness, loss = (trajectory[name].astype(np.float64)[:, runs] for name in ("sharpness", "loss"))
    last = [trajectory.last_snapshot(run) for run in runs]
    at = (last, range(len(runs)))
    stable = rate * sharpness  # (snapshot, run)
    ending = [trajectory.outcome(run) for run in runs]
    ends = trajectory["end_step"][runs]
    kept = np.where([how in LOST for how in ending], np.nan, 1.0)  # what diverged has no numbers
    largest = np.fmax.reduce(stable, axis=0)
    late = np.array([_late(steps, stable[:, run], int(end)) for run, end in enumerate(ends)])
    return pd.DataFrame(
        {
            "alpha": alpha,
            "c": c,
            "learning_rate": rate,
            "outcome": ending,
            "steps": ends,
            "regime": [regime(*row) for row in zip(ending, c, largest, sharpness[at] / sharpness[0], strict=True)],
            "late_eta_sharpness": kept * late,
            "largest_eta_sharpness": kept * largest,
            "sharpness_ratio": kept * sharpness[at] / curvature(trajectory),
            "spike_ratio": kept * np.fmax.reduce(loss, axis=0),
            "loss_ratio": kept * loss[at],
            "test_error": kept * trajectory["test_error"].astype(np.float64)[:, runs][at],
        }
    )


def regime(outcome: str, c: float, largest: float, change: float) -> str:
    """Return the regime of a run.

    diverged: or dead; catapult: c above 2, and it came back; edge of stability: eta S rose above 2 although c did not;
    lazy: the sharpness stayed within a factor `STAYS` of its start; sharpening: it did not, and eta S stayed below 2.

    Args:
        outcome: how the run ended; c: learning rate times initial curvature.
        largest: the largest eta S; change: the final sharpness over that at step 0.
    """
    if outcome == "unfinished":
        return outcome
    if outcome in LOST:
        return REGIMES[4]
    if c > STABLE:
        return REGIMES[3]
    if largest > STABLE:
        return REGIMES[2]
    return REGIMES[0] if 1 / STAYS < change < STAYS else REGIMES[1]


def sharpening(trajectory: RatePlaneTrajectory) -> pd.DataFrame:
    """Return one row an alpha: how much gradient flow sharpens, and what follows for gradient descent."""
    experiment = trajectory.experiment
    runs = [trajectory.run(alpha, 0.0) for alpha in experiment.alphas]
    alpha, depth = np.array(experiment.alphas), experiment.depth
    sharpness = trajectory["sharpness"].astype(np.float64)[:, runs] / curvature(trajectory)
    ratio = sharpness[[trajectory.last_snapshot(run) for run in runs], range(len(runs))]
    law = theory.law(alpha, ratio, depth)
    cells = plane(trajectory)
    kept = cells[~cells["outcome"].isin(LOST)].groupby("alpha")["c"].max()
    return pd.DataFrame(
        {
            "alpha": alpha,
            "outcome": [trajectory.outcome(run) for run in runs],
            "steps": trajectory["end_step"][runs],
            "initial_ratio": sharpness[0],
            "sharpness_ratio": ratio,
            "predicted_ratio": law,
            "onset_c": theory.onset(ratio),
            "predicted_onset_c": theory.onset(law),
            "largest_c": kept.reindex(alpha).to_numpy(),
        }
    )


def runs(trajectory: RatePlaneTrajectory) -> pd.DataFrame:
    """Return one row a run and snapshot; c is 0 along gradient flow."""
    steps, cells = trajectory.steps, np.array(trajectory.experiment.cells)
    alpha, c = (np.repeat(column, len(steps)) for column in cells.T)
    sharpness = trajectory["sharpness"].astype(np.float64).T.ravel()
    rate = np.where(c > 0, c / curvature(trajectory), np.nan)
    return pd.DataFrame(
        {
            "alpha": alpha,
            "c": c,
            "step": np.tile(steps, len(cells)),
            "loss_ratio": trajectory["loss"].T.ravel(),
            "sharpness": sharpness,
            "eta_sharpness": rate * sharpness,
            "test_error": trajectory["test_error"].T.ravel(),
        }
    )


def curvature(trajectory: RatePlaneTrajectory) -> float:
    """Return lambda_0, NaN before a shard has begun."""
    return float(np.fmax.reduce(trajectory["curvature"]))


def _late(steps: NDArray[np.int64], stable: Floats, end: int) -> float:
    """Return the median of eta S over the second half of a run's steps: single values swing about 2."""
    last = steps[np.searchsorted(steps, end)]  # which shows the final state
    known = stable[(steps >= end / 2) & (steps <= last) & np.isfinite(stable)]
    return float(np.median(known)) if len(known) else np.nan


TABLES: Mapping[str, Callable[[RatePlaneTrajectory], pd.DataFrame]] = {
    "rate_plane": plane,
    "sharpening": sharpening,
    "rate_plane_runs": runs,
}
"""The tables by the name of their CSV file."""
