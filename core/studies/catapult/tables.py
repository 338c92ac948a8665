"""The tables of the catapult: the networks, and the toy that needs no training."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from core.studies.catapult import theory
from core.studies.catapult.experiment import LARGEST, STABLE, Catapult
from core.studies.catapult.trajectory import CatapultTrajectory

STARTS, END_STEPS, PEAK_STEPS = 33, 2000, 400
"""Toys at each c whose ends are compared, and for how many steps; how many to a peak."""
GRID = np.concatenate([np.linspace(0.5, 2, 16), np.linspace(2.05, 3.95, 39), [4.0]])
"""c at which the toy's end is tabulated."""
WIDTHS = 4 ** np.arange(2, 13)
"""Widths at which the toy's peak is timed."""


def networks(trajectory: CatapultTrajectory) -> pd.DataFrame:
    """Return one row a network and recorded step."""
    experiment, steps, runs = trajectory.experiment, trajectory.steps, trajectory.experiment.runs
    rate, loss = trajectory["learning_rate"], trajectory["loss"].astype(np.float64)
    return pd.DataFrame(
        {
            "c": np.repeat(experiment.rates, len(steps)),
            "learning_rate": np.repeat(rate, len(steps)),
            "step": np.tile(steps, runs),
            "loss": loss.T.ravel(),
            "loss_ratio": (loss / loss[0]).T.ravel(),
            "eta_lambda": (trajectory["curvature"] * rate).T.ravel(),
            "dead_share": trajectory["dead"].T.ravel(),
        }
    )


def ends(trajectory: CatapultTrajectory) -> pd.DataFrame:
    """Return one row a network: how it ended."""
    runs = range(trajectory.experiment.runs)
    last = [trajectory.last_snapshot(run) for run in runs]
    rate = trajectory["learning_rate"]
    return pd.DataFrame(
        {
            "c": trajectory.experiment.rates,
            "learning_rate": rate,
            "outcome": [trajectory.outcome(run) for run in runs],
            "steps": trajectory["end_step"],
            "peak_ratio": trajectory["peak"] / trajectory["loss"][0],
            "peak_step": trajectory["peak_step"],
            "rising_steps": trajectory["rises"],
            "loss": trajectory["loss"][last, runs],
            "eta_lambda": trajectory["curvature"][last, runs] * rate,
            "dead_share": trajectory["dead"][last, runs],
        }
    )


def toy_of(experiment: Catapult, steps: np.ndarray) -> pd.DataFrame:
    """Return one row a c and step of `steps`: the toy from f = 1; nothing is trained."""
    p, q = theory.start(experiment.rates, experiment.width)
    a, b = (part[steps] for part in theory.orbit(p, q, int(steps[-1])))  # (step, c)
    return pd.DataFrame(
        {
            "c": np.repeat(experiment.rates, len(steps)),
            "step": np.tile(steps, experiment.runs),
            "eta_lambda": a.T.ravel(),
            "eta_output": b.T.ravel(),
            "sum_square": (a / 4 + b / 2).T.ravel(),
            "difference_square": (a / 4 - b / 2).T.ravel(),
            "loss_ratio": ((b / b[0]) ** 2).T.ravel(),
        }
    )


def toy_ends_of(experiment: Catapult) -> pd.DataFrame:
    """Return one row a c: the toy's curvature in the end, over initial outputs; nothing is trained."""
    p, q = theory.start(GRID[:, None], experiment.width, theory.outputs(STARTS))
    a, most, _ = theory.end(p, q, END_STEPS)
    return pd.DataFrame(
        {
            "c": GRID,
            "eta_lambda": np.median(a, axis=1),
            "eta_lambda_low": a.min(axis=1),
            "eta_lambda_high": a.max(axis=1),
            "peak_output": np.median(most, axis=1),
        }
    )


def toy_peaks_of(experiment: Catapult) -> pd.DataFrame:
    """Return one row a c that is trained between 2 and 4 and a width: when the toy's loss peaks, from f = 1.

    Beside it a line of theory's slope through the mean of what is measured.
    """
    c = np.array([one for one in experiment.rates if STABLE < one < LARGEST])
    p, q = theory.start(c[:, None], WIDTHS)
    at = theory.end(p, q, PEAK_STEPS)[2] if len(c) else np.zeros((0, len(WIDTHS)))
    line = theory.slope(c)[:, None] * np.log(WIDTHS)
    return pd.DataFrame(
        {
            "c": np.repeat(c, len(WIDTHS)),
            "width": np.tile(WIDTHS, len(c)),
            "peak_step": at.ravel(),
            "predicted_peak_step": (line + (at - line).mean(axis=1, keepdims=True)).ravel(),
        }
    )


TABLES: Mapping[str, Callable[[CatapultTrajectory], pd.DataFrame]] = {
    "catapult": networks,
    "catapult_ends": ends,
    "toy": lambda trajectory: toy_of(trajectory.experiment, trajectory.steps),
    "toy_ends": lambda trajectory: toy_ends_of(trajectory.experiment),
    "toy_peaks": lambda trajectory: toy_peaks_of(trajectory.experiment),
}
"""The tables by the name of their CSV file."""
