"""Test errors and weight changes of a phase plane by seed, and claim C5: noise and alpha, each at one other value."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.studies.phase_plane.trajectory import PhasePlaneTrajectory
from core.trajectory import FITTED
from tests.claims import HOLDS, Measured, above, below


def errors_by_seed(trajectory: PhasePlaneTrajectory, n_train: int | None = None) -> pd.DataFrame:
    """Return test errors at the fitting time, a row a seed, a column an (alpha, temperature); NaN where not fitted."""
    cells = pd.DataFrame([cell._asdict() for cell in trajectory.cells])
    fitted = trajectory["outcome"] == FITTED
    cells["error"] = np.where(fitted, trajectory["test_error"][-1], np.nan)
    if n_train is not None:
        cells = cells[cells["n_train"] == n_train]
    assert not cells.duplicated(["seed", "alpha", "temperature"]).any()
    return cells.pivot(index="seed", columns=["alpha", "temperature"], values="error")


def changes_by_seed(trajectory: PhasePlaneTrajectory) -> pd.DataFrame:
    """Return |dw|/|w0| at the fitting time, a row a seed, a column a (batch size, rate); NaN where not fitted."""
    cells = pd.DataFrame([cell._asdict() for cell in trajectory.cells])
    cells["rate"] = np.tile(trajectory.experiment.rows, len(cells) // len(trajectory.experiment.rows))
    change = trajectory["relative_weight_change"][-1]
    cells["change"] = np.where(trajectory["outcome"] == FITTED, change, np.nan)
    return cells.pivot(index="seed", columns=["batch_size", "rate"], values="change")


def both_ways_out(
    what: str,
    error: pd.DataFrame,
    measured: Measured,
    *,
    alpha: float,
    hot: float,
    cold: float,
    where_cold: str = HOLDS,
) -> None:
    """Noise at the largest alpha, and a lower alpha at one temperature, the hot and the cold one.

    Args:
        error: of `errors_by_seed`.
        alpha, hot, cold: the lower alpha and the two temperatures, chosen beforehand.
        where_cold: the verdict on alpha at the cold temperature.
    """
    lazy = max(error.columns.get_level_values("alpha"))
    temperatures = np.unique(error.columns.get_level_values("temperature"))
    hot, cold = (float(temperatures[np.abs(np.log(temperatures / t)).argmin()]) for t in (hot, cold))
    noise = (error[lazy, hot] - error[lazy, cold]).dropna()
    measured("C5", f"{what}, lazy: error that noise adds", noise.mean(), above(0), noise.sem())
    for name, at, verdict in (("hot", hot, HOLDS), ("cold", cold, where_cold)):
        change = (error[alpha, at] - error[lazy, at]).dropna()
        said = f"{what}, {name}: error that alpha = 2^{np.log2(alpha):g} adds"
        measured("C5", said, change.mean(), below(0), change.sem(), verdict)
