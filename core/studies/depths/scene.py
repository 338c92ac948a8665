"""The charts of depth and the loss: theory for every setting, measurements once there are any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from core.figure.figure import Figure
from core.part import Card, Scene, Shown, badge, spoken
from core.studies.depths import tables
from core.studies.depths.charts import curves, modes, times
from core.studies.depths.experiment import COMPARED, Depths
from core.studies.depths.theory import crossing_time, exponent, inflection, linear_strength, logit, rate, soft_error
from core.studies.depths.trajectory import DepthsTrajectory
from core.studies.depths.view import DepthsView

Measured = Shown[DepthsTrajectory] | None

NODES = 120
"""Times at which theory is drawn."""
ROOM = 1.2
"""How far an axis of time goes on after the last depth has learned."""
SETTLED = 0.99
"""Share of its singular value at which a mode is settled, for the axis of time."""

LINES = "Lines: theory. Small circles: ReLU networks, measured. "
CARDS: Mapping[str, tuple[str, str]] = {
    "cross_entropy": (
        "Cross-entropy never ends",
        LINES + "N′ = D p|x|^(2/D) N^(2−2/D) σ(−N), so in the end N grows like a logarithm. Diamonds: where the soft "
        "error falls fastest in theory; one layer has no such point.",
    ),
    "hinge": (
        "Hinge ends at its margin",
        LINES + "The same with 1 in place of σ(−N) while N < 1: from two layers on learning is fastest in the "
        "last moment. Then nothing moves.",
    ),
    "squared": (
        "Squared loss settles",
        LINES + "The same with 1 − N: the end is exponential. For linear networks this is the equation of Saxe et al. "
        "2013.",
    ),
    "times": (
        "Where depth stops helping",
        "Lines: theory, against the logit at time 0. Dots: measured. Grey band: the fastest depth; dashed where it "
        "changes. Vertical line: the initial logit of the curves above.",
    ),
    "modes": (
        "Modes of a linear network",
        "Lines: theory, u′ = D u^(2−2/D) (s − u). Small circles: a linear network in training. Deep networks learn "
        "stronger modes earlier; one layer learns all of them at the same rate.",
    ),
}


def scene(view: DepthsView, drawn: Sequence[Measured]) -> Scene:
    """Return the charts of a view, of theory alone before there is a measurement."""
    shown = drawn[0]
    said = verdict(view, shown)
    figures = {loss: _curves(view, shown, loss) for loss in COMPARED}
    figures |= {"times": _times(view, shown), "modes": _modes(view, shown)}
    cards = {name: _card(name, said, view, shown) for name in figures}
    return Scene(figures=figures, cards=cards, steps=DepthsTrajectory.scheduled(view.experiment), verdict=said)


def _card(name: str, said: str, view: DepthsView, shown: Measured) -> Card:
    title, caption = CARDS[name]
    return Card(
        title=title + (f", D = {view.layers}" if name == "modes" else ""),
        caption=caption,
        alt=spoken(title, said),
        badge=_badge(name, view, shown),
        broad=name == "times",
    )


def _badge(name: str, view: DepthsView, shown: Measured) -> Mapping[str, str] | None:
    if name not in COMPARED:
        return None
    if shown is None:
        return badge("theory only, so far") if name == COMPARED[0] else None
    rows = shown.table("depth_times")
    mine = rows[(rows["loss"] == name) & (rows["start_logit"] == view.start)]
    diverged = mine[mine["outcome"] == "diverged"]["depth"].tolist()
    return badge(f"diverged: D = {', '.join(map(str, diverged))}", alert=True) if diverged else None


@lru_cache(maxsize=64)
def _theory(experiment: Depths, name: str) -> pd.DataFrame:
    """Return one of the tables that theory gives of an experiment."""
    found: pd.DataFrame = getattr(tables, name)(experiment)
    return found


def _recorded(view: DepthsView, shown: Measured) -> pd.DataFrame:
    """Return the curves at recorded times: measured, or theory's before there is a measurement."""
    if shown is None:
        return _theory(view.experiment, "theory")
    rows = shown.table("depth")
    return rows[rows["source"] == "measured"]


def _curves(view: DepthsView, shown: Measured, loss: str) -> Figure:
    experiment, last = view.experiment, _last(view, loss)
    nodes, every, marks = np.linspace(0, last, NODES), [], []
    for depth in experiment.depths:
        pace, at = rate(depth, experiment.norm, experiment.p), inflection(depth, loss)
        n = logit(depth, loss, view.start, pace, nodes)
        every.append(pd.DataFrame({"depth": depth, "time": nodes, "logit": n, "error": soft_error(n)}))
        if at > view.start:
            when = float(crossing_time(depth, loss, view.start, at, pace))
            marks.append({"depth": depth, "time": when, "logit": at, "error": float(soft_error(at))})
    recorded = _recorded(view, shown)
    mine = recorded[(recorded["loss"] == loss) & (recorded["start_logit"] == view.start)]
    steepest = pd.DataFrame(marks, columns=["depth", "time", "logit", "error"])
    return curves.figure(pd.concat(every), mine, steepest, view.measure, last, measured=shown is not None)


def _last(view: DepthsView, loss: str) -> float:
    """Return when the axis of a loss ends: after the last depth has learned, but not after the training."""
    rows = _theory(view.experiment, "times_theory")
    mine = (rows["start_logit"] == view.start) & ((rows["loss"] == loss) | view.together)
    return min(ROOM * float(rows[mine]["time_theory"].max()), view.experiment.last_time)


def _times(view: DepthsView, shown: Measured) -> Figure:
    experiment = view.experiment
    rows, best = _theory(experiment, "times_over_starts"), _theory(experiment, "best_depths")
    measured = None if shown is None else shown.table("depth_times")
    return times.figure(
        rows[rows["loss"] == view.loss],
        None if measured is None else measured[measured["loss"] == view.loss],
        tables.crossings(experiment, view.loss),
        int(best[best["loss"] == view.loss]["depth"].iloc[0]),
        view.start,
        DepthsTrajectory.scheduled(experiment) * experiment.learning_rate,
    )


def _modes(view: DepthsView, shown: Measured) -> Figure:
    experiment = view.experiment
    settled = [
        float(crossing_time(view.layers, "squared", view.start / s, SETTLED, s ** exponent(view.layers)))
        for s in experiment.strengths
        if view.start < SETTLED * s
    ]
    last = min(ROOM * max(settled, default=1.0), experiment.last_time)
    nodes = np.linspace(0, last, NODES)

    def mode(s: float) -> pd.DataFrame:
        strength = linear_strength(view.layers, s, view.start, nodes)
        return pd.DataFrame({"singular_value": s, "time": nodes, "strength": strength})

    if shown is None:
        rows = _theory(experiment, "linear_theory")
    else:
        rows = shown.table("linear_modes")
        rows = rows[rows["source"] == "measured"]
    mine = rows[(rows["depth"] == view.layers) & (rows["start_logit"] == view.start)]
    return modes.figure(pd.concat(map(mode, experiment.strengths)), mine, last, measured=shown is not None)


def verdict(view: DepthsView, shown: Measured) -> str:
    """Say what came out, in Markdown: measured times with theory's, and where the fastest depth changes."""
    experiment, column = view.experiment, "time_theory" if shown is None else "time_measured"
    rows = _theory(experiment, "times_theory") if shown is None else shown.table("depth_times")
    mine = rows[(rows["start_logit"] == view.start) & (rows["loss"] == view.loss)].set_index("depth")
    name, end = view.loss.replace("_", "-"), experiment.end_of(view.loss)
    said = f"{'In theory' if shown is None else 'Measured'}, {name} from N₀ = {view.start:g} to N = {end:g}: "
    reached = mine[mine[column].notna()]
    if reached.empty:
        return f"{said}no depth reaches it before t = {experiment.last_time:g}."
    best = int(str(reached[column].idxmin()))
    said += f"**D = {best}** reaches it first, at t = {reached[column][best]:.4g}"
    if shown is not None:
        said += f" (theory {mine['time_theory'][best]:.4g})"
    ends = dict.fromkeys((experiment.depths[0], experiment.depths[-1]))
    others = [depth for depth in ends if depth != best and depth in reached.index]
    said += "".join(f", D = {depth} at {reached[column][depth]:.4g}" for depth in others) + "."
    return said + _changes(experiment, view.loss)


def _changes(experiment: Depths, loss: str) -> str:
    changes: list[Any] = [
        f"D = {above} instead of {below} from N₀ = {place:.3g} on"
        for place, below, above in tables.crossings(experiment, loss)
    ]
    return f" The fastest depth, in theory: {'; '.join(changes)}." if changes else ""
