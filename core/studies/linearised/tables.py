"""The tables of networks beside their linearisations."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from core.observables.regimes import beside_linearised
from core.studies.linearised.trajectory import LinearisedTrajectory
from core.trajectory import FITTED, Array

PLACE = ["alpha", "temperature"]


def runs(trajectory: LinearisedTrajectory) -> pd.DataFrame:
    """Return one row a run: how the network and its linearisation ended, and how alike they are in the end."""
    experiment, last = trajectory.experiment, _last(trajectory)
    pairs = experiment.pairs
    wrong, also = last["test_error"], last["linearised_test_error"]
    ratio = _ratio(last["relative_weight_change"], last["linearised_weight_change"])
    names = np.array(trajectory.outcomes)
    return pd.DataFrame(
        {
            "alpha": [pair.alpha for pair in pairs],
            "temperature": [pair.temperature for pair in pairs],
            "learning_rate": [experiment.learning_rate(pair.temperature) for pair in pairs],
            "seed": [pair.seed for pair in pairs],
            "outcome": names[trajectory["outcome"]],
            "steps": trajectory["end_step"],
            "linearised_outcome": names[trajectory["linearised_outcome"]],
            "linearised_steps": trajectory["linearised_end_step"],
            "agreement": last["agreement"],
            "agreement_independent": (1 - wrong) * (1 - also) + wrong * also,
            "weight_ratio": ratio,
            "relative_weight_change": last["relative_weight_change"],
            "linearised_weight_change": last["linearised_weight_change"],
            "test_error": wrong,
            "linearised_test_error": also,
            "regime": beside_linearised(trajectory["outcome"], trajectory["linearised_outcome"], ratio),
        }
    )


def cells(trajectory: LinearisedTrajectory) -> pd.DataFrame:
    """Return one row a cell: means over the seeds whose network fitted, and their standard errors."""
    table = runs(trajectory)
    fitted = table[table["outcome"] == trajectory.outcomes[FITTED]]
    found = table.groupby(PLACE, sort=False).size().rename("seeds").to_frame()
    found["fitted"] = fitted.groupby(PLACE).size()
    of_cell = fitted.groupby(PLACE)
    for name in ("agreement", "agreement_independent", "weight_ratio"):
        found[name], found[f"{name}_error"] = of_cell[name].mean(), of_cell[name].sem()
    found["fitted"] = found["fitted"].fillna(0).astype(int)
    return found.drop(columns="agreement_independent_error").reset_index()


def history(trajectory: LinearisedTrajectory) -> pd.DataFrame:
    """Return one row a run and snapshot; both weight changes are 0 at step 0, and their ratio is empty there."""
    steps, pairs = trajectory.steps, trajectory.experiment.pairs
    network, linearised = trajectory["relative_weight_change"], trajectory["linearised_weight_change"]
    columns = {
        "agreement": trajectory["agreement"],
        "weight_ratio": _ratio(network, linearised),
        "relative_weight_change": network,
        "linearised_weight_change": linearised,
    }
    where = {name: np.repeat([getattr(pair, name) for pair in pairs], len(steps)) for name in (*PLACE, "seed")}
    moving = {name: values.T.ravel() for name, values in columns.items()}
    return pd.DataFrame({**where, "step": np.tile(steps, len(pairs)), **moving})


def _last(trajectory: LinearisedTrajectory) -> dict[str, Array]:
    """Return the last snapshot of everything that moves, (run,)."""
    moving = [name for name, axes in trajectory.axes.items() if axes == ("snapshot", "run")]
    return {name: trajectory[name][-1].astype(np.float64) for name in moving}


def _ratio(change: Array, other: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return change.astype(np.float64) / other.astype(np.float64)


TABLES: Mapping[str, Callable[[LinearisedTrajectory], pd.DataFrame]] = {
    "linearised": runs,
    "linearised_cells": cells,
    "linearised_history": history,
}
"""The tables by the name of their CSV file."""
