"""The tables of the study of the perceptron."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from core.datasets.perceptron import draw
from core.studies.perceptron.observables import corners
from core.studies.perceptron.scaling import exponents, scaling
from core.studies.perceptron.theory import test_error
from core.studies.perceptron.trajectory import PerceptronTrajectory
from core.trajectory import DIVERGED, FITTED, STEP_LIMIT, UNFINISHED

CELL = ("chi", "n_train", "alpha", "batch_size", "learning_rate", "temperature")
MEASURES = ("test_error", "steps", "time", "signal", "noise_norm", "weight_norm", "lambda")
"""What is measured of a run that fitted."""

FEWEST = 3
"""Fewer fitted seeds than this, or than there are, give no mean."""

NEAREST, OTHERS = 200, 150
"""Training points that are shown: the nearest to the decision boundary, which are fitted last, and the first others."""


def runs(trajectory: PerceptronTrajectory) -> pd.DataFrame:
    """Return one row a run: its cell, its seed, how it ended, and what it came to; NaN where it never began."""
    cells = trajectory.experiment.cells
    table = pd.DataFrame({name: [getattr(cell, name) for cell in cells] for name in (*CELL, "seed")})
    signal, noise = trajectory["end_signal"], trajectory["end_noise"]
    known = np.isfinite(signal)
    steps = np.where(known, trajectory["end_step"], np.nan)
    ratio = _ratio(signal, noise)
    table["outcome"] = [trajectory.outcome(run) for run in range(len(cells))]
    table["events"] = trajectory["events"]
    table["unfitted_share"] = np.where(known, trajectory["end_unfitted"] / table["n_train"], np.nan)
    chis = table["chi"].to_numpy()
    table["test_error"] = _by_chi(ratio, chis)
    table["steps"] = steps
    table["time"] = steps * table["learning_rate"]
    table["signal"], table["noise_norm"], table["weight_norm"] = signal, noise, np.hypot(signal, noise)
    table["lambda"] = ratio
    return table


def plane(trajectory: PerceptronTrajectory) -> pd.DataFrame:
    """Return one row a cell: how its seeds ended, and means and standard deviations over those that fitted."""
    experiment, table = trajectory.experiment, runs(trajectory)
    shape = (len(experiment.seeds), experiment.cells_a_seed)
    ended = trajectory["outcome"].reshape(shape)
    found = table[list(CELL)].iloc[: shape[1]].reset_index(drop=True)
    fitted, diverged = (ended == FITTED).sum(axis=0), (ended == DIVERGED).sum(axis=0)
    found["fitted"], found["diverged"] = fitted, diverged
    found["unfinished"] = ((ended == STEP_LIMIT) | (ended == UNFINISHED)).sum(axis=0)
    enough = fitted >= min(FEWEST, shape[0])
    for name in MEASURES:
        values = np.ma.masked_array(table[name].to_numpy(np.float64).reshape(shape), ended != FITTED)
        found[name] = np.where(enough, values.mean(axis=0).filled(np.nan), np.nan)
        deviation = values.std(axis=0, ddof=1).filled(np.nan) if shape[0] > 1 else np.full(shape[1], np.nan)
        found[f"{name}_deviation"] = np.where(enough, deviation, np.nan)
    lost = np.where(diverged > found["unfinished"], "diverged", "unfinished")
    few = (fitted > 0) & (fitted >= found["unfinished"] + diverged)
    found["outcome"] = np.where(enough, "fitted", np.where(few, "few", lost))
    return found


def lines(trajectory: PerceptronTrajectory) -> pd.DataFrame:
    """Return the lines between the phases of every (batch size, learning rate) plane, two ends a line; measured."""
    table, rows = plane(trajectory), []
    for key, cells in table.groupby(["chi", "n_train", "alpha"], sort=False):
        batch, rate = (cells[name].to_numpy(np.float64) for name in ("batch_size", "learning_rate"))
        found = corners(batch, rate, cells["weight_norm"].to_numpy(np.float64))
        if found is None:
            continue
        ends: Mapping[str, tuple[tuple[float, float], ...]] = {
            "critical_temperature": (
                (batch.min(), found.temperature * batch.min()),
                (found.batch, found.rate),
            ),
            "critical_batch": ((found.batch, found.rate), (found.batch, rate.max())),
            "critical_learning_rate": ((found.batch, found.rate), (batch.max(), found.rate)),
        }
        rows += [(*key, name, *end) for name, both in ends.items() for end in both]
    return pd.DataFrame(rows, columns=["chi", "n_train", "alpha", "name", "batch_size", "learning_rate"])


def path(trajectory: PerceptronTrajectory, run: int | None = None) -> pd.DataFrame:
    """Return one row a snapshot of a run of the first seed (else the watched one), up to its last state."""
    run, last = _watched(trajectory, run)
    cell = trajectory.experiment.cells[run]
    signal, noise, unfitted = (trajectory[name][:last, run] for name in ("signal", "noise", "unfitted"))
    ratio = _ratio(signal.astype(np.float64), noise.astype(np.float64))
    step = np.minimum(trajectory.steps[:last], trajectory["end_step"][run])
    columns: dict[str, Any] = {name: getattr(cell, name) for name in CELL}
    columns |= {"step": step, "time": step * cell.learning_rate, "signal": signal, "noise_norm": noise}
    error = np.where(np.isnan(ratio), 0.5, test_error(ratio, cell.chi))  # w = 0 says nothing
    columns |= {"lambda": ratio, "unfitted_share": unfitted / cell.n_train}
    return pd.DataFrame(columns | {"test_error": np.where(np.isnan(signal), np.nan, error)})


def points(trajectory: PerceptronTrajectory, run: int | None = None) -> pd.DataFrame:
    """Return one row a snapshot and shown training point of a run: where it lies, and whether it is still unfitted.

    The decision boundary of that snapshot is w_1 x_1 + |w_perp| xi = 0, xi being the coordinate along w_perp.
    """
    run, last = _watched(trajectory, run)
    experiment = trajectory.experiment
    cell = experiment.cells[run]
    x, label = draw(cell.chi, experiment.dimensions, cell.n_train, cell.seed)
    near = np.argsort(np.abs(x[:, 0]), kind="stable")
    shown = np.concatenate([near[:NEAREST], np.sort(near[NEAREST:])[:OTHERS]])
    xi = trajectory["direction"][:last, run].astype(np.float64) @ x[shown, 1:].T  # (snapshot, point)
    signal, noise = (trajectory[name][:last, run, None].astype(np.float64) for name in ("signal", "noise"))
    margin = label[shown] * (signal * x[shown, 0] + noise * xi) / np.sqrt(experiment.dimensions)
    snapshots, count = xi.shape
    return pd.DataFrame(
        {
            "step": np.repeat(np.minimum(trajectory.steps[:last], trajectory["end_step"][run]), count),
            "point": np.tile(shown, snapshots),
            "x1": np.tile(x[shown, 0], snapshots),
            "xi": xi.reshape(-1),
            "label": np.tile(label[shown].astype(np.int64), snapshots),
            "unfitted": (margin < cell.kappa * (1 - ROUNDING)).reshape(-1),
        }
    )


ROUNDING = 1e-2
"""Directions are kept to three digits: a margin so little below kappa counts as fitted."""


def _watched(trajectory: PerceptronTrajectory, run: int | None) -> tuple[int, int]:
    """Return the run and how many snapshots it has, the first that shows its last state included."""
    run = trajectory.experiment.watched if run is None else run
    return run, max(trajectory.last_snapshot(run), 1) + 1


def _ratio(signal: Any, noise: Any) -> Any:
    """Return lambda, NaN for w = 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((signal == 0) & (noise == 0), np.nan, signal / noise)


def _by_chi(ratio: Any, chis: Any) -> Any:
    found = np.full(len(ratio), np.nan)
    for chi in np.unique(chis):
        found[chis == chi] = test_error(ratio[chis == chi], float(chi))
    return found


def scaling_of(trajectory: PerceptronTrajectory) -> pd.DataFrame:
    """Return `scaling.scaling` of all runs."""
    return scaling(runs(trajectory))


def exponents_of(trajectory: PerceptronTrajectory) -> pd.DataFrame:
    """Return `scaling.exponents` of all runs."""
    return exponents(scaling_of(trajectory))


TABLES: Mapping[str, Callable[[PerceptronTrajectory], pd.DataFrame]] = {
    "plane": plane,
    "runs": runs,
    "lines": lines,
    "scaling": scaling_of,
    "exponents": exponents_of,
    "path": path,
    "points": points,
}
"""The tables by the name of their CSV file."""
