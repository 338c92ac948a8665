"""The tables of the study of directions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product

import numpy as np
import pandas as pd

from core.observables.power_laws import power_law
from core.studies.directions.trajectory import DirectionTrajectory
from core.trajectory import FITTED

MEASURES = ("directions", "directions_95", "directions_999", "effective_directions")
"""What is counted in several ways; the first is the count, the others show what the way matters."""

LARGEST = 3
"""Exponents are fitted over all sizes and, where there are more, over so many of the largest."""


def directions(trajectory: DirectionTrajectory) -> pd.DataFrame:
    """Return one row a snapshot and unit of the first run; with two inputs, its kink's line w1 x1 + w2 x2 + b = 0."""
    snapshots, units = trajectory["radius"].shape
    columns = {
        "step": np.repeat(trajectory.steps, units),
        "neuron": np.tile(np.arange(units), snapshots),
        "angle_to_extremal": trajectory["angle"].reshape(-1),
        "radius": trajectory["radius"].reshape(-1),
        "sign": np.tile(trajectory["sign"], snapshots),
        "extremal": np.tile(trajectory["group"], snapshots),
    }
    weights = trajectory["weight"].reshape(snapshots * units, -1).T
    lines = dict(zip(("w1", "w2", "b"), weights, strict=True)) if trajectory.flat else {}
    return pd.DataFrame(columns | lines)


def loss(trajectory: DirectionTrajectory) -> pd.DataFrame:
    """Return one row a snapshot of the first run: time, loss and how many directions its heavy units have."""
    names = ("step", "time", "loss", "directions", "effective_directions")
    return pd.DataFrame({name: trajectory[name] for name in names})


def counts(trajectory: DirectionTrajectory) -> pd.DataFrame:
    """Return one row a run: how it ended, and its directions there, which are at equal loss where it interpolated."""
    experiment = trajectory.experiment
    sizes, seeds = zip(*experiment.cells, strict=True)
    return pd.DataFrame(
        {
            "n_train": sizes,
            "seed": seeds,
            "outcome": [trajectory.outcome(run) for run in range(experiment.runs)],
            "steps": trajectory["end_step"],
            "loss": trajectory["end_loss"],
            "test_error": trajectory["test_error"],
            **{name: trajectory[f"end_{name}"] for name in MEASURES},
            "active_units": trajectory["active_units"],
        }
    )


def fit(trajectory: DirectionTrajectory) -> pd.DataFrame:
    """Return one row a measure and range of sizes: the power law of the runs that came to the target loss."""
    table = counts(trajectory)
    fitted = table[trajectory["outcome"] == FITTED]
    sizes = trajectory.experiment.n_train
    rows = []
    lowest = (sizes[0], sizes[-LARGEST]) if len(sizes) > LARGEST else sizes[:1]
    for low, measure in [*product(lowest, MEASURES), *product(lowest, ("active_units",))]:
        of = fitted[fitted["n_train"] >= low]
        law = power_law(of["n_train"].tolist(), of[measure].tolist(), of["seed"].tolist())
        if law is not None:
            low_n, high_n = int(of["n_train"].min()), int(of["n_train"].max())
            exponent = (law.exponent, law.standard_error, law.prefactor)
            rows.append((measure, low_n, high_n, *exponent, law.bend, law.bend_error, law.verdict))
    names = ("measure", "low_n", "high_n", "exponent", "standard_error", "prefactor", "bend", "bend_error", "verdict")
    return pd.DataFrame(rows, columns=list(names))


def points(trajectory: DirectionTrajectory) -> pd.DataFrame:
    """Return one row a training point of the first run, as its units see it; empty unless it has two inputs."""
    where = trajectory["point"].T if trajectory.flat else np.zeros((2, 0), np.float32)
    label = trajectory["label"] if trajectory.flat else trajectory["label"][:0]
    return pd.DataFrame({"x1": where[0], "x2": where[1], "label": label})


def extremal(trajectory: DirectionTrajectory) -> pd.DataFrame:
    """Return one row an extremal direction that units of the first run turn to at f = 0, the most frequented first.

    Its rate is that at which its units grow (below 0: shrink); with two inputs its kink's line is given as well.
    """
    group, rows = trajectory["group"], []
    for number in range(int(group.max(initial=-1)) + 1):
        mine = np.flatnonzero(group == number)
        row = {
            "extremal": number,
            "units": len(mine),
            "sign": int(trajectory["sign"][mine[0]]),
            "growth_rate": float(trajectory["rate"][mine[0]]),
        }
        line = trajectory["extremal"][mine[0]].tolist() if trajectory.flat else []
        rows.append(row | dict(zip(("w1", "w2", "b"), line, strict=False)))
    table = pd.DataFrame(rows, columns=["extremal", "units", "sign", "growth_rate", *_lines(trajectory)])
    return table.sort_values("units", ascending=False, kind="stable").reset_index(drop=True)


def _lines(trajectory: DirectionTrajectory) -> tuple[str, ...]:
    return ("w1", "w2", "b") if trajectory.flat else ()


TABLES: Mapping[str, Callable[[DirectionTrajectory], pd.DataFrame]] = {
    "directions": directions,
    "loss": loss,
    "counts": counts,
    "fit": fit,
    "points": points,
    "extremal": extremal,
}
"""The tables by the name of their CSV file."""
