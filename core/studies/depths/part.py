"""Depth and losses: a part of the Learning dynamics page."""

from __future__ import annotations

from core.part import Lesson, Part, late
from core.studies.depths.presets import PRESETS
from core.studies.depths.view import DepthsView

INTRODUCTION = (
    "One mode, D layers, three losses: **the prefactor N^(2−2/D) is the same for all, and makes deep networks wait and "
    "then drop; the loss decides how learning ends.** Cross-entropy slows like a logarithm, hinge stops, squared loss "
    "settles. So depth speeds up learning only if N₀ is not tiny. The formulas are derived here, for layers that start "
    "aligned and of equal norm."
)

LESSONS = (
    Lesson(
        "Every layer speeds up learning",
        "From N₀ = 0.05 under cross-entropy six layers are the fastest, one is the slowest: the factor D outweighs the "
        "wait.",
        DepthsView(),
    ),
    Lesson(
        "Unless the initialization is tiny",
        "From N₀ = 0.001 two layers are the fastest, and six need more than twice as long as one: the wait scales as "
        "N₀^−(1−2/D).",
        DepthsView(start=0.001),
    ),
    Lesson(
        "It depends on the loss",
        "The hinge loss pulls as hard at the end as at the start, so one layer has no slow end to lose time in: it is "
        "the fastest up to N₀ = 0.1. Compare the three losses on one axis of time.",
        DepthsView(loss="hinge", together=True, measure="logit"),
    ),
    Lesson(
        "Modes one by one",
        "Saxe et al.: linear networks learn the strongest mode first. Choose one layer instead of three: all modes are "
        "learned at the same rate.",
        DepthsView.of(PRESETS["learning_dynamics/saxe"].experiment, layers=3),
    ),
)

PART = Part(
    view=DepthsView,
    title="Depth and losses",
    key="ld",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Initialization", "Network", "Data", "Optimizer"),
    scene=late("core.studies.depths.scene"),
    trainings=lambda view: {"These training runs": view.experiment},
    order="theory first",
    tables={
        "depth": "Logit and soft error of each depth, loss and initial logit, measured and in theory.",
        "depth_times": "When each reached the logit that counts as learned, measured and in theory.",
        "best_depth": "The fastest depth against the logit at time 0, in theory.",
        "linear_modes": "Strengths of the modes of linear networks, measured and in theory.",
    },
)
