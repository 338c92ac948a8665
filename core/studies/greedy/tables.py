"""The tables of greedy construction."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from core.observables.power_laws import power_law
from core.studies.greedy.experiment import METHODS
from core.studies.greedy.trajectory import GreedyTrajectory
from core.trajectory import FITTED


def path(trajectory: GreedyTrajectory) -> pd.DataFrame:
    """Return one row a network and recorded step."""
    steps = trajectory.steps
    sizes, seeds, methods = zip(*trajectory.experiment.cells, strict=True)
    return pd.DataFrame(
        {
            "n_train": np.repeat(sizes, len(steps)),
            "seed": np.repeat(seeds, len(steps)),
            "method": np.repeat(methods, len(steps)),
            "step": np.tile(steps, len(sizes)),
            "relative_loss": trajectory["loss"].T.ravel(),
            "directions": trajectory["directions"].T.ravel(),
            "network_units": trajectory["units"].T.ravel(),
        }
    )


def added(trajectory: GreedyTrajectory) -> pd.DataFrame:
    """Return one row a unit of a network that was built: when it was added, and at which loss."""
    rows = []
    for run, (size, seed, _) in enumerate(trajectory.experiment.cells):
        steps, losses = trajectory["rest_step"][run], trajectory["rest_loss"][run]
        for place in np.flatnonzero(steps >= 0).tolist():
            rows.append((size, seed, place + 1, int(steps[place]), float(losses[place])))
    return pd.DataFrame(rows, columns=["n_train", "seed", "added_unit", "step", "relative_loss"])


def ends(trajectory: GreedyTrajectory) -> pd.DataFrame:
    """Return one row a network: how it ended, with how many directions, and how near the two of a set are."""
    sizes, seeds, methods = zip(*trajectory.experiment.cells, strict=True)
    last = [trajectory.last_snapshot(run) for run in range(trajectory.experiment.runs)]
    return pd.DataFrame(
        {
            "n_train": sizes,
            "seed": seeds,
            "method": methods,
            "outcome": [trajectory.outcome(run) for run in range(trajectory.experiment.runs)],
            "steps": trajectory["end_step"],
            "relative_loss": trajectory["end_loss"],
            "directions": [trajectory["directions"][at, run] for run, at in enumerate(last)],
            "network_units": [trajectory["units"][at, run] for run, at in enumerate(last)],
            "test_error": trajectory["test_error"],
            "agreement": trajectory["agreement"],
            "output_distance": trajectory["distance"],
        }
    )


def fit(trajectory: GreedyTrajectory) -> pd.DataFrame:
    """Return one row a way of training: the power law of its directions over the size of the training set."""
    table, rows = ends(trajectory)[trajectory["outcome"] == FITTED], []
    for method in METHODS:
        of = table[table["method"] == method]
        law = power_law(of["n_train"].tolist(), of["directions"].tolist(), of["seed"].tolist())
        if law is not None:
            reach = (int(of["n_train"].min()), int(of["n_train"].max()))
            exponent = (law.exponent, law.standard_error, law.prefactor)
            rows.append((method, *reach, *exponent, law.bend, law.bend_error, law.verdict))
    names = ("method", "low_n", "high_n", "exponent", "standard_error", "prefactor", "bend", "bend_error", "verdict")
    return pd.DataFrame(rows, columns=list(names))


TABLES: Mapping[str, Callable[[GreedyTrajectory], pd.DataFrame]] = {
    "greedy": path,
    "greedy_units": added,
    "greedy_ends": ends,
    "greedy_fit": fit,
}
"""The tables by the name of their CSV file."""
