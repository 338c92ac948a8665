"""The tables of the study of two features of a linearised network."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from core.studies.strengths.experiment import Strengths
from core.studies.strengths.theory import PENALTIES, decoupled_responses, ridge_responses, starvation
from core.studies.strengths.trajectory import StrengthTrajectory

GRID = 97
"""Strengths s_1 at which the fixed points are tabulated, evenly spaced in the logarithm, along with those trained."""


def fixed_points_of(experiment: Strengths) -> pd.DataFrame:
    """Return one row a penalty and s_1, ascending: the fixed points, and d z_2 / d s_1 there; nothing is trained."""
    first = grid(experiment)
    strengths = np.column_stack([first, np.full_like(first, experiment.second)])
    ridge = ridge_responses(strengths, experiment.angle, experiment.ridge)
    decoupled = np.tile(decoupled_responses(experiment.angle, experiment.decoupling), (len(first), 1))
    slopes = np.concatenate([starvation(strengths, experiment.angle, experiment.ridge), np.zeros(len(first))])
    both = np.concatenate([ridge, decoupled])
    return pd.DataFrame(
        {
            "penalty": np.repeat(PENALTIES, len(first)),
            "s_1": np.tile(first, 2),
            "z_1": both[:, 0],
            "z_2": both[:, 1],
            "dz_2_ds_1": slopes,
        }
    )


def grid(experiment: Strengths) -> np.ndarray:
    """Return the s_1 of `fixed_points_of`, (s_1,): from 1 or less, to 10 or more, and those of the experiment."""
    low, high = min(1.0, experiment.strengths[0]), max(10.0, experiment.strengths[-1])
    return np.unique(np.concatenate([np.geomspace(low, high, GRID), experiment.strengths]))


def strengths(trajectory: StrengthTrajectory) -> pd.DataFrame:
    """Return one row a run and recorded step, and one a run for its fixed point, which has no step."""
    experiment, steps = trajectory.experiment, trajectory.steps
    known = fixed_points_of(experiment).set_index(["penalty", "s_1"])
    tables = []
    for run, (first, penalty) in enumerate(experiment.cells):
        z = trajectory["response"][:, run]
        resting = known.loc[(penalty, first), ["z_1", "z_2"]].to_numpy(np.float64)
        rows = pd.DataFrame({"step": [*steps.tolist(), None], "z_1": [*z[:, 0], resting[0]]}).astype({"step": "Int64"})
        rows["z_2"], rows["loss"] = [*z[:, 1], resting[1]], [*trajectory["loss"][:, run], np.nan]
        rows.insert(0, "source", ["descent"] * len(steps) + ["fixed_point"])
        rows.insert(0, "penalty", penalty)
        rows.insert(0, "s_1", first)
        tables.append(rows)
    return pd.concat(tables, ignore_index=True)


def fixed_points(trajectory: StrengthTrajectory) -> pd.DataFrame:
    """Return `fixed_points_of` the experiment."""
    return fixed_points_of(trajectory.experiment)


def ends(trajectory: StrengthTrajectory) -> pd.DataFrame:
    """Return one row a run: where it ended, and its fixed point."""
    table = strengths(trajectory)
    resting = table[table["source"] == "fixed_point"].reset_index(drop=True)
    experiment = trajectory.experiment
    last = [trajectory["response"][trajectory.last_snapshot(run), run] for run in range(experiment.runs)]
    return resting[["s_1", "penalty"]].assign(
        outcome=[trajectory.outcome(run) for run in range(experiment.runs)],
        steps=trajectory["end_step"],
        z_1=[z[0] for z in last],
        z_2=[z[1] for z in last],
        fixed_z_1=resting["z_1"],
        fixed_z_2=resting["z_2"],
    )


TABLES: Mapping[str, Callable[[StrengthTrajectory], pd.DataFrame]] = {
    "strengths": strengths,
    "fixed_points": fixed_points,
    "ends": ends,
}
"""The tables by the name of their CSV file."""
