"""The tables of the study of depth and the loss: what the networks did, beside what theory has for them.

Theory is `core.theory.depth`: of aligned layers and infinitely small steps. It needs no training.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.field import declared
from core.studies.depths.experiment import COMPARED, Depths
from core.studies.depths.theory import crossing_time, linear_strength, logit, rate, soft_error
from core.studies.depths.trajectory import DepthsTrajectory
from core.trajectory import FITTED

Floats = NDArray[np.float64]

BOUNDS = declared(Depths)["starts"].bounds
STARTS = np.geomspace(BOUNDS.low, BOUNDS.high, 121)
"""N0 at which times to learn are tabulated."""


def theory(experiment: Depths) -> pd.DataFrame:
    """Return one row a depth, loss, start and recorded time, in that order: what theory has for the network."""
    times = DepthsTrajectory.scheduled(experiment) * experiment.learning_rate
    curves = [
        logit(depth, loss, start, rate(depth, experiment.norm, experiment.p), times)
        for depth, loss, start in experiment.cells
    ]
    return _curves(experiment, times, np.array(curves), "theory")


def depth(trajectory: DepthsTrajectory) -> pd.DataFrame:
    """Return one row a source, depth, loss, start and recorded time: measured first."""
    experiment = trajectory.experiment
    measured = _curves(experiment, trajectory.steps * experiment.learning_rate, trajectory["logit"].T, "measured")
    return pd.concat([measured, theory(experiment)], ignore_index=True)


def _curves(experiment: Depths, times: Floats, values: Floats, source: str) -> pd.DataFrame:
    """Return rows of curves (run, snapshot)."""
    depths, losses, starts = zip(*experiment.cells, strict=True)
    each = len(times)
    columns = {
        "time": np.tile(times, len(values)),
        "depth": np.repeat(depths, each),
        "loss": np.repeat(losses, each),
        "start_logit": np.repeat(starts, each),
        "source": source,
        "logit": values.ravel(),
        "error": soft_error(values.ravel()),
    }
    return pd.DataFrame(columns)


def times_theory(experiment: Depths) -> pd.DataFrame:
    """Return one row a depth, loss and start: when N comes to its end in theory."""
    depths, losses, starts = zip(*experiment.cells, strict=True)
    ends = [experiment.end_of(loss) for loss in losses]
    known = [
        float(crossing_time(depth, loss, start, end, rate(depth, experiment.norm, experiment.p)))
        for (depth, loss, start), end in zip(experiment.cells, ends, strict=True)
    ]
    return pd.DataFrame(
        {"depth": depths, "loss": losses, "start_logit": starts, "end_logit": ends, "time_theory": known}
    )


def depth_times(trajectory: DepthsTrajectory) -> pd.DataFrame:
    """Return the same with when it came there in training, empty if it did not; and how training ended."""
    outcomes = [trajectory.outcome(run) for run in range(trajectory.experiment.runs)]
    took = np.where(trajectory["outcome"] == FITTED, trajectory["end_time"], np.nan)
    return times_theory(trajectory.experiment).assign(time_measured=took, outcome=outcomes)


def times_over_starts(experiment: Depths) -> pd.DataFrame:
    """Return one row a loss, depth and N0 of `STARTS`: when N comes to its end in theory."""
    parts = []
    for loss in COMPARED:
        for depth in experiment.depths:
            clock = rate(depth, experiment.norm, experiment.p)
            known = crossing_time(depth, loss, STARTS, np.full_like(STARTS, experiment.end_of(loss)), clock)
            parts.append(pd.DataFrame({"loss": loss, "depth": depth, "start_logit": STARTS, "time_theory": known}))
    return pd.concat(parts, ignore_index=True)


def best_depths(experiment: Depths) -> pd.DataFrame:
    """Return one row a loss and N0 of `STARTS`: the depth of the experiment's that is there first in theory."""
    every = times_over_starts(experiment)
    best = every.loc[every.groupby(["loss", "start_logit"], sort=False)["time_theory"].idxmin()]
    return best[["loss", "start_logit", "depth", "time_theory"]].reset_index(drop=True)


def best_depth(trajectory: DepthsTrajectory) -> pd.DataFrame:
    """Return `best_depths` of the experiment: it is theory's alone."""
    return best_depths(trajectory.experiment)


def linear_theory(experiment: Depths) -> pd.DataFrame:
    """Return one row a depth, start, singular value and recorded time: a mode of a linear network in theory."""
    times = DepthsTrajectory.scheduled(experiment) * experiment.learning_rate
    known = [
        linear_strength(depth, target, start, times)
        for depth in experiment.depths
        for start in experiment.starts
        for target in experiment.strengths
    ]
    return _modes(experiment, times, np.array(known), "theory")


def linear_modes(trajectory: DepthsTrajectory) -> pd.DataFrame:
    """Return the same of a source too: measured first."""
    experiment = trajectory.experiment
    squared = [run for run, (_, loss, _) in enumerate(experiment.cells) if loss == "squared"]
    measured = trajectory["strength"][:, squared].transpose(1, 2, 0)  # (run, mode, snapshot)
    times = trajectory.steps * experiment.learning_rate
    rows = _modes(experiment, times, measured.reshape(-1, len(times)), "measured")
    return pd.concat([rows, linear_theory(experiment)], ignore_index=True)


def _modes(experiment: Depths, times: Floats, values: Floats, source: str) -> pd.DataFrame:
    """Return rows of modes (depth x start x mode, snapshot)."""
    each, modes, starts = len(times), len(experiment.strengths), len(experiment.starts)
    columns = {
        "time": np.tile(times, len(values)),
        "depth": np.repeat(experiment.depths, starts * modes * each),
        "start_logit": np.tile(np.repeat(experiment.starts, modes * each), len(experiment.depths)),
        "singular_value": np.tile(np.repeat(experiment.strengths, each), len(values) // modes),
        "source": source,
        "strength": values.ravel(),
    }
    return pd.DataFrame(columns)


def crossings(experiment: Depths, loss: str) -> list[tuple[float, int, int]]:
    """Return where the best depth changes: N0, the best depth below it and above it, of the experiment's depths."""
    best = best_depths(experiment)
    mine = best[best["loss"] == loss]["depth"].to_numpy()
    found = []
    for place in np.flatnonzero(np.diff(mine)):
        one, other = int(mine[place]), int(mine[place + 1])
        found.append((_even(experiment, loss, one, other, STARTS[place], STARTS[place + 1]), one, other))
    return found


def _even(experiment: Depths, loss: str, one: int, other: int, low: float, high: float) -> float:
    """Return the N0 between two at which two depths take as long."""
    starts, end = np.geomspace(low, high, 65), experiment.end_of(loss)
    took = [
        crossing_time(depth, loss, starts, np.full_like(starts, end), rate(depth, experiment.norm, experiment.p))
        for depth in (one, other)
    ]
    return float(np.exp(np.interp(0, took[0] - took[1], np.log(starts))))


TABLES: Mapping[str, Callable[[DepthsTrajectory], pd.DataFrame]] = {
    "depth": depth,
    "depth_times": depth_times,
    "best_depth": best_depth,
    "linear_modes": linear_modes,
}
"""The tables by the name of their CSV file."""
