"""Neurons that a reader drops on the map: their motion in theory, and a table of what becomes of them."""

from __future__ import annotations

import numpy as np

from core.part import Shown
from core.studies.basin.charts.drops import Drop
from core.studies.basin.experiment import EDGE, LOSSES, Basin
from core.studies.basin.theory import FATE_NAMES, FATES, LEARNS, alone, fate, time_to_fate
from core.studies.basin.trajectory import ENDS, BasinTrajectory
from core.studies.basin.view import MOST_DROPS, BasinView

TRACK = 81
"""Points of a neuron's path."""
END_NAMES = {"not yet": "undecided", "dead": "inactive (dead)"}
"""What a person reads of how training ended, where that is another word than in the tables."""


def setting(experiment: Basin) -> dict[str, float]:
    """Return what times depend on, beside the initialization and the loss."""
    return {"norm": experiment.norm, "rate": experiment.rate, "target": experiment.target}


def reached(loss: str, target: float) -> float:
    """Return the logit that counts as learned under a loss: hinge ends at 1."""
    return min(target, 1.0) if loss == "hinge" else target


def drops(view: BasinView) -> list[Drop]:
    """Return the neurons on the map, with their motion in theory."""
    return [_drop(view.experiment, z, y) for z, y in view.neurons]


def _drop(experiment: Basin, z: float, y: float) -> Drop:
    times = BasinTrajectory.scheduled(experiment) * experiment.learning_rate
    moves, ends = {}, []
    for loss in LOSSES:
        one = alone(z, y, norm=experiment.norm, rate=experiment.rate, loss=loss, last_time=float(times[-1]))
        first, head = one.neurons.weights(one.clock_at(times))  # (neuron, snapshot)
        moves[loss] = (head[0], first[0])
        ends.append(float(one.clock_at(times[-1])))
    first, head = one.neurons.weights(np.linspace(0, max(ends), TRACK))
    own = _times(experiment, z, y)[experiment.loss]
    return Drop(z, y, _label(int(fate(z, y)), own), moves, (head[0], first[0]))


def _times(experiment: Basin, z: float, y: float) -> dict[str, float]:
    """Return by loss when a neuron learns or dies."""
    own = setting(experiment)
    return {
        loss: float(time_to_fate(z, y, loss=loss, **own | {"target": reached(loss, experiment.target)}))
        for loss in LOSSES
    }


def _label(code: int, time: float) -> str:
    if code == LEARNS:
        return f"learns, t = {time:.3g}"
    return FATE_NAMES[FATES[code]] if not np.isfinite(time) else f"dies, t = {time:.3g}"


def drop_table(view: BasinView, shown: Shown[BasinTrajectory] | None) -> str:
    """Return the neurons on the map as a Markdown table: theory under both losses, and the nearest in training."""
    experiment = view.experiment
    when = f"time to N = {experiment.target:g} or to death"
    names = ("z", "y", "fate", f"{when}: cross-entropy", "hinge", "nearest in training")
    lines = ["| " + " | ".join(names) + " |", "|---" * len(names) + "|"]
    for z, y in view.neurons:
        times = _times(experiment, z, y)
        cells = [f"{z:.3g}", f"{y:.3g}", FATE_NAMES[FATES[int(fate(z, y))]], *(_time(times[loss]) for loss in LOSSES)]
        lines.append("| " + " | ".join([*cells, _nearest(shown, z, y)]) + " |")
    return "\n".join(lines)


def full(view: BasinView) -> str:
    """Say that there is room for no more neurons, if that is so."""
    if len(view.neurons) < MOST_DROPS:
        return ""
    return f"There are {MOST_DROPS} neurons on the map, the most it takes: remove one before you add another."


def _time(time: float) -> str:
    return "nothing moves" if np.isnan(time) else "never" if np.isinf(time) else f"t = {time:.3g}"


def _nearest(shown: Shown[BasinTrajectory] | None, z: float, y: float) -> str:
    if shown is None:
        return "not trained yet"
    experiment, half = shown.trajectory.experiment, shown.trajectory.experiment.grid // 2
    row, column = (int(np.clip(np.round(value / EDGE * half), -half, half)) + half for value in (y, z))
    end, step = ENDS[shown.trajectory["map_end"][row, column]], int(shown.trajectory["map_step"][row, column])
    where = f"({(column - half) * EDGE / half:.3g}, {(row - half) * EDGE / half:.3g})"
    when = f" at t = {step * experiment.learning_rate:.3g}" if step >= 0 else ""
    return f"{where}: {END_NAMES.get(end, end)}{when}"
