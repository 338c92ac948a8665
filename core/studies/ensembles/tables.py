"""The tables of ensembles: how much trained networks differ by their initialization, and how that falls with width."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.recording import error
from core.studies.ensembles.trajectory import EnsemblesTrajectory
from core.trajectory import FITTED

Floats = NDArray[np.float64]

FEWEST = 3
"""Fitted networks that an ensemble needs."""
LEAST_WIDTH = 64
"""Narrowest networks of the power law, as wide as the digits have inputs: below, fluctuations are of the order of the
amplitude, and no small correction to it."""
THEORY = -0.5
"""Of the fluctuation in the width (Geiger et al. 2019, 1906.08034)."""


class Ensemble(NamedTuple):
    """What the outputs of several networks on the same test points have in common, and what they have not."""

    amplitude: float
    """Root mean square over test points of the mean over networks."""
    fluctuation: float
    """Root mean square over test points of the standard deviation over networks."""

    @property
    def relative(self) -> float:
        """The fluctuation over the amplitude; NaN where the latter is 0."""
        return self.fluctuation / self.amplitude if self.amplitude > 0 else np.nan


def ensemble(outputs: Floats) -> Ensemble:
    """Return amplitude and fluctuation of outputs (network, point), two networks or more.

    The square of the mean of n networks exceeds that of infinitely many by their variance / n, which is taken off.
    """
    variance = float(outputs.var(axis=0, ddof=1).mean())
    square = float((outputs.mean(axis=0) ** 2).mean()) - variance / len(outputs)
    return Ensemble(max(square, 0.0) ** 0.5, variance**0.5)


def ensembles(trajectory: EnsemblesTrajectory) -> pd.DataFrame:
    """Return one row a training set, alpha and width: the ensemble of those networks that fitted their data."""
    experiment, rows = trajectory.experiment, []
    for seed_row, seed in enumerate(experiment.seeds):
        labels = np.where(trajectory["test_label"][seed_row], 1, -1).astype(np.float32)
        for alpha, width in product(experiment.alphas, experiment.widths):
            runs = fitted(trajectory, seed, alpha, width)
            row = {"seed": seed, "alpha": alpha, "width": width, "fitted": len(runs)}
            rows.append(row | (_measured(trajectory, runs, labels) if len(runs) >= FEWEST else {}))
    return pd.DataFrame(rows, columns=["seed", "alpha", "width", "fitted", *MEASURED]).astype(
        dict.fromkeys(MEASURED, np.float64)
    )


MEASURED = (
    "steps",
    "relative_weight_change",
    "amplitude",
    "fluctuation",
    "relative_fluctuation",
    "test_error",
    "test_error_deviation",
    "ensemble_test_error",
)


def _measured(trajectory: EnsemblesTrajectory, runs: Sequence[int], labels: NDArray[np.float32]) -> dict[str, float]:
    """Return what is measured of an ensemble."""
    outputs = trajectory["output"][runs]
    found = ensemble(outputs.astype(np.float64))
    single = error(outputs, labels).astype(np.float64)
    values = (
        trajectory["end_step"][runs].mean(),
        trajectory["relative_weight_change"][runs].mean(dtype=np.float64),
        found.amplitude,
        found.fluctuation,
        found.relative,
        single.mean(),
        single.std(ddof=1),
        error(outputs.mean(axis=0, keepdims=True), labels)[0],
    )
    return dict(zip(MEASURED, map(float, values), strict=True))


def exponents(trajectory: EnsemblesTrajectory) -> pd.DataFrame:
    """Return one row a training set and alpha: how the relative fluctuation scales with the width.

    The standard error is the jackknife's over initializations (Efron, Stein 1981): one of them is left out at all
    widths, and the line is fitted again.
    """
    experiment, rows = trajectory.experiment, []
    widths = [width for width in experiment.widths if width >= LEAST_WIDTH]
    for seed, alpha in product(experiment.seeds, experiment.alphas):
        members = {width: _members(trajectory, seed, alpha, width) for width in widths}
        drops = [_exponent(members, drop) for drop in range(experiment.members)]
        error = (len(drops) - 1) * np.mean((np.array(drops) - np.mean(drops)) ** 2)
        rows.append(
            {
                "seed": seed,
                "alpha": alpha,
                "exponent": _exponent(members),
                "standard_error": float(error**0.5),
                "theory": THEORY,
                "low": min(widths, default=np.nan),
                "high": max(widths, default=np.nan),
            }
        )
    return pd.DataFrame(rows)


def history(trajectory: EnsemblesTrajectory) -> pd.DataFrame:
    """Return one row a training set, alpha, width and recorded step, until the last network has ended: means over the
    networks that fitted, each of which keeps its last state."""
    experiment, parts = trajectory.experiment, []
    for seed, alpha, width in product(experiment.seeds, experiment.alphas, experiment.widths):
        runs = fitted(trajectory, seed, alpha, width)
        if len(runs) < FEWEST:
            continue
        kept = slice(0, max(trajectory.last_snapshot(run) for run in runs) + 1)
        errors = trajectory["test_error"][kept, runs].mean(axis=1, dtype=np.float64)
        place: dict[str, Any] = {"seed": seed, "alpha": alpha, "width": width, "fitted": len(runs)}
        parts.append(pd.DataFrame(place | {"step": trajectory.steps[kept], "test_error": errors}))
    names = ["seed", "alpha", "width", "fitted", "step", "test_error"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)


def _members(trajectory: EnsemblesTrajectory, seed: int, alpha: float, width: int) -> dict[int, Floats]:
    """Return the outputs of the networks that fitted, (point,) each, by their initialization."""
    places = trajectory.experiment.places
    runs = fitted(trajectory, seed, alpha, width)
    return {places[run].member: trajectory["output"][run].astype(np.float64) for run in runs}


def _exponent(members: Mapping[int, Mapping[int, Floats]], drop: int = -1) -> float:
    """Return the slope of log relative fluctuation against log width, without one initialization; NaN where it has not
    two widths."""
    points = []
    for width, own in members.items():
        outputs = [one for member, one in own.items() if member != drop]
        relative = ensemble(np.stack(outputs)).relative if len(outputs) >= FEWEST - (drop >= 0) else np.nan
        if relative > 0:
            points.append((np.log(width), np.log(relative)))
    if len(points) < 2:
        return np.nan
    x, y = np.array(points).T
    return float(np.polyfit(x, y, 1)[0])


def fitted(trajectory: EnsemblesTrajectory, seed: int, alpha: float, width: int) -> list[int]:
    """Return the networks of an ensemble that fitted their data."""
    every = enumerate(trajectory.experiment.places)
    own = [run for run, place in every if (place.seed, place.alpha, place.width) == (seed, alpha, width)]
    return [run for run in own if trajectory["outcome"][run] == FITTED]


TABLES: Mapping[str, Callable[[EnsemblesTrajectory], pd.DataFrame]] = {
    "ensembles": ensembles,
    "ensemble_exponents": exponents,
    "ensemble_history": history,
}
"""The tables by the name of their CSV file."""
