"""The tables of modular addition."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from core.studies.modular.observables import Floats, spectrum
from core.studies.modular.trajectory import MEASURES, ModularTrajectory

NAMES: Mapping[str, str] = {
    "participation": "participation_ratio",
    "alignment": "kernel_alignment",
    "norm": "weight_norm",
}
"""Columns of measures, where they have another name."""
HALF, TENTH = 0.5, 0.1
"""Test errors whose first steps are told."""


def path(trajectory: ModularTrajectory) -> pd.DataFrame:
    """Return one row a network and recorded step."""
    experiment, steps = trajectory.experiment, trajectory.steps
    alpha, fraction, seed = (np.array(column) for column in zip(*experiment.networks, strict=True))
    base = np.array([experiment.base_rate(one) for one in alpha])
    columns = {NAMES.get(name, name): trajectory[name].T.ravel() for name in MEASURES}
    return pd.DataFrame(
        {
            "alpha": np.repeat(alpha, len(steps)),
            "fraction": np.repeat(fraction, len(steps)),
            "seed": np.repeat(seed, len(steps)),
            "step": np.tile(steps, len(alpha)),
            "flow_time": (base[:, None] * steps).ravel(),
            **columns,
        }
    )


def delays(trajectory: ModularTrajectory) -> pd.DataFrame:
    """Return one row a network: when it fitted, when it generalized, and what was measured then."""
    experiment, rows = trajectory.experiment, []
    for run, (alpha, fraction, seed) in enumerate(experiment.networks):
        own = {name: trajectory[name][:, run].astype(np.float64) for name in MEASURES}
        fitted = _first(own["train_error"] == 0)
        half, tenth = (_first(own["test_error"] <= level) for level in (HALF, TENTH))
        last = trajectory.last_snapshot(run)
        steps = [np.nan if place is None else float(trajectory.steps[place]) for place in (fitted, half, tenth)]
        rows.append(
            {
                "alpha": alpha,
                "fraction": fraction,
                "seed": seed,
                "learning_rate": experiment.learning_rate(alpha),
                "base_rate": experiment.base_rate(alpha),
                "outcome": trajectory.outcome(run),
                "steps": int(trajectory["end_step"][run]),
                "fitted_step": steps[0],
                "half_step": steps[1],
                "tenth_step": steps[2],
                "half_delay": steps[1] / steps[0],
                "tenth_delay": steps[2] / steps[0],
                "test_error_at_fit": _at(own["test_error"], fitted),
                "participation_at_half": _at(own["participation"], half),
                "alignment_at_half": _at(own["alignment"], half),
                "kernel_change_at_half": _at(own["kernel_change"], half),
                "test_peak_ratio": _most(own["test_loss"]) / own["test_loss"][0],
                "norm_ratio": own["norm"][last] / own["norm"][0],
                "train_error": own["train_error"][last],
                "test_error": own["test_error"][last],
            }
        )
    return pd.DataFrame(rows)


def _first(reached: np.ndarray) -> int | None:
    """Return the first snapshot after the start at which something holds."""
    found = np.flatnonzero(reached[1:])
    return int(found[0]) + 1 if len(found) else None


def _at(values: Floats, snapshot: int | None) -> float:
    return np.nan if snapshot is None else float(values[snapshot])


def _most(values: Floats) -> float:
    return float(np.nanmax(values)) if np.isfinite(values).any() else np.nan


def shares(weights: Floats) -> Floats:
    """Return the share of each frequency in a neuron's power, (..., frequency).

    Args:
        weights: (..., residue).
    """
    power = spectrum(weights.astype(np.float64))
    with np.errstate(invalid="ignore"):
        return np.asarray(power / power.sum(axis=-1, keepdims=True))


def spectra(trajectory: ModularTrajectory) -> pd.DataFrame:
    """Return one row an alpha, recorded step, neuron and frequency: the neurons that are shown, of the first seed."""
    found = np.moveaxis(shares(trajectory["weights"]), 1, 0)  # (alpha, snapshot, neuron, frequency)
    places = np.indices(found.shape).reshape(4, -1)
    return pd.DataFrame(
        {
            "alpha": np.array(trajectory.experiment.alphas)[places[0]],
            "step": trajectory.steps[places[1]],
            "neuron": places[2],
            "frequency": places[3] + 1,
            "power_share": found.ravel().round(5),
        }
    )


TABLES: Mapping[str, Callable[[ModularTrajectory], pd.DataFrame]] = {
    "modular": path,
    "modular_delays": delays,
    "modular_spectra": spectra,
}
"""The tables by the name of their CSV file."""
