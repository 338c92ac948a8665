"""The tables of the study of a spurious brightness cue."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from core.studies.shades.experiment import PENALTIES, SHADES
from core.studies.shades.trajectory import ShadeTrajectory


def shades_path(trajectory: ShadeTrajectory) -> pd.DataFrame:
    """Return one row a penalty, p, seed and snapshot, in that order; empty from where a network diverged."""
    experiment = trajectory.experiment
    snapshots, runs, frequencies, penalties = trajectory["loss"].shape
    index = {
        "penalty": np.repeat(PENALTIES, frequencies * runs * snapshots),
        "p": np.tile(np.repeat(experiment.p, runs * snapshots), penalties),
        "seed": np.tile(np.repeat(experiment.seeds, snapshots), penalties * frequencies),
        "step": np.tile(trajectory.steps, penalties * frequencies * runs),
    }
    columns = {
        "loss_value": trajectory["loss"],
        "train_accuracy": trajectory["train_accuracy"],
        **{f"{name}_accuracy": trajectory["accuracy"][..., place] for place, name in enumerate(SHADES)},
    }
    return pd.DataFrame(index | {name: values.transpose(3, 2, 1, 0).ravel() for name, values in columns.items()})


def shades(trajectory: ShadeTrajectory) -> pd.DataFrame:
    """Return the last row of `shades_path` for every penalty, p and seed, with how the seed's training ended."""
    table = shades_path(trajectory)
    last = np.array([trajectory.last_snapshot(run) for run in range(trajectory.experiment.runs)])
    every = len(PENALTIES) * len(trajectory.experiment.p)
    rows = np.arange(every * len(last)) * len(trajectory.steps) + np.tile(last, every)
    outcomes = [trajectory.outcome(run) for run in range(len(last))] * every
    found: pd.DataFrame = table.iloc[rows].reset_index(drop=True)
    return found.assign(outcome=outcomes)


TABLES: Mapping[str, Callable[[ShadeTrajectory], pd.DataFrame]] = {"shades": shades, "shades_path": shades_path}
"""The tables by the name of their CSV file."""
