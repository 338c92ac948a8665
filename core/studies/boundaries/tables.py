"""The tables of the ten variants of training on two moons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from core.datasets.margin_moons import moons
from core.observables.boundary import MEASURES
from core.studies.boundaries.experiment import LONGER, VARIANTS
from core.studies.boundaries.trajectory import BoundaryTrajectory, centres


def variants(trajectory: BoundaryTrajectory) -> pd.DataFrame:
    """Return one row a run and recorded step; empty from where a run was found diverged."""
    return _index(trajectory).assign(**{name: trajectory[name].T.ravel() for name in MEASURES})


def bending(trajectory: BoundaryTrajectory) -> pd.DataFrame:
    """Return one row a variant and recorded step: the residual over the seeds that have one, with its standard error.

    Where no seed has a boundary from bottom to top there is no number, and with one seed no error.
    """
    count, steps = len(trajectory.experiment.seeds), trajectory.steps
    values = trajectory["residual"].astype(np.float64).reshape(len(steps), len(VARIANTS), count)
    known = np.isfinite(values)
    number = known.sum(axis=-1)  # (snapshot, variant)
    enough, several = np.maximum(number, 1), np.maximum(number - 1, 1)
    mean = np.where(known, values, 0).sum(axis=-1) / enough
    spread = np.where(known, (values - mean[..., None]) ** 2, 0).sum(axis=-1) / several
    index = _index(trajectory)
    index = index[index["seed"] == trajectory.experiment.seeds[0]].drop(columns="seed").reset_index(drop=True)
    return index.assign(
        residual=np.where(number > 0, mean, np.nan).T.ravel(),
        residual_error=np.where(number > 1, np.sqrt(spread / enough), np.nan).T.ravel(),
        known_seeds=number.T.ravel(),
    )


def boundary(trajectory: BoundaryTrajectory) -> pd.DataFrame:
    """Return one row a run, recorded step and x2: the x1 at which the logit is 0, empty where it is nowhere."""
    x2 = centres()
    index = _index(trajectory)
    whole = index.loc[index.index.repeat(len(x2))].reset_index(drop=True)
    return whole.assign(x2=np.tile(x2, len(index)), x1=np.swapaxes(trajectory["boundary"], 0, 1).ravel())


def points(trajectory: BoundaryTrajectory) -> pd.DataFrame:
    """Return one row a seed and training point; all variants have the same."""
    experiment, tables = trajectory.experiment, []
    for seed in experiment.seeds:
        x, label = moons(experiment.n_train, experiment.noise, experiment.margin, seed)
        tables.append(pd.DataFrame({"seed": seed, "x1": x[:, 0], "x2": x[:, 1], "label": label.astype(np.int8)}))
    return pd.concat(tables, ignore_index=True)


def runs(trajectory: BoundaryTrajectory) -> pd.DataFrame:
    """Return one row a run: how it ended."""
    experiment, steps = trajectory.experiment, len(trajectory.steps)
    rows = [run * steps + trajectory.last_snapshot(run) for run in range(experiment.runs)]
    last = variants(trajectory).iloc[rows].reset_index(drop=True)
    outcomes = [trajectory.outcome(run) for run in range(experiment.runs)]
    ended = last[["variant", "seed"]].assign(outcome=outcomes, steps=trajectory["end_step"])
    return ended.join(last[["epoch", *MEASURES]])


def _index(trajectory: BoundaryTrajectory) -> pd.DataFrame:
    """Return variant, seed, step and epoch of every run and snapshot, in that order."""
    cells, steps = trajectory.experiment.cells, trajectory.steps
    index: dict[str, Any] = {
        name: np.repeat([cell[place] for cell in cells], len(steps)) for place, name in enumerate(("variant", "seed"))
    }
    times = np.array([LONGER if variant == "longer" else 1 for variant, _ in cells])
    return pd.DataFrame(index | {"step": np.tile(steps, len(cells)), "epoch": np.outer(times, steps).ravel()})


TABLES: Mapping[str, Callable[[BoundaryTrajectory], pd.DataFrame]] = {
    "variants": variants,
    "bending": bending,
    "variant_boundaries": boundary,
    "variant_points": points,
    "runs": runs,
}
"""The tables by the name of their CSV file."""
