"""The charts of the modes as the player takes them: theory for every setting, and the measurement where it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.experiment import digest
from core.figure.figure import Figure
from core.studies.modes import tables as modes
from core.studies.modes.charts import clocks as mode_clocks
from core.studies.modes.charts import curves as mode_curves
from core.studies.modes.charts import plane as mode_plane
from core.studies.modes.experiment import COMPARED, Modes
from core.studies.modes.experiment import MODES as CLASSES
from core.studies.modes.theory import curves, start
from core.studies.modes.trajectory import ModesTrajectory, snapshots
from core.theory.modes import inflection, late_logit
from pages.learning_dynamics.modes.controls import kept
from pages.learning_dynamics.modes.view import View
from pages.shared.library import Found
from pages.shared.payload import clock, payload

Shown = Found[ModesTrajectory]

TABLES = {
    "modes": "Logit and soft error of each mode under each loss, measured and in theory.",
    "losses": "The same with confidence and the loss's own value.",
    "clocks": "When each mode came to what, measured beside theory.",
    "neurons": "Both weights of every neuron, measured beside theory.",
    "one_layer": "Logit and soft error of one layer.",
}
"""What can be taken away of what is on screen."""

BEYOND = 1e3
"""How far theory goes on, in units of the training's time."""
NODES = 300
LATE = 20.0
"""2Rt from which on the late logit is drawn."""

TITLES = {"curves": "Logit and soft error", "plane": "Neurons on their hyperbolas", "clocks": "Two losses, two clocks"}
CAPTIONS = {
    "curves": "Lines: theory, by a closed form and one integral. Small circles: the ReLU network, measured. Dashed: "
    "one layer, theory. Diamonds: where theory has the error fall fastest. A mode's 0/1 error is a step, so the soft "
    "error is shown.",
    "plane": "Thin lines: theory, y² − z² is constant. Dots: cross-entropy; rings: hinge, from the same start. They go "
    "the same way; only their clocks differ. Dashed: y = −z; neurons on its left die.",
    "clocks": "Lines: theory, to a thousand times the training. Circles: measured. Dashed: −W₋₁(−1/(2Rt)), what "
    "cross-entropy comes to. Hinge stops where its loss is 0.",
}


@st.cache_resource(max_entries=64, show_spinner=False)
def _table(key: str, name: str, _trajectory: ModesTrajectory) -> pd.DataFrame:
    return modes.TABLES[name](_trajectory)


def table(shown: Shown, name: str) -> pd.DataFrame:
    """Return a table of `frames.modes`."""
    return _table(f"{shown.stamp}-{name}", name, shown.trajectory)


@st.cache_resource(max_entries=64, show_spinner=False)
def _theory(experiment: Modes) -> dict[str, pd.DataFrame]:
    return {
        "modes": modes.theory(experiment),
        "one_layer": modes.one_layer_theory(experiment),
        "clocks": modes.clocks_theory(experiment),
    }


def figures(view: View, shown: Shown | None) -> dict[str, Figure]:
    """Return the figures by chart id, in the order in which they stand."""
    stamp = shown.stamp if shown is not None else digest(view.experiment)
    key = f"{stamp}-{shown is None}-{view.loss}-{view.mode}-{view.log}-{view.together}-{view.contrast}"
    return _figures(key, view, shown)


@st.cache_resource(max_entries=24, show_spinner=False)
def _figures(key: str, _view: View, _shown: Shown | None) -> dict[str, Figure]:
    return {name: draw(_view, _shown) for name, draw in DRAWN.items()}


def _measured(shown: Shown) -> pd.DataFrame:
    rows = table(shown, "modes")
    return rows[rows["source"] == "measured"]


def _curves(view: View, shown: Shown | None) -> Figure:
    known = {name: rows[rows["loss"] == view.loss] for name, rows in _theory(view.experiment).items()}
    events = known["clocks"][known["clocks"]["event"] == "steepest fall"].rename(columns={"time_theory": "time"})
    steepest = events.assign(error=[_steepest_error(view.experiment, view.loss, mode) for mode in events["mode"]])
    measured = None if shown is None else _measured(shown)
    return mode_curves.figure(
        known["modes"],
        None if measured is None else measured[measured["loss"] == view.loss],
        known["one_layer"] if view.contrast and not view.experiment.cosine else None,
        steepest,
        log=view.log,
        clocks=view.experiment.shares if view.together else None,
    )


def _steepest_error(experiment: Modes, loss: str, mode: str) -> float:
    return inflection(curves(experiment, loss)[list(CLASSES).index(mode)], loss)[1]


def _plane(view: View, shown: Shown | None) -> Figure:
    experiment, mode = view.experiment, list(CLASSES).index(view.mode)
    mine = start(experiment).owner == mode
    times = snapshots(experiment) * experiment.learning_rate
    if shown is None:
        places = {loss: modes.neuron_theory(experiment, loss, times)[:, mine] for loss in COMPARED}
    else:
        arrays = np.stack([shown.trajectory["first"], shown.trajectory["head"]])[..., mine]  # (2, frame, loss, unit)
        places = {loss: arrays[:, :, run].transpose(0, 2, 1) for run, loss in enumerate(COMPARED)}
    ways = [curves(experiment, loss)[mode] for loss in COMPARED]
    furthest = max(ways, key=lambda one: float(one.clock_at(min(experiment.last_time, one.time[-1]))))
    last = float(furthest.clock_at(min(experiment.last_time, furthest.time[-1])))
    return mode_plane.figure(np.stack(furthest.neurons.weights(np.linspace(0, last, 40))), places)


def _clocks(view: View, shown: Shown | None) -> Figure:
    experiment, mode = view.experiment, list(CLASSES).index(view.mode)
    last = BEYOND * experiment.last_time
    times = np.geomspace(mode_clocks.EARLY * experiment.last_time, last, NODES)
    theory = pd.concat(
        pd.DataFrame({"loss": loss, "time": times, "logit": curves(experiment, loss, last)[mode].logit(times)})
        for loss in COMPARED
    )
    rows = _theory(experiment)["modes"] if shown is None else _measured(shown)
    rate = experiment.rates[mode]
    afterwards = times[2 * rate * times >= LATE]
    late = pd.DataFrame({"time": afterwards, "logit": late_logit(rate, afterwards)})
    done = {loss: _done(view, shown, loss) for loss in COMPARED}
    return mode_clocks.figure(theory, rows[rows["mode"] == view.mode], late, done, measured=shown is not None)


def _done(view: View, shown: Shown | None, loss: str) -> float | None:
    """Return when the mode's loss was exactly 0: measured, or in theory before that."""
    rows = _theory(view.experiment)["clocks"] if shown is None else table(shown, "clocks")
    column = "time_theory" if shown is None else "time_measured"
    mine = rows[(rows["loss"] == loss) & (rows["mode"] == view.mode) & (rows["event"] == "zero loss")]
    found = float(mine[column].iloc[0])
    return None if np.isnan(found) else found


DRAWN: Mapping[str, Callable[[View, Shown | None], Figure]] = {"curves": _curves, "plane": _plane, "clocks": _clocks}
"""What draws each chart, in the order in which they stand."""


def to_player(charts: dict[str, Figure], view: View, shown: Shown | None) -> str:
    """Return the player's payload as JSON."""
    steps = snapshots(view.experiment)
    time = clock(steps, linear=True, rest=kept.link_step)
    if view.log:
        pace = np.log(np.maximum(steps, 1)) / np.log(max(steps[-1], 2))
        time["pace"] = [round(float(place), 5) for place in pace]
    said = verdict(view.experiment, shown).replace("**", "")
    return payload(time, [(figure, _about(name, said, view, shown)) for name, figure in charts.items()])


def _about(name: str, said: str, view: View, shown: Shown | None) -> dict[str, Any]:
    return {
        "id": name,
        "title": TITLES[name],
        "caption": CAPTIONS[name],
        "alt": f"{TITLES[name]}. {said}",
        "scrub": None,
        "pick": None,
        "file": f"trainscope-{name}",
        "badge": {"text": "theory only, so far", "tone": "quiet"} if shown is None and name == "curves" else None,
    }


def view_frame(view: View) -> int:
    """Return the snapshot that a picture shows: where the player rests, else the last."""
    steps = snapshots(view.experiment)
    return len(steps) - 1 if view.step is None else int(np.abs(steps - view.step).argmin())


def verdict(experiment: Modes, shown: Shown | None) -> str:
    """Say what came out, in Markdown: measured numbers beside theory's."""
    rows = _theory(experiment)["clocks"] if shown is None else table(shown, "clocks")
    column = "time_theory" if shown is None else "time_measured"

    def when(loss: str, mode: str, event: str) -> float:
        mine = rows[(rows["loss"] == loss) & (rows["mode"] == mode) & (rows["event"] == event)]
        return float(mine[column].iloc[0])

    entropy = partial(when, "cross_entropy")
    plus, minus = entropy("plus", "N = 1"), entropy("minus", "N = 1")
    source = "In theory" if shown is None else "Measured"
    said = f"{source}: cross-entropy brings x₊ to N = 1 {_at(plus)} and x₋ {_at(minus)}"
    if plus > 0 and minus > 0:
        said += f", **{minus / plus:.3g} times** as long; p₊/p₋ = {experiment.p / (1 - experiment.p):.3g}"
    ends = [when("hinge", mode, "zero loss") for mode in CLASSES]
    said += f". Hinge is done {_at(ends[0])} and {_at(ends[1])}."
    if shown is None:
        return said
    if not np.isnan(ends[0]):
        run = shown.trajectory["logit"][:, COMPARED.index("cross_entropy"), 0, 0]
        n = float(np.interp(ends[0], shown.trajectory.times, run))
        said += f" When hinge is done with x₊, at {_confidence(1):.1%}, cross-entropy is at **{_confidence(n):.1%}**."
    return said + f" Measured and theory differ by at most {_difference(shown):.2g} in soft error."


def _at(time: float) -> str:
    return "not by the last time" if np.isnan(time) else f"at t = {time:.3g}"


def _confidence(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))


def _difference(shown: Shown) -> float:
    rows = table(shown, "modes")
    measured, theory = (rows[rows["source"] == source]["error"].to_numpy() for source in ("measured", "theory"))
    return float(np.nanmax(np.abs(measured - theory)))
