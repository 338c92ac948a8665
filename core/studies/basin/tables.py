"""The tables of the study of where training fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.studies.basin.experiment import NETWORKS, WIDTHS, Basin
from core.studies.basin.theory import BORDER, DEAD, FATES, LEARNS, WILL_DIE, fate, revival, success, time_to_fate
from core.studies.basin.trajectory import DEAD as FOUND_DEAD
from core.studies.basin.trajectory import DIED, ENDS, LEARNED, NOT_YET, BasinTrajectory, coordinates, drawn, starts

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

CONFIRMS = {LEARNS: LEARNED, WILL_DIE: DIED, DEAD: FOUND_DEAD, BORDER: NOT_YET}
"""How training ends, given time, where theory is right."""


def predicted(experiment: Basin) -> pd.DataFrame:
    """Return one row an initialization on the grid, by y, then z: its fate and time in theory. Needs no training."""
    z, y = _grid(experiment)
    setting = {"norm": experiment.norm, "rate": experiment.rate, "target": experiment.target}
    columns = {
        "z": z,
        "y": y,
        "fate": _named(FATES, fate(z, y)),
        "time_theory": time_to_fate(z, y, loss=experiment.loss, **setting),
    }
    return pd.DataFrame(columns)


def basin(trajectory: BasinTrajectory) -> pd.DataFrame:
    """Return one row an initialization on the grid, by y, then z: its fate in theory, and how its training ended."""
    experiment = trajectory.experiment
    step = trajectory["map_step"].ravel()
    end = trajectory["map_end"].ravel()
    return predicted(experiment).assign(
        loss=experiment.loss,
        outcome=_named(ENDS, end),
        time_measured=np.where(step < 0, np.nan, step * experiment.learning_rate),
        mismatch=mismatch(trajectory).ravel(),
    )[["loss", "z", "y", "fate", "outcome", "time_theory", "time_measured", "mismatch"]]


def mismatch(trajectory: BasinTrajectory) -> Flags:
    """Return which neurons on the grid, (row, column), ended otherwise than in theory; undecided ones do not count."""
    z, y = _grid(trajectory.experiment)
    end = trajectory["map_end"]
    expected = np.array([CONFIRMS[code] for code in range(len(FATES))])[fate(z, y)].reshape(end.shape)
    return np.asarray((end != NOT_YET) & (end != expected))


def first_sample(experiment: Basin, cosine: float) -> pd.DataFrame:
    """Return one row a neuron of the first seed's sample: its initialization and its fate in class +1, in theory."""
    z, y, other = coordinates(*drawn(experiment, experiment.seeds[0]), cosine).T
    columns = {"neuron": np.arange(len(z)), "z": z, "y": y, "y_other": other}
    return pd.DataFrame(columns | {"fate": _named(FATES, fate(z, y))})


def cloud(trajectory: BasinTrajectory) -> pd.DataFrame:
    """Return one row a cosine, seed and neuron: where it started and ended, its fate in class +1, and its outcome."""
    experiment, start, end = trajectory.experiment, trajectory["cloud_start"], trajectory["cloud_end"]
    runs, width = start.shape[:2]
    columns = {
        "cosine": np.repeat(experiment.cosines, runs * width // len(experiment.cosines)),
        "seed": np.tile(np.repeat(experiment.seeds, width), len(experiment.cosines)),
        "neuron": np.tile(np.arange(width), runs),
        **{f"{name}": start[:, :, at].ravel() for at, name in enumerate(("z", "y", "y_other"))},
        "fate": _named(FATES, fate(start[:, :, 0], start[:, :, 1]).ravel()),
        "outcome": _outcomes(start, end).ravel(),
        **{f"{name}_end": end[:, :, at].ravel() for at, name in enumerate(("z", "y", "y_other"))},
    }
    return pd.DataFrame(columns)


def _outcomes(start: Floats, end: Floats) -> NDArray[np.object_]:
    """Say how neurons, (..., neuron, coordinate), ended for class +1."""
    (z, y, other), before = np.moveaxis(end, -1, 0), start[..., 1] > 0
    served = (z < 0) & (other > 0)
    cases = [
        (y > 0) & (z > 0) & ~before,
        (y > 0) & (z > 0),
        (y > 0) & ~before,
        y > 0,
        before & served & (start[..., 2] <= 0),
        before,
    ]
    return np.select(cases, ["woke", "learned", "woke", "not yet", "reborn", "died"], "dead")


def path(trajectory: BasinTrajectory) -> pd.DataFrame:
    """Return one row a cosine, recorded step and neuron of the first seed's samples."""
    experiment, moved = trajectory.experiment, trajectory["cloud"]  # (snapshot, cosine, neuron, coordinate)
    snapshots, cosines, width = moved.shape[:3]
    by_cosine = np.moveaxis(moved, 0, 1)
    step = np.tile(np.repeat(trajectory.steps, width), cosines)
    columns = {
        "cosine": np.repeat(experiment.cosines, snapshots * width),
        "step": step,
        "time": step * experiment.learning_rate,
        "neuron": np.tile(np.arange(width), cosines * snapshots),
        **{name: by_cosine[..., at].ravel() for at, name in enumerate(("z", "y", "y_other"))},
    }
    return pd.DataFrame(columns)


def success_table(trajectory: BasinTrajectory) -> pd.DataFrame:
    """Return one row a width: how many networks of it learned the class in time, and the share in theory."""
    experiment = trajectory.experiment
    learned = trajectory["learned"]
    return pd.DataFrame(
        {
            "width": WIDTHS,
            "runs": NETWORKS,
            "learned": learned,
            "measured": learned / NETWORKS,
            "theory": success(WIDTHS, experiment.sigma_y, experiment.sigma_z),
        }
    )


def revival_table(trajectory: BasinTrajectory) -> pd.DataFrame:
    """Return two rows a cosine: of dying neurons that start active on their own class only, the share reactivated.

    Neurons train alone, or in the samples, where each class counts as the other's other. Reactivated is a neuron that
    ends active on the other class only, with the sign that serves it. Theory is for unlimited training alone.
    """
    experiment, names = trajectory.experiment, ("cosine", "trained", "doomed", "died", "reborn")
    rows = []
    for at, cosine in enumerate(experiment.cosines):
        for trained, ends in (("alone", trajectory["alone"][at]), ("cloud", _endings(trajectory, at))):
            rows.append((cosine, trained, int(ends.sum()), int(ends[1]), int(ends[2])))
    table = pd.DataFrame(dict(zip(names, zip(*rows, strict=True), strict=True)))
    theory = revival(table["cosine"].to_numpy(), experiment.sigma_y, experiment.sigma_z)
    return table.assign(measured=table["reborn"] / table["doomed"].where(table["doomed"] > 0), theory=theory)


def _endings(trajectory: BasinTrajectory, cosine: int) -> NDArray[np.int64]:
    """Return how many such neurons of a cosine's samples are active on their class still, died, or are reactivated."""
    seeds = len(trajectory.experiment.seeds)
    runs = slice(cosine * seeds, (cosine + 1) * seeds)
    start, end = trajectory["cloud_start"][runs], trajectory["cloud_end"][runs]
    found = np.zeros(3, np.int64)
    for own, other, sign in ((1, 2, 1), (2, 1, -1)):
        chosen = (fate(sign * start[..., 0], start[..., own]) == WILL_DIE) & (start[..., other] <= 0)
        left = chosen & (end[..., own] <= 0)
        reborn = left & (end[..., other] > 0) & (sign * end[..., 0] < 0)
        found += [int((chosen & ~left).sum()), int((left & ~reborn).sum()), int(reborn.sum())]
    return found


def _grid(experiment: Basin) -> tuple[Floats, Floats]:
    """Return z and y of the grid's initializations, by y, then z."""
    y, z = np.meshgrid(starts(experiment), starts(experiment), indexing="ij")
    return z.ravel(), y.ravel()


def _named(names: tuple[str, ...], codes: NDArray[np.int8]) -> NDArray[np.object_]:
    return np.array(names, dtype=object)[codes]


TABLES: Mapping[str, Callable[[BasinTrajectory], pd.DataFrame]] = {
    "basin": basin,
    "cloud": cloud,
    "success": success_table,
    "revival": revival_table,
    "path": path,
}
"""The tables by the name of their CSV file."""
