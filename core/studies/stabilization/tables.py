"""The tables of self-stabilization."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.studies.stabilization.trajectory import StabilizationTrajectory

Floats = NDArray[np.float64]


class Balance(NamedTuple):
    """What S changes by in a step, as A - B x^2."""

    drift: float  # A
    damping: float  # B
    r_squared: float

    @property
    def displacement(self) -> float:
        """|x| at which the sharpness stays: delta = sqrt(A / B); NaN where one of them is not positive."""
        return float(np.sqrt(self.drift / self.damping)) if min(self.drift, self.damping) > 0 else np.nan


def means(sharpness: Floats, displacement: Floats, over: int = 2) -> tuple[Floats, Floats]:
    """Return x^2 and the change of S a step, both means over so many steps, (step - over,)."""
    square = np.convolve(displacement[:-1] ** 2, np.full(over, 1 / over), "valid")
    return square, (sharpness[over:] - sharpness[:-over]) / over


def balance(sharpness: Floats, displacement: Floats, over: int = 2) -> Balance:
    """Regress the change of S a step on the mean of x^2, both over so many steps; NaN where there are too few.

    x changes its sign at every step, and S has a part that is odd in x: over two steps it cancels.
    """
    if len(sharpness) <= over + 2:
        return Balance(np.nan, np.nan, np.nan)
    mean, change = means(sharpness, displacement, over)
    known = np.isfinite(change) & np.isfinite(mean)
    if known.sum() < 3 or np.ptp(mean[known]) == 0:
        return Balance(np.nan, np.nan, np.nan)
    slope, drift = np.polyfit(mean[known], change[known], 1)
    rest = change[known] - drift - slope * mean[known]
    return Balance(float(drift), float(-slope), float(1 - rest.var() / change[known].var()))


def path(trajectory: StabilizationTrajectory) -> pd.DataFrame:
    """Return one row a network and step past the edge."""
    experiment, steps = trajectory.experiment, trajectory.steps
    sharpness = trajectory["sharpness"].T.ravel()
    return pd.DataFrame(
        {
            "learning_rate": experiment.rate,
            "weight_noise": np.repeat(experiment.noises, len(steps)),
            "step": np.tile(steps, experiment.runs),
            "loss": trajectory["loss"].T.ravel(),
            "sharpness": sharpness,
            "eta_sharpness": experiment.rate * sharpness,
            "displacement": trajectory["displacement"].T.ravel(),
        }
    )


def loops(trajectory: StabilizationTrajectory) -> pd.DataFrame:
    """Return one row a network: its first overshoot, and what the model of two variables makes of all its steps."""
    experiment, rows = trajectory.experiment, []
    for run, noise in enumerate(experiment.noises):
        sharpness, x = (trajectory[name][:, run].astype(np.float64) for name in ("sharpness", "displacement"))
        stability = experiment.rate * sharpness
        found = balance(sharpness, x)
        highest, farthest = _peaks(stability, x)
        with np.errstate(divide="ignore", invalid="ignore"):
            growth = np.abs(x[1:] / x[:-1]) / np.abs(1 - stability[:-1])
        crossed = int(trajectory["crossed"][run])
        rows.append(
            {
                "learning_rate": experiment.rate,
                "weight_noise": noise,
                "outcome": trajectory.outcome(run),
                "steps": int(trajectory["end_step"][run]),
                "crossed_step": crossed if crossed >= 0 else np.nan,
                "largest_eta_sharpness": _value(np.nanmax, stability),
                "rise": (_value(np.nanmax, stability) - stability[0]) / highest if highest > 0 else np.nan,
                "sharpest_step": highest,
                "farthest_step": farthest,
                "growth_ratio": _value(np.nanmedian, growth),
                "drift": found.drift,
                "damping": found.damping,
                "r_squared": found.r_squared,
                "r_squared_single": balance(sharpness, x, 1).r_squared,
                "balance_displacement": found.displacement,
                "rms_displacement": _value(lambda values: np.sqrt(np.nanmean(values**2)), x),
            }
        )
    return pd.DataFrame(rows)


def _peaks(stability: Floats, displacement: Floats) -> tuple[float, float]:
    """Return the steps of the largest eta S and of the largest |x| until eta S is below 2 again; NaN if it is not."""
    back = np.flatnonzero(stability < 2)
    if not len(back) or back[0] == 0:
        return np.nan, np.nan
    end = int(back[0]) + 1
    return float(np.argmax(stability[:end])), float(np.argmax(np.abs(displacement[:end])))


def _value(read: Callable[[Floats], np.floating], values: Floats) -> float:
    """Return what is read off the numbers that are finite; NaN where none is."""
    known = values[np.isfinite(values)]
    return float(read(known)) if len(known) else np.nan


TABLES: Mapping[str, Callable[[StabilizationTrajectory], pd.DataFrame]] = {
    "stabilization": path,
    "stabilization_loops": loops,
}
"""The tables by the name of their CSV file."""
