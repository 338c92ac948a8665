"""The Explorer's tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.observables.information import Information, information, tables
from core.observables.regimes import regimes
from core.studies.explorer.kinks import displacement
from core.studies.explorer.trajectory import PlaneTrajectory
from core.trajectory import Array

INFORMATION_FLOOR = 0.02
"""Bits of I(F;Y) below which a share of it is noise divided by noise."""


def plane(trajectory: PlaneTrajectory, runs: Sequence[int] | None = None) -> pd.DataFrame:
    """Return one row a run: where it lies in the plane, how it ended, and what was measured in its last state."""
    chosen = _chosen(trajectory, runs)
    last = history(trajectory, chosen).groupby("run", sort=False).last(skipna=False)
    ended = trajectory["outcome"][chosen]
    table = pd.DataFrame(_cell_columns(trajectory, chosen))
    table["outcome"] = np.array(trajectory.outcomes)[ended]
    table["steps"] = trajectory["end_step"][chosen]
    for name in HISTORY:
        table[name] = last[name].to_numpy()
    table["regime"] = regimes(ended, table["kink_displacement"].to_numpy(np.float32))
    table["mu_y_share"] = mu_share(table)
    return table


def information_table(trajectory: PlaneTrajectory, runs: Sequence[int] | None = None) -> pd.DataFrame:
    """Return one row a run and snapshot, up to the run's last state: bits, accuracies and the other scalars."""
    return history(trajectory, _chosen(trajectory, runs)).drop(columns="run")


HISTORY = (
    "mutual_information",
    "conditional_information",
    "mu_y",
    "mu_y_independent",
    "explainer_information",
    "standard_error",
    "accuracy",
    "explainer_accuracy",
    "train_error",
    "test_error",
    "loss",
    "relative_weight_change",
    "kink_displacement",
)


def history(trajectory: PlaneTrajectory, runs: Sequence[int]) -> pd.DataFrame:
    """Return `information_table` of `runs` with the run's number beside it."""
    measured = [_information(trajectory, run) for run in runs]
    moved = displacement(trajectory["kink_position"][:, list(runs)])
    columns: dict[str, Array] = {}
    for name in HISTORY:
        if name in Information.__dataclass_fields__:
            columns[name] = np.stack(
                [np.broadcast_to(getattr(one, name), len(trajectory.steps)) for one in measured], 1
            )
        else:
            columns[name] = moved if name == "kink_displacement" else trajectory[name][:, list(runs)]
    columns["accuracy"] = 1 - columns["test_error"].astype(np.float64)
    for name in ("mutual_information", "conditional_information", "mu_y", "mu_y_independent", "standard_error"):
        columns[name] = np.where(np.isnan(columns["test_error"]), np.nan, columns[name])  # NaN predicts no class
    return _tidy(trajectory, runs, columns)


def kinks(trajectory: PlaneTrajectory, runs: Sequence[int] | None = None) -> pd.DataFrame:
    """Return one row a run, snapshot (up to the run's last state) and first-layer unit."""
    chosen = _chosen(trajectory, runs)
    names = {"position": "kink_position", "slope_jump": "slope_jump", "active_right": "active_right"}
    columns = {name: trajectory[array][:, chosen] for name, array in names.items()}
    return _tidy(trajectory, chosen, columns, "neuron").drop(columns="run")


def function(trajectory: PlaneTrajectory, runs: Sequence[int] | None = None) -> pd.DataFrame:
    """Return one row a run, snapshot (up to the run's last state) and point of the data line: F there."""
    chosen = _chosen(trajectory, runs)
    grids = trajectory["line_grid"][[trajectory.seed_row(run) for run in chosen]]  # (run, grid)
    columns = {
        "position": np.broadcast_to(grids, (len(trajectory.steps), *grids.shape)),
        "output": trajectory["line_function"][:, chosen],
    }
    return _tidy(trajectory, chosen, columns, "point").drop(columns=["run", "point"])


def points(trajectory: PlaneTrajectory, runs: Sequence[int] | None = None) -> pd.DataFrame:
    """Return one row a training point of each seed: its place on the data line and its class."""
    seeds = dict.fromkeys(trajectory.cells[run].seed for run in _chosen(trajectory, runs))
    parts = []
    for seed in seeds:
        row = trajectory.experiment.seeds.index(seed)
        label = np.where(trajectory["train_label"][row], 1, -1)
        parts.append(pd.DataFrame({"seed": seed, "position": trajectory["train_projection"][row], "label": label}))
    return pd.concat(parts, ignore_index=True)


TABLES: Mapping[str, Callable[..., pd.DataFrame]] = {
    "plane": plane,
    "kinks": kinks,
    "function": function,
    "points": points,
    "information": information_table,
}
"""The tables by the name of their CSV file. Each takes a trajectory and, if not all, the runs wanted."""


def mu_share(table: pd.DataFrame) -> Array:
    """Return mu_y / mutual_information, NaN where the latter is too small to divide by."""
    enough = table["mutual_information"] >= INFORMATION_FLOOR
    return (table["mu_y"] / table["mutual_information"].where(enough)).to_numpy()


def _chosen(trajectory: PlaneTrajectory, runs: Sequence[int] | None) -> list[int]:
    return list(range(trajectory.experiment.runs)) if runs is None else list(runs)


def _information(trajectory: PlaneTrajectory, run: int) -> Information:
    row = trajectory.seed_row(run)
    counts = tables(
        trajectory["prediction"][:, run],
        trajectory["explainer_prediction"][row],
        trajectory["test_label"][row],
    )
    return information(counts)


def _cell_columns(trajectory: PlaneTrajectory, runs: Sequence[int]) -> dict[str, Array]:
    chosen = [trajectory.cells[run] for run in runs]
    return {
        "alpha": np.array([cell.alpha for cell in chosen]),
        "temperature": np.array([cell.temperature for cell in chosen]),
        "learning_rate": np.array([trajectory.experiment.learning_rate(cell.temperature) for cell in chosen]),
        "seed": np.array([cell.seed for cell in chosen]),
    }


def _tidy(
    trajectory: PlaneTrajectory, runs: Sequence[int], columns: Mapping[str, Array], unit: str | None = None
) -> pd.DataFrame:
    """Return a row for each run, snapshot and unit, run by run; nothing after the snapshot of a run's last state.

    Args:
        columns: arrays (snapshot, run) or, with the name of the last axis in `unit`, (snapshot, run, unit).
    """
    reached = np.array([trajectory.last_snapshot(run) for run in runs])
    kept = np.arange(len(trajectory.steps)) <= reached[:, None]  # (run, snapshot)
    each = next(iter(columns.values())).shape[2] if unit else 1
    run_row, snapshot = (np.repeat(part, each) for part in np.nonzero(kept))
    where = {"run": np.asarray(runs)[run_row]}
    where |= {name: values[run_row] for name, values in _cell_columns(trajectory, runs).items()}
    del where["learning_rate"]
    where["step"] = trajectory.steps[snapshot]
    if unit:
        where[unit] = np.tile(np.arange(each), int(kept.sum()))
    values: dict[str, Any] = {name: np.swapaxes(array, 0, 1)[kept].reshape(-1) for name, array in columns.items()}
    return pd.DataFrame(where | values)
