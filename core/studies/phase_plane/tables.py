"""The tables of networks over the phase plane: cells averaged over the seeds that fitted their data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.observables.of_cells import FEWEST, outcomes, over_seeds
from core.studies.phase_plane.lines import exponents, lines
from core.studies.phase_plane.onsets import onsets
from core.studies.phase_plane.trajectory import MEASURES, PhasePlaneTrajectory
from core.trajectory import DIVERGED, FITTED, STEP_LIMIT, UNFINISHED

AVERAGED = ("test_error", "steps", "time", "relative_weight_change", "kernel_change", "alignment")
"""The columns of `plane` that are means over fitted seeds."""

SCALED = ("steps", "time", "relative_weight_change")
"""Those of `scaling`."""


def plane(trajectory: PhasePlaneTrajectory) -> pd.DataFrame:
    """Return one row a cell: how its seeds ended, and means over those that fitted, at their fitting times."""
    experiment = trajectory.experiment
    ended = _by_seed(trajectory, trajectory["outcome"])  # (seed, cell)
    counts = {
        "fitted": (ended == FITTED).sum(axis=0),
        "diverged": (ended == DIVERGED).sum(axis=0),
        "unfinished": np.isin(ended, (STEP_LIMIT, UNFINISHED)).sum(axis=0),
    }
    table = pd.DataFrame(cell_columns(trajectory) | counts)
    enough = counts["fitted"] >= min(FEWEST, len(experiment.seeds))
    for name in AVERAGED:
        values = np.where((ended == FITTED) & enough, _by_seed(trajectory, _last(trajectory, name)), np.nan)
        table[name], table[f"{name}_deviation"] = over_seeds(values)
    table["outcome"] = outcomes(**counts, seeds=len(experiment.seeds))
    return table


def scaling(trajectory: PhasePlaneTrajectory) -> pd.DataFrame:
    """Return of `plane` the quantities that follow power laws of the temperature and of the training set's size."""
    columns = [name for measure in SCALED for name in (measure, f"{measure}_deviation")]
    return plane(trajectory)[[*CELL, "fitted", *columns]]


def history(trajectory: PhasePlaneTrajectory, cells: Sequence[int] | None = None) -> pd.DataFrame:
    """Return one row a cell and recorded step, until its last seed has ended: means over seeds and their deviation.

    A seed that has ended counts with its last state; one that has diverged counts no more from then on.

    Args:
        cells: rows of `plane`; by default all.
    """
    columns = cell_columns(trajectory)
    chosen = np.arange(len(columns["alpha"])) if cells is None else np.asarray(cells, np.int64)
    end = _by_seed(trajectory, trajectory["end_step"])[:, chosen]
    still = _by_seed(trajectory, trajectory["outcome"])[:, chosen] == UNFINISHED
    steps = trajectory.steps
    reached = np.minimum(np.searchsorted(steps, end.max(axis=0)), len(steps) - 1)  # (cell,)
    where = np.arange(len(steps)) <= reached[:, None]  # (cell, snapshot)
    row, snapshot = np.nonzero(where)
    table = {name: values[chosen][row] for name, values in columns.items()}
    rate = table.pop("learning_rate")
    table |= {"step": steps[snapshot], "time": rate * steps[snapshot]}
    table["live"] = ((end[:, row] > steps[snapshot]) | still[:, row]).sum(axis=0)
    for name in MEASURES:
        mean, deviation = over_seeds(_by_seed(trajectory, trajectory[name])[:, :, chosen])  # (snapshot, cell)
        table[name], table[f"{name}_deviation"] = mean[snapshot, row], deviation[snapshot, row]
    return pd.DataFrame(table)


CELL = ("n_train", "batch_size", "alpha", "temperature", "learning_rate")
"""What names a cell."""


def cell_columns(trajectory: PhasePlaneTrajectory) -> dict[str, NDArray[Any]]:
    """Return where each cell lies, in the order of the runs of one seed."""
    experiment = trajectory.experiment
    found = trajectory.cells[: experiment.cell_count]
    columns = {name: np.array([getattr(cell, name) for cell in found]) for name in CELL[:-1]}
    rates = [experiment.learning_rate(cell.temperature, cell.batch_size) for cell in found]
    return columns | {"learning_rate": np.array(rates)}


def _by_seed(trajectory: PhasePlaneTrajectory, values: NDArray[Any]) -> NDArray[Any]:
    """Return values whose last axis is that of runs as (seed, ..., cell)."""
    experiment = trajectory.experiment
    split = values.reshape(*values.shape[:-1], len(experiment.seeds), experiment.cell_count)
    return np.moveaxis(split, -2, 0)


def _last(trajectory: PhasePlaneTrajectory, name: str) -> NDArray[Any]:
    """Return a measure of every run in its last state."""
    if name == "steps":
        return np.asarray(trajectory["end_step"])
    if name == "time":
        rates = cell_columns(trajectory)["learning_rate"]
        return np.asarray(trajectory["end_step"] * np.tile(rates, len(trajectory.experiment.seeds)))
    return np.asarray(trajectory[name][-1])


TABLES: Mapping[str, Callable[[PhasePlaneTrajectory], pd.DataFrame]] = {
    "plane": plane,
    "scaling": scaling,
    "exponents": exponents,
    "lines": lines,
    "onsets": onsets,
    "history": history,
}
"""The tables by the name of their CSV file."""
