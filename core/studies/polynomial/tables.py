"""The tables of polynomial regression."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from core.studies.polynomial.trajectory import PolynomialTrajectory

LEARNED, GENERALIZED = 0.1, 0.2
"""Losses over E y^2 whose first steps are told, on training points and on new ones."""


def path(trajectory: PolynomialTrajectory) -> pd.DataFrame:
    """Return one row a network and recorded step."""
    alphas, steps = np.array(trajectory.experiment.alphas), trajectory.steps

    def column(name: str) -> np.ndarray:
        return np.asarray(trajectory[name].T.ravel().astype(np.float64))

    parts = {f"{name}_part": column(name) for name in ("variance", "misalignment", "linear")}
    return pd.DataFrame(
        {
            "alpha": np.repeat(alphas, len(steps)),
            "step": np.tile(steps, len(alphas)),
            "train_loss": column("train_loss"),
            "test_loss": sum(parts.values()),
            **parts,
            "kernel_alignment": column("alignment"),
            "kernel_change": column("kernel_change"),
            "target_overlap": column("overlap"),
            "neurons_loss": column("neurons_loss"),
            "closed_form_error": column("difference"),
        }
    )


def ends(trajectory: PolynomialTrajectory) -> pd.DataFrame:
    """Return one row a network: when it learned its points, when it generalized, and what was measured then."""
    rows, whole, steps = [], path(trajectory), trajectory.steps
    for run, alpha in enumerate(trajectory.experiment.alphas):
        own = whole[whole["alpha"] == alpha].reset_index(drop=True)
        learned, general = (
            _first(own[f"{kind}_loss"].to_numpy() < level)
            for kind, level in (("train", LEARNED), ("test", GENERALIZED))
        )
        times = [np.nan if at is None else float(steps[at]) for at in (learned, general)]
        last = trajectory.last_snapshot(run)
        rows.append(
            {
                "alpha": alpha,
                "seed": trajectory.experiment.seed,
                "outcome": trajectory.outcome(run),
                "steps": int(trajectory["end_step"][run]),
                "train_step": times[0],
                "test_step": times[1],
                "loss_delay": times[1] / times[0],
                "test_loss_at_train": np.nan if learned is None else own["test_loss"][learned],
                "kernel_change_at_test": np.nan if general is None else own["kernel_change"][general],
                "train_loss": own["train_loss"][last],
                "test_loss": own["test_loss"][last],
                "closed_form_error": own["closed_form_error"].max(),
            }
        )
    return pd.DataFrame(rows)


def _first(reached: np.ndarray) -> int | None:
    found = np.flatnonzero(reached)
    return int(found[0]) if len(found) else None


TABLES: Mapping[str, Callable[[PolynomialTrajectory], pd.DataFrame]] = {"polynomial": path, "polynomial_ends": ends}
"""The tables by the name of their CSV file."""
