"""The charts of the catapult: the toy for every setting, networks once they are trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import pandas as pd

from core.figure.figure import Figure
from core.part import Scene, Shown, badge, cards, lost_badge
from core.studies.catapult import tables
from core.studies.catapult.charts import ends, peaks, plane, steps
from core.studies.catapult.experiment import LARGEST, STABLE, Catapult
from core.studies.catapult.trajectory import CatapultTrajectory
from core.studies.catapult.view import CatapultView

Measured = Shown[CatapultTrajectory] | None

CARDS: Mapping[str, tuple[str, str]] = {
    "plane": (
        "The toy, exactly",
        "f = u·v / √n on one sample, two numbers a step: b' = b (1 − a + b²), a' = a + b² (a − 4). Dots: every "
        "recorded step, one orbit a c. Line: the orbit of the marked c. On the edges one of p = (a/2 + b)/2 and "
        "q = (a/2 − b)/2 is 0 and stays 0: p' = p (1 − b)², q' = q (1 + b)².",
    ),
    "steps": (
        "Networks over the steps",
        "One line a network, all from the same initialization; thick: the marked c. Dashed: the toy at that c, from "
        "an output of 1. ηλ: learning rate times the top eigenvalue of the tangent kernel. A line ends where its "
        "network diverged. Move over the chart to scrub.",
    ),
    "ends": (
        "Final curvature against c",
        "Dots: networks now. Line and band: the toy in the end, median, least and greatest over initial outputs; above "
        "c = 4 it diverges. Dashed: 4 − c, its limit just above 2. Crosses: diverged. {Click a c to mark it.}",
    ),
    "peaks": (
        "Wider, later",
        "Dots: when the toy's loss peaks. Dashed: theory's slope, 1 / (2 ln(c − 1)) steps for every unit of ln n, "
        "through the mean of the dots.",
    ),
}


def scene(view: CatapultView, drawn: Sequence[Measured]) -> Scene:
    """Return the charts of a view, of the toy alone before networks are trained."""
    shown = drawn[0]
    said = verdict(view, shown)
    about = cards(
        CARDS,
        said,
        badge={"steps": _badge(view, shown)},
        scrub={"steps": "concat_0_x"},
        pick={"ends": "cell" if shown is not None else None},
    )
    return Scene(
        figures=_figures(view, shown), cards=about, steps=CatapultTrajectory.scheduled(view.experiment), verdict=said
    )


@lru_cache(maxsize=32)
def _toy(experiment: Catapult) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return what is known of the toy without training."""
    at = CatapultTrajectory.scheduled(experiment)
    return tables.toy_of(experiment, at), tables.toy_ends_of(experiment), tables.toy_peaks_of(experiment)


def _figures(view: CatapultView, shown: Measured) -> dict[str, Figure]:
    toy, toy_ends, toy_peaks = _toy(view.experiment)
    networks, how = (None, None) if shown is None else (shown.table("catapult"), shown.table("catapult_ends"))
    return {
        "plane": plane.figure(toy, view.c),
        "steps": steps.figure(networks, toy, view.c, CatapultTrajectory.scheduled(view.experiment)),
        "ends": ends.figure(networks, how, toy_ends, view.c),
        "peaks": peaks.figure(toy_peaks, view.experiment.width, view.c),
    }


def _badge(view: CatapultView, shown: Measured) -> Mapping[str, str] | None:
    if shown is None:
        return badge("toy only, so far")
    outcomes = [shown.trajectory.outcome(run) for run in range(view.experiment.runs)]
    words = {"diverged": "diverged", "stationary": "dead", "unfinished": "in training"}
    return lost_badge(outcomes, words)


def verdict(view: CatapultView, shown: Measured) -> str:
    """Say what the toy and the network do at the marked c, in Markdown."""
    toy, *_ = _toy(view.experiment)
    mine = toy[toy["c"] == view.c]
    if view.c > LARGEST:
        said = f"At c = {view.c:g} the toy diverges: above 4 its curvature only grows."
    elif view.c == LARGEST:
        said = "At c = 4 the toy's curvature stays 4, and its loss neither converges nor diverges."
    else:
        kind = "falls at every step" if view.c <= STABLE else f"peaks at {_short(mine['loss_ratio'].max())} its start"
        said = f"At c = {view.c:g} the toy's loss {kind}, and ηλ ends at **{mine['eta_lambda'].iloc[-1]:.2f}**."
    if shown is None:
        return said
    end = shown.table("catapult_ends").set_index("c").loc[view.c].to_dict()
    name = {"relu": "ReLU", "tanh": "tanh", "linear": "linear"}[view.experiment.activation]
    if end["outcome"] == "diverged":
        return f"{said} The {name} network diverged by step {int(end['steps']):,}."
    peak = f"peaked at {_short(end['peak_ratio'])} its start" if end["peak_ratio"] > 1 else "never exceeded its start"
    dead = f", with {end['dead_share']:.0%} of its units dead" if end["dead_share"] >= 0.05 else ""
    return f"{said} The {name} network's loss {peak}; its ηλ is **{end['eta_lambda']:.2f}** in the end{dead}."


def _short(ratio: float) -> str:
    """Return a ratio in words: times what it was."""
    return f"{ratio:,.1f} times" if ratio < 100 else f"{ratio:,.0f} times"
