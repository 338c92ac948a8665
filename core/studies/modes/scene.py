"""The charts of two modes: theory for every setting, measurements once there are any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from core.figure.figure import Figure
from core.part import Scene, Shown, badge, cards
from core.studies.modes import tables
from core.studies.modes.charts import clocks, curves, plane
from core.studies.modes.experiment import COMPARED, MODES, Modes
from core.studies.modes.theory import curves as exact_curves
from core.studies.modes.theory import start
from core.studies.modes.trajectory import ModesTrajectory
from core.studies.modes.verdict import verdict
from core.studies.modes.view import ModesView
from core.theory.modes import Floats, inflection, late_logit

Measured = Shown[ModesTrajectory] | None

BEYOND = 1e3
"""How far theory is followed, in units of the training time."""
NODES = 300
"""Times at which theory is drawn there."""
PATH_NODES = 40
"""Points of a neuron's hyperbola."""
LATE = 20.0
"""2Rt from which on the late logit is drawn."""

CARDS: Mapping[str, tuple[str, str]] = {
    "curves": (
        "Logit and soft error",
        "Lines: theory, in closed form up to one integral. Small circles: the ReLU network, measured. Dashed: one "
        "layer, theory. Diamonds: where the error falls fastest in theory. The 0/1 error of a mode is a step, so the "
        "soft error is shown.",
    ),
    "plane": (
        "Neurons on their hyperbolas",
        "Thin lines: theory, y² − z² is constant. Dots: cross-entropy; rings: hinge, from the same initialization. "
        "Both follow the same path; only their clocks differ. Dashed: y = −z; neurons to its left shrink, "
        "and die unless training ends before.",
    ),
    "clocks": (
        "Two losses, two clocks",
        "Lines: theory, to a thousand times the training time. Circles: measured. Dashed: −W₋₁(−1/(2Rt)), the late "
        "logit under cross-entropy (Lambert's W₋₁; R = p|x|). Hinge stops where its loss is 0.",
    ),
}


def scene(view: ModesView, drawn: Sequence[Measured]) -> Scene:
    """Return the charts of a view, of theory alone before there is a measurement."""
    shown = drawn[0]
    said = verdict(view.experiment, shown)
    figures = {"curves": _curves(view, shown), "plane": _plane(view, shown), "clocks": _clocks(view, shown)}
    return Scene(
        figures=figures,
        cards=cards(CARDS, said, badge={"curves": badge("theory only, so far") if shown is None else None}),
        steps=ModesTrajectory.scheduled(view.experiment),
        verdict=said,
        pace="logarithm" if view.log else "steps",
    )


@lru_cache(maxsize=64)
def _theory(experiment: Modes, name: str) -> pd.DataFrame:
    """Return one of the tables that theory gives of an experiment."""
    found: pd.DataFrame = getattr(tables, name)(experiment)
    return found


def _measured(shown: Shown[ModesTrajectory]) -> pd.DataFrame:
    rows = shown.table("modes")
    return rows[rows["source"] == "measured"]


def _curves(view: ModesView, shown: Measured) -> Figure:
    experiment = view.experiment
    theory, one_layer, events = (
        rows[rows["loss"] == view.loss]
        for rows in (_theory(experiment, name) for name in ("theory", "one_layer_theory", "clocks_theory"))
    )
    falls = events[events["event"] == "steepest fall"].rename(columns={"time_theory": "time"})
    measured = None if shown is None else _measured(shown)
    return curves.figure(
        theory,
        None if measured is None else measured[measured["loss"] == view.loss],
        one_layer if view.contrast and not experiment.cosine else None,
        falls.assign(error=[_steepest_error(experiment, view.loss, mode) for mode in falls["mode"]]),
        log=view.log,
        clocks=experiment.shares if view.together else None,
    )


def _steepest_error(experiment: Modes, loss: str, mode: str) -> float:
    return inflection(exact_curves(experiment, loss)[_place(mode)], loss)[1]


def _plane(view: ModesView, shown: Measured) -> Figure:
    """Return the neurons of a mode: their whole way in theory, and where they are at the snapshots."""
    experiment, last = view.experiment, view.experiment.last_time
    ways = [exact_curves(experiment, loss)[_place(view.mode)] for loss in COMPARED]
    clock, furthest = max(
        ((float(way.clock_at(min(last, way.time[-1]))), way) for way in ways), key=lambda found: found[0]
    )
    paths = np.stack(furthest.neurons.weights(np.linspace(0, clock, PATH_NODES)))  # (2, unit, node): y and z
    return plane.figure(paths, _places(view, shown))


def _places(view: ModesView, shown: Measured) -> dict[str, Floats]:
    """Return for each loss y and z of the mode's neurons at the snapshots, (2, unit, snapshot)."""
    experiment = view.experiment
    mine = start(experiment).owner == _place(view.mode)
    if shown is None:
        times = ModesTrajectory.scheduled(experiment) * experiment.learning_rate
        return {loss: tables.neuron_theory(experiment, loss, times)[:, mine] for loss in COMPARED}
    kept = np.stack([shown.trajectory["first"], shown.trajectory["head"]])[..., mine]  # (2, snapshot, loss, unit)
    return {loss: kept[:, :, run].transpose(0, 2, 1) for run, loss in enumerate(COMPARED)}


def _clocks(view: ModesView, shown: Measured) -> Figure:
    experiment, mode = view.experiment, _place(view.mode)
    last = BEYOND * experiment.last_time
    times = np.geomspace(clocks.EARLY * experiment.last_time, last, NODES)
    theory = pd.concat(
        pd.DataFrame({"loss": loss, "time": times, "logit": exact_curves(experiment, loss, last)[mode].logit(times)})
        for loss in COMPARED
    )
    known = _theory(experiment, "theory") if shown is None else _measured(shown)
    rate = experiment.rates[mode]
    afterwards = times[2 * rate * times >= LATE]
    late = pd.DataFrame({"time": afterwards, "logit": late_logit(rate, afterwards)})
    ends = {loss: _end(view, shown, loss) for loss in COMPARED}
    return clocks.figure(theory, known[known["mode"] == view.mode], late, ends, measured=shown is not None)


def _end(view: ModesView, shown: Measured, loss: str) -> float | None:
    """Return when the mode's loss reached zero: measured, or in theory before that."""
    rows = _theory(view.experiment, "clocks_theory") if shown is None else shown.table("clocks")
    mine = rows[(rows["loss"] == loss) & (rows["mode"] == view.mode) & (rows["event"] == "zero loss")]
    found = float(mine["time_theory" if shown is None else "time_measured"].iloc[0])
    return None if np.isnan(found) else found


def _place(mode: str) -> int:
    return list(MODES).index(mode)
