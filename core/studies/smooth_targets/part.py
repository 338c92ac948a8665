"""Smooth targets: a part of the Kinks page."""

from __future__ import annotations

from collections.abc import Mapping

from core.part import Lesson, Part, late
from core.studies.smooth_targets.presets import PRESETS
from core.studies.smooth_targets.view import SmoothTargetsView

INTRODUCTION = (
    "Maennel, Bousquet and Gelly report that the final functions stay simple and generalise well, above all when the "
    "target is smooth (bounded second derivative). **Here targets are known, so that the test error can be measured: "
    "of networks from a small and from a large initialization, of the piecewise-linear interpolant and of a cubic "
    "spline.** The interpolant is off by at most h² max |f″| / 8, h being the widest gap between points."
)

LESSONS = (
    Lesson(
        "Few kinks, and short of the data",
        "Networks from a small initialization on a sine. Look at the lower panel first: how far are they from the "
        "points that they are trained on, and does the test error fall with K as the interpolant's does?",
        SmoothTargetsView(),
    ),
    Lesson(
        "A kinked target",
        "|x| is two ReLU units, but has no bounded second derivative. Which of the four methods gains, and do networks "
        "from a small initialization find those two units?",
        SmoothTargetsView(target="kink"),
    ),
)


def _notes(view: SmoothTargetsView) -> Mapping[str, str]:
    experiment = view.experiment
    counts = ", ".join(map(str, experiment.points))
    return {
        "Data": f"K = {counts} points; {len(experiment.seeds)} seeds, each with points, random target and initial "
        "weights of its own. The command line takes others.",
    }


PART = Part(
    view=SmoothTargetsView,
    title="Smooth targets",
    key="ks",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Data", "Initialization", "Network", "Optimizer"),
    notes=_notes,
    scene=late("core.studies.smooth_targets.scene"),
    tables={
        "smooth_targets": "Every network at its end, and the interpolants of the same points.",
        "smooth_targets_rates": "The fitted rate of every method on every target.",
        "smooth_targets_motion": "The errors of every network at every recorded step.",
    },
)
