"""The tables of small MNIST."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from core.studies.small_mnist.trajectory import MEASURES, SmallMnistTrajectory

HUNDREDTH, FIFTH = 0.01, 0.2
"""The training error and the test error whose first steps are told. Until the training error is 0 the last one or two
images decide, which may take several times as long."""


def path(trajectory: SmallMnistTrajectory) -> pd.DataFrame:
    """Return one row a network and recorded step."""
    scales, steps = trajectory.experiment.scales, trajectory.steps
    columns = {{"norm": "weight_norm"}.get(name, name): trajectory[name].T.ravel() for name in MEASURES}
    return pd.DataFrame({"scale": np.repeat(scales, len(steps)), "step": np.tile(steps, len(scales)), **columns})


def ends(trajectory: SmallMnistTrajectory) -> pd.DataFrame:
    """Return one row a network: when it fitted, when it generalized, and how it ended."""
    rows = []
    for run, scale in enumerate(trajectory.experiment.scales):
        own = {name: trajectory[name][:, run].astype(np.float64) for name in MEASURES}
        reached = (own["train_error"] == 0, own["train_error"] <= HUNDREDTH, own["test_error"] <= FIFTH)
        places = [_first(one) for one in reached]
        times = [np.nan if at is None else float(trajectory.steps[at]) for at in places]
        last = trajectory.last_snapshot(run)
        rows.append(
            {
                "scale": scale,
                "outcome": trajectory.outcome(run),
                "steps": int(trajectory["end_step"][run]),
                "fitted_step": times[0],
                "hundredth_step": times[1],
                "fifth_step": times[2],
                "fifth_delay": times[2] / times[1],
                "test_error_at_hundredth": np.nan if places[1] is None else own["test_error"][places[1]],
                "train_error": own["train_error"][last],
                "test_error": own["test_error"][last],
                "norm_ratio": own["norm"][last] / own["norm"][0],
            }
        )
    return pd.DataFrame(rows)


def _first(reached: np.ndarray) -> int | None:
    found = np.flatnonzero(reached)
    return int(found[0]) if len(found) else None


TABLES: Mapping[str, Callable[[SmallMnistTrajectory], pd.DataFrame]] = {"mnist": path, "mnist_ends": ends}
"""The tables by the name of their CSV file."""
