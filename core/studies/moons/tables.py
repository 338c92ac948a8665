"""The tables of the study of two moons at a margin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from core.studies.moons.trajectory import COMPONENTS, MoonTrajectory, centres


def moons(trajectory: MoonTrajectory) -> pd.DataFrame:
    """Return one row a run and recorded epoch; empty from where a run was found diverged."""
    names = ("residual", "mean_logit", "distance", "loss", "accuracy")
    return _index(trajectory).assign(**{name: trajectory[name].T.ravel() for name in names})


def boundary(trajectory: MoonTrajectory) -> pd.DataFrame:
    """Return one row a run, recorded epoch and x2: the x1 at which the logit is 0, empty where it is nowhere."""
    x2 = centres()
    index = _index(trajectory)
    whole = index.loc[index.index.repeat(len(x2))].reset_index(drop=True)
    return whole.assign(x2=np.tile(x2, len(index)), x1=np.swapaxes(trajectory["boundary"], 0, 1).ravel())


def responses(trajectory: MoonTrajectory) -> pd.DataFrame:
    """Return one row a run and recorded epoch: yhat along two eigenvectors of the first tangent kernel."""
    columns: dict[str, Any] = {
        f"z_{number}": trajectory["response"][:, :, place].T.ravel() for place, number in enumerate(COMPONENTS)
    }
    return _index(trajectory).assign(**columns)


def points(trajectory: MoonTrajectory) -> pd.DataFrame:
    """Return one row a margin, seed and training point; all penalties have the same."""
    experiment, tables = trajectory.experiment, []
    for run, (margin, penalty, seed) in enumerate(experiment.cells):
        if penalty == "none":
            x = trajectory["point"][run]
            columns = {"x1": x[:, 0], "x2": x[:, 1], "label": trajectory["label"][run]}
            tables.append(pd.DataFrame({"margin": margin, "seed": seed} | columns))
    return pd.concat(tables, ignore_index=True)


def runs(trajectory: MoonTrajectory) -> pd.DataFrame:
    """Return one row a run: how it ended."""
    experiment, steps = trajectory.experiment, len(trajectory.steps)
    rows = [run * steps + trajectory.last_snapshot(run) for run in range(experiment.runs)]
    last = moons(trajectory).iloc[rows].reset_index(drop=True)
    outcomes = [trajectory.outcome(run) for run in range(experiment.runs)]
    ended = last[["margin", "penalty", "seed"]].assign(outcome=outcomes, steps=trajectory["end_step"])
    return ended.join(last[["residual", "mean_logit", "distance", "loss", "accuracy"]])


def _index(trajectory: MoonTrajectory) -> pd.DataFrame:
    """Return margin, penalty, seed and epoch of every run and snapshot, in that order."""
    cells, steps = trajectory.experiment.cells, trajectory.steps
    index: dict[str, Any] = {
        name: np.repeat([cell[place] for cell in cells], len(steps))
        for place, name in enumerate(("margin", "penalty", "seed"))
    }
    return pd.DataFrame(index | {"epoch": np.tile(steps, len(cells))})


TABLES: Mapping[str, Callable[[MoonTrajectory], pd.DataFrame]] = {
    "moons": moons,
    "boundary": boundary,
    "responses": responses,
    "points": points,
    "runs": runs,
}
"""The tables by the name of their CSV file."""
