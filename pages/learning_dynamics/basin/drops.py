"""Neurons that a visitor drops on the map: their motion by theory, and a table of what becomes of them."""

from __future__ import annotations

import numpy as np

from core.studies.basin.charts.drops import Drop
from core.studies.basin.experiment import EDGE, LOSSES, Basin
from core.studies.basin.theory import FATES, LEARNS, alone, fate, time_to_fate
from core.studies.basin.trajectory import ENDS, BasinTrajectory, snapshots
from pages.learning_dynamics.basin.view import View
from pages.shared.library import Found

TRACK = 81
"""Points of a neuron's way."""


def setting(experiment: Basin) -> dict[str, float]:
    """Return what times depend on, beside the start and the loss."""
    return {"norm": experiment.norm, "rate": experiment.rate, "target": experiment.target}


def reached(loss: str, target: float) -> float:
    """Return the logit that counts as learned under a loss: hinge ends at 1."""
    return min(target, 1.0) if loss == "hinge" else target


def drops(view: View) -> list[Drop]:
    """Return the neurons dropped on the map, with their motion by theory."""
    experiment, found = view.experiment, []
    times = snapshots(experiment) * experiment.learning_rate
    for z, y in view.drops:
        moves, ends = {}, []
        for loss in LOSSES:
            one = alone(z, y, norm=experiment.norm, rate=experiment.rate, loss=loss, last_time=float(times[-1]))
            first, head = one.neurons.weights(one.clock_at(times))
            moves[loss] = (head[0], first[0])
            ends.append(float(one.clock_at(times[-1])))
        first, head = one.neurons.weights(np.linspace(0, max(ends), TRACK))
        own = _times_of(experiment, z, y)[experiment.loss]
        found.append(Drop(z, y, _label(int(fate(z, y)), own), moves, (head[0], first[0])))
    return found


def _times_of(experiment: Basin, z: float, y: float) -> dict[str, float]:
    own = setting(experiment)
    return {
        loss: float(time_to_fate(z, y, loss=loss, **own | {"target": reached(loss, experiment.target)}))
        for loss in LOSSES
    }


def _label(code: int, time: float) -> str:
    if code == LEARNS:
        return f"learns, t = {time:.3g}"
    return FATES[code] if not np.isfinite(time) else f"dies, t = {time:.3g}"


def drop_table(view: View, shown: Found[BasinTrajectory] | None) -> str:
    """Return the dropped neurons as a Markdown table: theory under both losses, and the nearest that was trained."""
    experiment = view.experiment
    names = ("z", "y", "fate", f"N = {experiment.target:g} or death: cross-entropy", "hinge", "nearest in training")
    lines = ["| " + " | ".join(names) + " |", "|---" * len(names) + "|"]
    for z, y in view.drops:
        times = _times_of(experiment, z, y)
        cells = [f"{z:.3g}", f"{y:.3g}", FATES[int(fate(z, y))], *(_time(times[loss]) for loss in LOSSES)]
        lines.append("| " + " | ".join([*cells, _nearest(shown, z, y)]) + " |")
    return "\n".join(lines)


def _time(time: float) -> str:
    return "nothing moves" if np.isnan(time) else "never" if np.isinf(time) else f"t = {time:.3g}"


def _nearest(shown: Found[BasinTrajectory] | None, z: float, y: float) -> str:
    if shown is None:
        return "not trained"
    experiment, half = shown.trajectory.experiment, shown.trajectory.experiment.grid // 2
    row, column = (int(np.clip(np.round(value / EDGE * half), -half, half)) + half for value in (y, z))
    end, step = shown.trajectory["map_end"][row, column], int(shown.trajectory["map_step"][row, column])
    where = f"({(column - half) * EDGE / half:.3g}, {(row - half) * EDGE / half:.3g})"
    return f"{where}: {ENDS[end]}" + (f" at t = {step * experiment.learning_rate:.3g}" if step >= 0 else "")
