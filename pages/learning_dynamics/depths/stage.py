"""The charts of depth and the loss as the player takes them: theory for every setting, measurements where they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.experiment import digest
from core.figure.figure import Figure
from core.studies.depths import tables as depths
from core.studies.depths.charts import curves as depth_curves
from core.studies.depths.charts import modes as depth_modes
from core.studies.depths.charts import times as depth_times
from core.studies.depths.experiment import COMPARED, Depths
from core.studies.depths.theory import crossing_time, exponent, inflection, linear_strength, logit, rate, soft_error
from core.studies.depths.trajectory import DepthsTrajectory, snapshots
from pages.learning_dynamics.depths.view import View
from pages.shared.library import Found
from pages.shared.payload import clock, payload

Shown = Found[DepthsTrajectory]

TABLES = {
    "depth": "Logit and soft error of each depth, loss and start, measured and in theory.",
    "depth_times": "When each came to the logit that counts as learned, measured beside theory.",
    "best_depth": "The depth that is there first, over the logit at time 0, in theory.",
    "linear_modes": "Strengths of the modes of linear networks, measured and in theory.",
}
"""What can be taken away of what is on screen."""

NODES = 120
"""Times at which theory is drawn."""
ROOM = 1.2
"""How far an axis of time goes on after the last depth has learned."""
SETTLED = 0.99
"""Share of its singular value at which a mode is settled, for the axis of time."""

TITLES = {
    "cross_entropy": "Cross-entropy never ends",
    "hinge": "Hinge ends at its margin",
    "squared": "Squared loss settles",
    "times": "Where depth stops helping",
    "modes": "Modes of a linear network",
}
LINES = "Lines: theory. Small circles: ReLU networks, measured. "
CAPTIONS = {
    "cross_entropy": LINES + "N′ = D p|x|^(2/D) N^(2−2/D) σ(−N), so in the end N grows like a logarithm. Diamonds: "
    "where theory has the soft error fall fastest; one layer has no such point.",
    "hinge": LINES + "The same with 1 in the place of σ(−N) while N < 1: the steepest moment is the last, and then "
    "nothing moves.",
    "squared": LINES + "The same with 1 − N: the end is exponential. For linear networks it is the equation of Saxe "
    "et al. 2013.",
    "times": "Lines: theory, over the logit at time 0. Dots: measured. Grey band: the depth that is first; dashed "
    "where it changes. Upright line: the start of the curves above.",
    "modes": "Lines: theory, u′ = D u^(2−2/D) (s − u). Small circles: a linear network in training. Deep ones learn "
    "stronger modes earlier; one layer learns all at one pace.",
}


@st.cache_resource(max_entries=32, show_spinner=False)
def _table(key: str, name: str, _trajectory: DepthsTrajectory) -> pd.DataFrame:
    return depths.TABLES[name](_trajectory)


def table(shown: Shown, name: str) -> pd.DataFrame:
    """Return a table of `frames.depths`."""
    return _table(f"{shown.stamp}-{name}", name, shown.trajectory)


@st.cache_resource(max_entries=32, show_spinner=False)
def _theory(experiment: Depths, name: str) -> pd.DataFrame:
    found: pd.DataFrame = getattr(depths, name)(experiment)
    return found


def _recorded(view: View, shown: Shown | None) -> pd.DataFrame:
    """Return the curves at recorded times: measured, or theory's before there is a measurement."""
    if shown is None:
        return _theory(view.experiment, "theory")
    rows = table(shown, "depth")
    return rows[rows["source"] == "measured"]


def figures(view: View, shown: Shown | None) -> dict[str, Figure]:
    """Return the figures by chart id, in the order in which they stand."""
    stamp = shown.stamp if shown is not None else digest(view.experiment)
    key = f"{stamp}-{shown is None}-{view.start}-{view.measure}-{view.loss}-{view.layers}-{view.together}"
    return _figures(key, view, shown)


@st.cache_resource(max_entries=24, show_spinner=False)
def _figures(key: str, _view: View, _shown: Shown | None) -> dict[str, Figure]:
    curves = {loss: _curves(_view, _shown, loss) for loss in COMPARED}
    return curves | {"times": _times(_view, _shown), "modes": _modes(_view, _shown)}


def _curves(view: View, shown: Shown | None, loss: str) -> Figure:
    experiment, last = view.experiment, _last(view, loss)
    times, every, marks = np.linspace(0, last, NODES), [], []
    for depth in experiment.depths:
        pace, at = rate(depth, experiment.norm, experiment.p), inflection(depth, loss)
        n = logit(depth, loss, view.start, pace, times)
        every.append(pd.DataFrame({"depth": depth, "time": times, "logit": n, "error": soft_error(n)}))
        if at > view.start:
            when = float(crossing_time(depth, loss, view.start, at, pace))
            marks.append({"depth": depth, "time": when, "logit": at, "error": float(soft_error(at))})
    recorded = _recorded(view, shown)
    mine = recorded[(recorded["loss"] == loss) & (recorded["start_logit"] == view.start)]
    steepest = pd.DataFrame(marks, columns=["depth", "time", "logit", "error"])
    return depth_curves.figure(pd.concat(every), mine, steepest, view.measure, last, measured=shown is not None)


def _last(view: View, loss: str) -> float:
    """Return when the axis of a loss ends: after the last depth has learned, but not after the training."""
    rows = _theory(view.experiment, "times_theory")
    mine = (rows["start_logit"] == view.start) & ((rows["loss"] == loss) | view.together)
    return min(ROOM * float(rows[mine]["time_theory"].max()), view.experiment.last_time)


def _times(view: View, shown: Shown | None) -> Figure:
    experiment = view.experiment
    rows, best = _theory(experiment, "times_over_starts"), _theory(experiment, "best_depths")
    measured = None if shown is None else table(shown, "depth_times")
    return depth_times.figure(
        rows[rows["loss"] == view.loss],
        None if measured is None else measured[measured["loss"] == view.loss],
        depths.crossings(experiment, view.loss),
        int(best[best["loss"] == view.loss]["depth"].iloc[0]),
        view.start,
        snapshots(experiment) * experiment.learning_rate,
    )


def _modes(view: View, shown: Shown | None) -> Figure:
    experiment = view.experiment
    settled = [
        float(crossing_time(view.layers, "squared", view.start / s, SETTLED, s ** exponent(view.layers)))
        for s in experiment.strengths
        if view.start < SETTLED * s
    ]
    last = min(ROOM * max(settled, default=1.0), experiment.last_time)
    times = np.linspace(0, last, NODES)
    theory = pd.concat(
        pd.DataFrame(
            {"singular_value": s, "time": times, "strength": linear_strength(view.layers, s, view.start, times)}
        )
        for s in experiment.strengths
    )
    if shown is None:
        rows = _theory(experiment, "linear_theory")
    else:
        rows = table(shown, "linear_modes")
        rows = rows[rows["source"] == "measured"]
    mine = rows[(rows["depth"] == view.layers) & (rows["start_logit"] == view.start)]
    return depth_modes.figure(theory, mine, last, measured=shown is not None)


def to_player(charts: dict[str, Figure], view: View, shown: Shown | None) -> str:
    """Return the player's payload as JSON."""
    time = clock(snapshots(view.experiment), rest=st.session_state.get("ld_link_step"))
    said = verdict(view, shown).replace("**", "")
    return payload(time, [(figure, _about(name, said, view, shown)) for name, figure in charts.items()])


def _about(name: str, said: str, view: View, shown: Shown | None) -> dict[str, Any]:
    return {
        "id": name,
        "title": TITLES[name] + (f", D = {view.layers}" if name == "modes" else ""),
        "caption": CAPTIONS[name],
        "alt": f"{TITLES[name]}. {said}",
        "scrub": None,
        "pick": None,
        "broad": name == "times",
        "file": f"trainscope-{name}",
        "badge": _badge(name, view, shown),
    }


def _badge(name: str, view: View, shown: Shown | None) -> dict[str, str] | None:
    if name not in COMPARED:
        return None
    if shown is None:
        return {"text": "theory only, so far", "tone": "quiet"} if name == COMPARED[0] else None
    rows = table(shown, "depth_times")
    mine = rows[(rows["loss"] == name) & (rows["start_logit"] == view.start)]
    lost = mine[mine["outcome"] == "diverged"]["depth"].tolist()
    return {"text": f"diverged: D = {', '.join(map(str, lost))}", "tone": "alert"} if lost else None


def view_frame(view: View) -> int:
    """Return the snapshot that a picture shows: where the player rests, else the last."""
    steps = snapshots(view.experiment)
    return len(steps) - 1 if view.step is None else int(np.abs(steps - view.step).argmin())


def verdict(view: View, shown: Shown | None) -> str:
    """Say what came out, in Markdown: measured times beside theory's, and where the best depth changes."""
    experiment = view.experiment
    rows = _theory(experiment, "times_theory") if shown is None else table(shown, "depth_times")
    column = "time_theory" if shown is None else "time_measured"
    mine = rows[(rows["start_logit"] == view.start) & (rows["loss"] == view.loss)].set_index("depth")
    name, end = {"cross_entropy": "cross-entropy"}.get(view.loss, view.loss), experiment.end_of(view.loss)
    said = f"{'In theory' if shown is None else 'Measured'}, {name} from N₀ = {view.start:g} to N = {end:g}: "
    there = mine[mine[column].notna()]
    if there.empty:
        return said + "no depth is there by the last time."
    best = int(str(there[column].idxmin()))
    said += f"**D = {best}** is there first, at t = {there[column][best]:.4g}"
    if shown is not None:
        said += f" (theory {mine['time_theory'][best]:.4g})"
    others = [
        depth for depth in (experiment.depths[0], experiment.depths[-1]) if depth != best and depth in there.index
    ]
    said += "".join(f", D = {depth} at {there[column][depth]:.4g}" for depth in others) + "."
    changes = [
        f"D = {above} instead of {below} from N₀ = {place:.3g} on"
        for place, below, above in depths.crossings(experiment, view.loss)
    ]
    return said + (f" The fastest depth, in theory: {'; '.join(changes)}." if changes else "")
