"""What several training runs of the same points show together: escapes over sigma, and stuck seeds over the width."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.studies.kinks.tables.basics import data, residual
from core.studies.kinks.tables.ends import predicted_escape
from core.studies.kinks.theory.directions import fastest_growth
from core.studies.kinks.trajectory import KinkTrajectory


def escape_scales(trajectories: Sequence[KinkTrajectory]) -> pd.DataFrame:
    """Return one row an initialization scale: sigma, escape_time (NaN: none), predicted_escape (leading order)."""
    rows = [
        (one.experiment.sigma, float(one["escape_time"][0]), predicted_escape(one.experiment)) for one in trajectories
    ]
    return pd.DataFrame(rows, columns=["sigma", "escape_time", "predicted_escape"])


def escape_slopes(scales: pd.DataFrame, trajectory: KinkTrajectory) -> tuple[float, float]:
    """Return d t / d ln(1/sigma): fitted to `escape_scales` by least squares, and 1 / G_max; NaN: there is none."""
    known = scales[np.isfinite(scales["escape_time"])]
    fitted = np.nan
    if len(known) > 1:
        fitted = np.polyfit(np.log(1 / known["sigma"].to_numpy()), known["escape_time"].to_numpy(), 1)[0]
    experiment = trajectory.experiment
    growth = float(fastest_growth(data(experiment), residual(experiment, np.zeros(len(experiment.x)))))
    return float(fitted), 1 / growth if growth > 0 else float("nan")


def stuck_widths(trajectories: Sequence[KinkTrajectory]) -> pd.DataFrame:
    """Return one row a width: runs, stuck (the share that ended short of the data) and its binomial standard error."""
    rows = []
    for one in trajectories:
        ends = [one.outcome(run) for run in range(one.experiment.runs)]
        share = float(np.mean([end != "interpolated" for end in ends]))
        rows.append((one.experiment.width, len(ends), share, (share * (1 - share) / len(ends)) ** 0.5))
    return pd.DataFrame(rows, columns=["width", "runs", "stuck", "stuck_error"])
