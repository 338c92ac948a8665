"""The tables of how seeds ended, and of when theory has the first units escape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple

import numpy as np
import pandas as pd

from core.studies.kinks.counts import (
    OTHER_MERGED,
    Clusters,
    Places,
    bending_kinks,
    distinct_kinks,
    effective_number,
    places,
    places_by_chance,
    share_on_points,
)
from core.studies.kinks.experiment import Kinks
from core.studies.kinks.tables.basics import Floats, data, grid, losses, position, residual
from core.studies.kinks.theory.directions import escape_time, fastest_growth, kink_bound, live_growth
from core.studies.kinks.theory.piecewise import network
from core.studies.kinks.theory.points import on_line
from core.studies.kinks.theory.references import connect_the_dots
from core.studies.kinks.trajectory import KinkTrajectory

SAME = 0.05
"""Two functions are one if they differ by less than this share of the range of y, everywhere on the data's range."""


BENDING_KINKS = ("bending_kinks", "bending_kinks_fine", "bending_kinks_coarse")
"""The counts that are held against 2K + 1, with kinks merged within `MERGED` and `OTHER_MERGED` of the range."""


def summary(trajectory: KinkTrajectory) -> pd.DataFrame:
    """Return one row a seed: how it ended, and what was measured of its last state."""
    experiment, given = trajectory.experiment, data(trajectory.experiment)
    low, high = experiment.x[0], experiment.x[-1]
    between = grid(experiment)
    between = between[(between >= low) & (between <= high)]
    dots = connect_the_dots(given)(between)
    rows, counts = [], []
    for run in range(experiment.runs):
        w, b, a = _end(trajectory, run)
        place, jump = position(w, b), a * np.abs(w)
        push = residual(experiment, trajectory["end_output"][run])
        rows.append(
            {
                "distinct_kinks": distinct_kinks(place, jump, low, high).count,
                "n_eff": float(effective_number(place, jump, low, high)),
                "on_data": share_on_points(place, jump, given.x),
                "dots_distance": float(np.abs(network(w, b, a)(between) - dots).max()),
                "growth_rate": live_growth(given, np.stack([w, b], 1), np.sign(a), push),
                "free_rate": float(fastest_growth(given, push)) if np.isfinite(push).all() else np.nan,
            }
        )
        fine, coarse = (bending_kinks(place, jump, low, high, merged=within) for within in OTHER_MERGED)
        counts.append((bending_kinks(place, jump, low, high), fine, coarse))
    measured = pd.DataFrame(rows)
    head = {
        "seed": experiment.seed + np.arange(experiment.runs),
        "outcome": [trajectory.outcome(run) for run in range(experiment.runs)],
        "steps": trajectory["end_step"],
        "time": trajectory["end_time"],
        "loss": losses(experiment, trajectory["end_output"]),
    }
    tail = {
        "kink_bound": kink_bound(len(experiment.x)),
        "kink_shift": [kink_shift(trajectory), *[np.nan] * (experiment.runs - 1)],
        "escape_time": trajectory["escape_time"],
        "predicted_escape": predicted_escape(experiment),
    } | dict(zip(BENDING_KINKS, map(list, zip(*counts, strict=True)), strict=True))
    return pd.concat([pd.DataFrame(head), measured, pd.DataFrame(tail)], axis=1)


def fastest_possible(trajectory: KinkTrajectory) -> float:
    """Return mean |r| |(x, 1)| at the first seed's end, which bounds the rate of every direction there."""
    push = residual(trajectory.experiment, trajectory["end_output"][0])
    return float((np.abs(push) * np.linalg.norm(data(trajectory.experiment).inputs, axis=1)).mean())


def kink_places(trajectory: KinkTrajectory) -> pd.DataFrame:
    """Return one row a seed: the shares of |a w| on points, off them on other kinks, and alone, and those by chance."""
    runs = range(trajectory.experiment.runs)
    found = [[share for kind in places_of(trajectory, run) for share in astuple(kind)] for run in runs]
    rows = [(trajectory.experiment.seed + run, *shares) for run, shares in zip(runs, found, strict=True)]
    kinds = ("on_points", "on_kinks", "alone")
    return pd.DataFrame(rows, columns=["seed", *kinds, *(f"{kind}_by_chance" for kind in kinds)])


def places_of(trajectory: KinkTrajectory, run: int) -> tuple[Places, Places]:
    """Return where the kinks of a seed lie in the end, and where they would by chance."""
    w, b, a = _end(trajectory, run)
    jump, x = a * np.abs(w), np.array(trajectory.experiment.x)
    began = position(*(trajectory[name][0].astype(np.float64) for name in ("weight", "bias")))
    return places(position(w, b), jump, x), places_by_chance(jump, began, x)


def bending(trajectory: KinkTrajectory, merged: float) -> int:
    """Return at how many positions the first seed's f bends in the end; kinks within `merged` of the range are one."""
    w, b, a = _end(trajectory, 0)
    x = trajectory.experiment.x
    return bending_kinks(position(w, b), a * np.abs(w), x[0], x[-1], merged=merged)


def predicted_escape(experiment: Kinks) -> float:
    """Return t = ln(1/sigma) / G_max of the residual at f = 0; NaN where the scale is not small or nothing grows."""
    if experiment.sigma >= 1:
        return float("nan")
    first = residual(experiment, np.zeros(len(experiment.x)))
    time = float(escape_time(on_line(experiment.x, first), experiment.sigma))
    return time if np.isfinite(time) else float("nan")


def escapes(trajectory: KinkTrajectory) -> pd.DataFrame:
    """Return when the loss should first fall by the law t = ln(1/sigma) / G_max, as a step of this run: label, step."""
    time, reached = predicted_escape(trajectory.experiment), trajectory["time"]
    if not np.isfinite(time) or time > reached[-1]:
        return pd.DataFrame({"label": [], "step": []}).astype({"label": str, "step": float})
    step = float(np.interp(time, reached, trajectory.steps))
    return pd.DataFrame({"label": ["ln(1/σ) / G_max"], "step": [step]})


def kink_shift(trajectory: KinkTrajectory) -> float:
    """Return the median |x - x(0)| over the first seed's kinks that began in the data's range; NaN if none did."""
    w, b = (trajectory[name][[0, -1]].astype(np.float64) for name in ("weight", "bias"))
    first, last = position(w, b)
    began = (first >= trajectory.experiment.x[0]) & (first <= trajectory.experiment.x[-1]) & np.isfinite(last)
    return float(np.median(np.abs(last - first)[began])) if began.any() else float("nan")


def outcomes(trajectory: KinkTrajectory) -> pd.DataFrame:
    """Return one row a function that came out, the most frequent first: label, runs, loss and the first seed."""
    return _classes(trajectory)[0]


def outcome_function(trajectory: KinkTrajectory) -> pd.DataFrame:
    """Return each function that came out, one row a place: label, x, y."""
    return _classes(trajectory)[1]


def _classes(trajectory: KinkTrajectory) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Group the seeds by the function they ended with; a function of the first seed that had it stands for all."""
    experiment, x = trajectory.experiment, grid(trajectory.experiment)
    inside = (x >= experiment.x[0]) & (x <= experiment.x[-1])
    near = SAME * max(float(np.ptp(experiment.y)), 1e-12)
    leaders: list[tuple[int, Floats]] = []
    members: list[int] = []
    for run in range(experiment.runs):
        f = network(*_end(trajectory, run))(x)
        if not np.isfinite(f).all():
            continue
        same = [k for k, (_, g) in enumerate(leaders) if np.abs(f - g)[inside].max() < near]
        if not same:
            leaders.append((run, f))
        members.append(same[0] if same else len(leaders) - 1)
    counts = np.bincount(members, minlength=len(leaders)) if leaders else np.zeros(0, int)
    order = np.argsort(-counts, kind="stable")
    names = _distinct([_label(trajectory, leaders[k][0]) for k in order])
    loss_of = losses(experiment, trajectory["end_output"])
    table = pd.DataFrame(
        {
            "label": names,
            "runs": counts[order],
            "loss": [float(loss_of[leaders[k][0]]) for k in order],
            "seed": [experiment.seed + leaders[k][0] for k in order],
        }
    )
    parts = [pd.DataFrame({"label": name, "x": x, "y": leaders[k][1]}) for name, k in zip(names, order, strict=True)]
    return table, pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"label": [], "x": [], "y": []})


def _label(trajectory: KinkTrajectory, run: int) -> str:
    found = clusters(trajectory, run)
    bends = found.position[found.bends]
    if len(bends) == 0:
        return "no kinks"
    if len(bends) > 6:
        return f"{len(bends)} kinks"
    return ("kink " if len(bends) == 1 else "kinks ") + ", ".join(
        f"{round(x, 2) + 0.0:.2f}".replace("-", "−") for x in bends
    )


def _distinct(names: Sequence[str]) -> list[str]:
    """Number what would read the same."""
    return [name if names.index(name) == k else f"{name} ({names[:k].count(name) + 1})" for k, name in enumerate(names)]


def clusters(trajectory: KinkTrajectory, run: int) -> Clusters:
    """Return the distinct kinks that a seed ended with."""
    w, b, a = _end(trajectory, run)
    experiment = trajectory.experiment
    return distinct_kinks(position(w, b), a * np.abs(w), experiment.x[0], experiment.x[-1])


def _end(trajectory: KinkTrajectory, run: int) -> tuple[Floats, Floats, Floats]:
    w, b, a = (trajectory[f"end_{name}"][run].astype(np.float64) for name in ("weight", "bias", "head"))
    return w, b, a
