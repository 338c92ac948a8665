"""The tables of networks on smooth targets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.studies.smooth_targets.experiment import SMOOTH, STARTS, TARGETS, SmoothTargets
from core.studies.smooth_targets.targets import INTERPOLANTS, PLACES, positions, target
from core.studies.smooth_targets.trajectory import SmoothTargetsTrajectory

Floats = NDArray[np.float64]

FITTED_FROM = 8
"""Rates are fitted over this many points and more: with fewer the grid is coarser than the targets' bends."""
METHODS = (*STARTS, *INTERPOLANTS)
THEORY = {"interpolant": 2.0, "spline": 4.0}
"""Rates in the spacing on a target that is smooth enough (de Boor 1978, for the spline with four derivatives)."""
KINKED = 1.5
"""The rate of either across a kink: an error of the order of the spacing over a length of it."""


def runs(trajectory: SmoothTargetsTrajectory) -> pd.DataFrame:
    """Return one row a network, and one an interpolant of the same points."""
    experiment = trajectory.experiment
    table = interpolants(experiment)
    last = trajectory["rms_error"][-1], trajectory["sup_error"], trajectory["fit_error"][-1]
    networks = pd.DataFrame(
        {
            **_places(experiment),
            "rms_error": last[0],
            "sup_error": last[1],
            "fit_error": last[2],
            "outcome": [trajectory.outcome(run) for run in range(experiment.runs)],
            "steps": trajectory["end_step"],
        }
    )
    return pd.concat([networks, table], ignore_index=True).astype({"steps": np.float64})


def motion(trajectory: SmoothTargetsTrajectory) -> pd.DataFrame:
    """Return one row a network and recorded step: its errors."""
    steps, experiment = trajectory.steps, trajectory.experiment
    index = {name: np.repeat(values, len(steps)) for name, values in _places(experiment).items()}
    errors = {name: trajectory[name].T.ravel() for name in ("rms_error", "fit_error")}
    return pd.DataFrame({**index, "step": np.tile(steps, experiment.runs), **errors})


def interpolants(experiment: SmoothTargets) -> pd.DataFrame:
    """Return one row a target, K, seed and interpolant: its errors, in closed form."""
    rows: list[dict[str, Any]] = []
    for name in TARGETS:
        for seed in experiment.seeds:
            f = target(name, seed, experiment.bound)
            for count in experiment.points:
                x = positions(count, seed)
                gap = float(np.diff(x).max())
                for method, through in INTERPOLANTS.items():
                    off = through(x, f(x))(PLACES) - f(PLACES)
                    bound = gap**2 * experiment.bound / 8 if method == "interpolant" and name in SMOOTH else np.nan
                    rows.append(
                        {
                            "target": name,
                            "points": count,
                            "seed": seed,
                            "method": method,
                            "spacing": 2 / (count - 1),
                            "widest_gap": gap,
                            "rms_error": float(np.sqrt(np.mean(off**2))),
                            "sup_error": float(np.abs(off).max()),
                            "fit_error": 0.0,
                            "sup_bound": bound,
                        }
                    )
    return pd.DataFrame(rows)


def rates(trajectory: SmoothTargetsTrajectory) -> pd.DataFrame:
    """Return one row a target and method: the rate of its error, and its size over the interpolant's."""
    table = runs(trajectory)
    return pd.DataFrame(
        [
            {"target": name, "method": method} | _summary(table[table["target"] == name], method)
            for name in TARGETS
            for method in METHODS
        ]
    )


def rate(spacing: Floats, error: Floats) -> float:
    """Return r of error ~ spacing^r by least squares in logarithms; NaN from fewer than two spacings.

    Args:
        spacing, error: (point count,), positive; what is not finite or not above 0 is left out.
    """
    known = np.isfinite(error) & (error > 0)
    if len(set(spacing[known].tolist())) < 2:
        return float("nan")
    return float(np.polyfit(np.log(spacing[known]), np.log(error[known]), 1)[0])


def mean_and_error(values: Floats) -> tuple[float, float]:
    """Return the mean of the finite values and its standard error, NaN where there are too few."""
    known = values[np.isfinite(values)]
    mean = float(known.mean()) if len(known) else float("nan")
    return mean, float(known.std(ddof=1) / np.sqrt(len(known))) if len(known) > 1 else float("nan")


def _summary(table: pd.DataFrame, method: str) -> dict[str, Any]:
    """Return the row of one method, from the rows of one target."""
    own = table[table["method"] == method]
    few = own[own["points"] >= FITTED_FROM]
    lines = table[(table["method"] == "interpolant") & (table["points"] >= FITTED_FROM)]
    slopes, logs = [], []
    for seed, rows in few.groupby("seed"):
        error, spacing = (rows[name].to_numpy(np.float64) for name in ("rms_error", "spacing"))
        beside = lines[lines["seed"] == seed]["rms_error"].to_numpy(np.float64)
        slopes.append(rate(spacing, error))
        logs.append(float(np.mean(np.log(error / beside))))
    slope, log = mean_and_error(np.array(slopes)), mean_and_error(np.array(logs))
    kinked = own["target"].iloc[0] not in SMOOTH
    ended = own["outcome"].dropna()
    return {
        "rate": slope[0],
        "rate_error": slope[1],
        "theory_rate": (KINKED if kinked else THEORY[method]) if method in THEORY else np.nan,
        "over_interpolant": float(np.exp(log[0])),
        "over_interpolant_error": log[1],
        "interpolates": float((ended == "interpolated").mean()) if len(ended) else 1.0,
    }


def _places(experiment: SmoothTargets) -> dict[str, Any]:
    """Return what tells the networks apart, (run,) each."""
    cells = experiment.cells
    gaps = {(cell.points, cell.seed): float(np.diff(positions(cell.points, cell.seed)).max()) for cell in cells}
    return {
        "target": [cell.target for cell in cells],
        "points": np.array([cell.points for cell in cells]),
        "seed": np.array([cell.seed for cell in cells]),
        "method": [cell.start for cell in cells],
        "spacing": np.array([2 / (cell.points - 1) for cell in cells]),
        "widest_gap": np.array([gaps[cell.points, cell.seed] for cell in cells]),
    }


TABLES: Mapping[str, Callable[[SmoothTargetsTrajectory], pd.DataFrame]] = {
    "smooth_targets": runs,
    "smooth_targets_rates": rates,
    "smooth_targets_motion": motion,
}
"""The tables by the name of their CSV file."""
