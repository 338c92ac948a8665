"""The tables of small MNIST."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from core.studies.small_mnist.trajectory import MEASURES, SmallMnistTrajectory

FIFTH = 0.2
"""The test error whose first step is told."""


def path(trajectory: SmallMnistTrajectory) -> pd.DataFrame:
    """Return one row a network and recorded step."""
    scales, steps = trajectory.experiment.scales, trajectory.steps
    columns = {{"norm": "weight_norm"}.get(name, name): trajectory[name].T.ravel() for name in MEASURES}
    return pd.DataFrame({"scale": np.repeat(scales, len(steps)), "step": np.tile(steps, len(scales)), **columns})


def ends(trajectory: SmallMnistTrajectory) -> pd.DataFrame:
    """Return one row a network: when it fitted, when it generalised, and how it ended."""
    rows = []
    for run, scale in enumerate(trajectory.experiment.scales):
        own = {name: trajectory[name][:, run].astype(np.float64) for name in MEASURES}
        fitted, general = _first(own["train_error"] == 0), _first(own["test_error"] <= FIFTH)
        times = [np.nan if at is None else float(trajectory.steps[at]) for at in (fitted, general)]
        last = trajectory.last_snapshot(run)
        rows.append(
            {
                "scale": scale,
                "outcome": trajectory.outcome(run),
                "steps": int(trajectory["end_step"][run]),
                "fitted_step": times[0],
                "fifth_step": times[1],
                "fifth_delay": times[1] / times[0],
                "test_error_at_fit": np.nan if fitted is None else own["test_error"][fitted],
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
