"""The tables of the first seed's motion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from core.studies.kinks.counts import distinct_kinks, effective_number
from core.studies.kinks.tables.basics import angle, data, grid, losses, position, residual
from core.studies.kinks.theory.directions import extremal_directions, growth, live_growth, unit
from core.studies.kinks.theory.piecewise import network
from core.studies.kinks.trajectory import KinkTrajectory

LANDSCAPE_ANGLES = 181


def kinks(trajectory: KinkTrajectory) -> pd.DataFrame:
    """Return one row a snapshot and unit of the first seed."""
    w, b, a = (trajectory[name].astype(np.float64) for name in ("weight", "bias", "head"))
    inputs = data(trajectory.experiment).inputs
    active = np.zeros(w.shape, bool)
    for x, _ in inputs:  # a point at a time: (snapshot, neuron, point) may be large
        active |= w * x + b > 0
    columns = {
        "position": position(w, b).astype(np.float32),
        "slope_jump": (a * np.abs(w)).astype(np.float32),
        "sign": np.sign(a).astype(np.int8),
        "active": active,
        "angle": angle(w, b).astype(np.float32),
        "radius": (np.abs(a) * np.hypot(w, b)).astype(np.float32),
    }
    return _by_snapshot(trajectory, columns, "neuron")


def function(trajectory: KinkTrajectory) -> pd.DataFrame:
    """Return one row a snapshot and place: f of the first seed."""
    x = grid(trajectory.experiment)
    w, b, a = (trajectory[name].astype(np.float64) for name in ("weight", "bias", "head"))
    y = np.stack([network(*unit_now)(x) for unit_now in zip(w, b, a, strict=True)])
    return _by_snapshot(trajectory, {"x": np.broadcast_to(x, y.shape), "y": y}, "place").drop(columns="place")


def points(trajectory: KinkTrajectory) -> pd.DataFrame:
    """Return one row a point of the data."""
    return pd.DataFrame({"x": trajectory.experiment.x, "y": trajectory.experiment.y})


def loss(trajectory: KinkTrajectory) -> pd.DataFrame:
    """Return one row a snapshot: loss, counts of kinks and the growth of the fastest living unit, of the first seed."""
    experiment = trajectory.experiment
    w, b, a = (trajectory[name].astype(np.float64) for name in ("weight", "bias", "head"))
    place, jump, (low, high) = position(w, b), a * np.abs(w), (experiment.x[0], experiment.x[-1])
    pushes = residual(experiment, trajectory["output"])
    rates = [live_growth(data(experiment), np.stack([w[k], b[k]], 1), np.sign(a[k]), pushes[k]) for k in range(len(w))]
    return pd.DataFrame(
        {
            "step": trajectory.steps,
            "time": trajectory["time"],
            "loss": losses(experiment, trajectory["output"]),
            "n_eff": effective_number(place, jump, low, high),
            "distinct_kinks": [distinct_kinks(place[k], jump[k], low, high).count for k in range(len(w))],
            "growth_rate": rates,
        }
    )


def extremal(trajectory: KinkTrajectory) -> pd.DataFrame:
    """Return one row a snapshot and extremal direction of that snapshot's residual."""
    found = extremal_directions(data(trajectory.experiment), residual(trajectory.experiment, trajectory["output"]))
    columns = {
        "angle": found.angle,
        "position": -np.tan(found.angle),
        "growth": found.growth,
        "kind": found.kind,
        "point": np.broadcast_to(found.point, found.kind.shape),
    }
    table = _by_snapshot(trajectory, columns, "place")
    return table[table["kind"] != 0].reset_index(drop=True)


def landscape(trajectory: KinkTrajectory) -> pd.DataFrame:
    """Return one row a snapshot and angle: G of that snapshot's residual."""
    experiment = trajectory.experiment
    angles = np.linspace(-np.pi / 2, 3 * np.pi / 2, LANDSCAPE_ANGLES)
    values = growth(unit(angles), data(experiment).inputs, residual(experiment, trajectory["output"]))
    columns = {"angle": np.broadcast_to(angles, values.shape), "growth": values}
    return _by_snapshot(trajectory, columns, "place").drop(columns="place")


def _by_snapshot(trajectory: KinkTrajectory, columns: Mapping[str, Any], unit_name: str) -> pd.DataFrame:
    """Return a row for each snapshot and unit of arrays (snapshot, unit)."""
    snapshots, units = next(iter(columns.values())).shape
    where = {"step": np.repeat(trajectory.steps, units), unit_name: np.tile(np.arange(units), snapshots)}
    return pd.DataFrame(where | {name: values.reshape(-1) for name, values in columns.items()})
