"""The tables of the study of linear models that overfit from three initializations."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from core.observables.information import information
from core.studies.linear_model.experiment import STARTS
from core.studies.linear_model.theory import Floats, approximate, population_accuracy, population_table
from core.studies.linear_model.trajectory import LinearTrajectory

GRID = 121
"""Ratios d / n at which the approximation is tabulated, from just above the least to the greatest."""


def path(trajectory: LinearTrajectory) -> pd.DataFrame:
    """Return one row an initialization, seed and snapshot, in that order; empty from where a run was found diverged."""
    experiment = trajectory.experiment
    accuracy = _accuracy(trajectory, trajectory["signal"], trajectory["noise"])
    known = np.isfinite(accuracy)
    noisy, clean = (information(population_table(accuracy, eta)) for eta in (experiment.eta, 0.0))
    columns = {
        "loss": trajectory["loss"],
        "train_accuracy": trajectory["train_accuracy"],
        "population_accuracy": accuracy,
        "mu_y": np.where(known, noisy.mu_y, np.nan),
        "mu_y_clean": np.where(known, clean.mu_y, np.nan),
        "explainer_information": np.full_like(accuracy, _explained(experiment.eta)),
        "signal": trajectory["signal"],
        "noise_norm": trajectory["noise"],
    }
    snapshots, runs, starts = accuracy.shape
    index = {
        "start": np.repeat(STARTS, runs * snapshots),
        "seed": np.tile(np.repeat(experiment.seeds, snapshots), starts),
        "step": np.tile(trajectory.steps, starts * runs),
    }
    return pd.DataFrame(index | {name: np.ravel(values.T) for name, values in columns.items()})


def ends(trajectory: LinearTrajectory) -> pd.DataFrame:
    """Return one row a ratio, initialization and seed: the interpolator nearest to it, and what approximates it."""
    experiment, ratios = trajectory.experiment, trajectory.experiment.every_ratio
    accuracy = _accuracy(trajectory, trajectory["end_signal"], trajectory["end_noise"])  # (run, ratio, start)
    runs, _, starts = accuracy.shape
    columns = {
        "d_over_n": np.repeat(ratios, starts * runs),
        "dimensions": np.repeat([experiment.dimensions(ratio) for ratio in ratios], starts * runs),
        "start": np.tile(np.repeat(STARTS, runs), len(ratios)),
        "seed": np.tile(experiment.seeds, starts * len(ratios)),
        "interpolator_accuracy": np.ravel(accuracy.transpose(1, 2, 0)),
        "approximate_accuracy": np.repeat(_approximate(trajectory, np.array(ratios)).ravel(), runs),
    }
    return pd.DataFrame(columns)


def approximation(trajectory: LinearTrajectory) -> pd.DataFrame:
    """Return one row an initialization and ratio: the accuracy that the nearest interpolator has for large n and d."""
    ratios = trajectory.experiment.every_ratio
    grid = np.geomspace(ratios[0], ratios[-1] * (1.001 if len(ratios) == 1 else 1), GRID)
    columns = {
        "start": np.repeat(STARTS, GRID),
        "d_over_n": np.tile(grid, len(STARTS)),
        "approximate_accuracy": np.ravel(_approximate(trajectory, grid).T),
    }
    return pd.DataFrame(columns)


def runs(trajectory: LinearTrajectory) -> pd.DataFrame:
    """Return one row an initialization and seed: how SGD ended, and the interpolator nearest to its start."""
    experiment = trajectory.experiment
    table = path(trajectory)
    last = [trajectory.last_snapshot(run) for run in range(experiment.runs)]
    snapshots = len(trajectory.steps)
    rows = [
        (start * experiment.runs + run) * snapshots + last[run]
        for start in range(len(STARTS))
        for run in range(experiment.runs)
    ]
    measured = table.iloc[rows].reset_index(drop=True)
    known = ends(trajectory)
    nearest = known[known["d_over_n"] == experiment.d_over_n]["interpolator_accuracy"].to_numpy()
    found = measured[["start", "seed"]].assign(
        outcome=[trajectory.outcome(run) for run in range(experiment.runs)] * len(STARTS),
        steps=np.tile(trajectory["end_step"], len(STARTS)),
    )
    return found.join(measured[["loss", "train_accuracy", "population_accuracy", "mu_y", "mu_y_clean"]]).assign(
        interpolator_accuracy=nearest
    )


def _accuracy(trajectory: LinearTrajectory, signal: Floats, noise: Floats) -> Floats:
    return population_accuracy(signal, noise, trajectory.experiment.sigma)


def _approximate(trajectory: LinearTrajectory, ratios: Floats) -> Floats:
    """Return accuracies (ratio, start)."""
    experiment = trajectory.experiment
    signal, noise = approximate(
        experiment.n, experiment.n * ratios[:, None], np.array(STARTS), experiment.eta, experiment.sigma
    )
    return population_accuracy(signal, noise, experiment.sigma)


def _explained(eta: float) -> float:
    """Return I(L; Y) = 1 - h(eta) bits."""
    return float(information(population_table(1.0, eta)).explainer_information)


TABLES: Mapping[str, Callable[[LinearTrajectory], pd.DataFrame]] = {
    "path": path,
    "ends": ends,
    "approximation": approximation,
    "runs": runs,
}
"""The tables by the name of their CSV file."""
