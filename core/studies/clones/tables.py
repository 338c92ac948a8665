"""The tables of networks that are trained on clones."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.comparison.tables import explainers, information
from core.studies.clones.experiment import CLONES, KINDS, LEADS
from core.studies.clones.trajectory import ClonesTrajectory

Floats = NDArray[np.float64]


def clones(trajectory: ClonesTrajectory) -> pd.DataFrame:
    """Return one row a network and kind of test images, seed and recorded step, in that order: accuracies.

    First every network on real images, then the network trained on them on every clone.
    """
    pairs = [(kind, "real") for kind in KINDS] + [("real", kind) for kind in CLONES]
    values = np.concatenate([trajectory["on_real"], trajectory["on_clone"][..., 1:]], axis=2)  # (snapshot, run, pair)
    steps, seeds = trajectory.steps, trajectory.seeds
    each = len(steps) * len(seeds)
    return pd.DataFrame(
        {
            "trained_on": np.repeat([trained for trained, _ in pairs], each),
            "tested_on": np.repeat([tested for _, tested in pairs], each),
            "seed": np.tile(np.repeat(seeds, len(steps)), len(pairs)),
            "step": np.tile(steps, len(seeds) * len(pairs)),
            "accuracy_test": values.transpose(2, 1, 0).ravel().astype(np.float64),
        }
    )


def summary(trajectory: ClonesTrajectory) -> pd.DataFrame:
    """Return one row a clone: its moments, where the network on it ends, and the rise and fall of the accuracy on it of
    the network on real images; all of means over seeds."""
    on_real, on_clone = (_mean(trajectory[name]) for name in ("on_real", "on_clone"))  # (snapshot, kind)
    rows = []
    for place, clone in enumerate(CLONES):
        mine, seen = on_real[:, place + 1], on_clone[:, place + 1]
        peak = int(np.nanargmax(seen)) if np.isfinite(seen).any() else 0
        rows.append(
            {
                "clone": clone,
                **{name: float(np.mean(trajectory[name][:, place])) for name in MOMENTS},
                "end_accuracy": mine[-1],
                "end_accuracy_real": on_real[-1, 0],
                "peak_step": trajectory.steps[peak],
                "peak_accuracy": seen[peak],
                "end_accuracy_on_clone": seen[-1],
            }
        )
    return pd.DataFrame(rows)


MOMENTS = ("mean_error", "variance_ratio", "outside_share")


def departures(trajectory: ClonesTrajectory) -> pd.DataFrame:
    """Return one row a clone and lead of `experiment.LEADS`: from when on the network on real images leads by it."""
    on_real, rows = _mean(trajectory["on_real"]), []
    for place, clone in enumerate(CLONES):
        for lead in LEADS:
            at = departure(on_real[:, 0] - on_real[:, place + 1], lead)
            step, accuracy = (np.nan, np.nan) if at is None else (trajectory.steps[at], on_real[at, 0])
            rows.append({"clone": clone, "lead": lead, "departed_step": step, "departed_accuracy": accuracy})
    return pd.DataFrame(rows)


def departure(ahead: Floats, lead: float) -> int | None:
    """Return the first snapshot from which (snapshot,) is at least `lead` until the end; None if it is not."""
    behind = np.flatnonzero(~(ahead >= lead))
    first = int(behind[-1]) + 1 if len(behind) else 0
    return first if first < len(ahead) else None


def _mean(values: NDArray[np.float32]) -> Floats:
    """Return the mean over seeds (snapshot, run, kind) that are numbers, (snapshot, kind)."""
    known = np.isfinite(values)
    total = np.where(known, values, 0).sum(axis=1, dtype=np.float64)
    count = known.sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


TABLES: Mapping[str, Callable[[ClonesTrajectory], pd.DataFrame]] = {
    "clones": clones,
    "clones_summary": summary,
    "clones_departures": departures,
    "information": information,
    "explainers": explainers,
}
"""The tables by the name of their CSV file."""
