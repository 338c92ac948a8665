"""The strengths of two features: a half of the part on Spectral Decoupling of the Learning dynamics page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.part import Lesson, Part, late
from core.studies.strengths.presets import PRESETS
from core.studies.strengths.view import FIRST, StrengthsView

INTRODUCTION = (
    "**The stronger one feature is, the less of the weaker one is learned: under ridge, not under Spectral "
    "Decoupling.** Two samples, two features of strengths s₁ and s₂, and a linearised network, after the code of a "
    "figure of Pezeshki et al. 2021 ([2011.09468](https://arxiv.org/abs/2011.09468)). The fixed points are derived "
    "here: ridge's by Newton's method, Spectral Decoupling's from m(1 + eᵐ) = 1/λ."
)

LESSONS = (
    Lesson(
        "The stronger, the less",
        "Ridge's fixed points move right and down as s₁ grows: the first response is larger, the second smaller. "
        "Spectral Decoupling has one for all.",
        StrengthsView(),
    ),
    Lesson(
        "The weaker one starves",
        "s₁ below s₂: now the first feature is the weaker one, and z₂ rises with s₁. The slope changes sign where the "
        "two are equal.",
        StrengthsView(experiment=replace(FIRST, strengths=(0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0)), s_1=1.0),
    ),
    Lesson(
        "Nothing couples them",
        "An angle of 0°: each sample has a feature of its own, and s₁ does nothing to z₂, under either penalty.",
        StrengthsView(experiment=PRESETS["learning_dynamics/uncoupled"].experiment),
    ),
)


def _notes(view: StrengthsView) -> Mapping[str, str]:
    return {"Optimizer": f"The learning rate is {view.experiment.learning_rate:g}; nothing is random."}


PART = Part(
    view=StrengthsView,
    title="Feature strengths",
    key="ds",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Features", "Penalties", "Optimizer"),
    notes=_notes,
    scene=late("core.studies.strengths.scene"),
    trainings=lambda view: {"These linear models": view.experiment},
    order="theory first",
    tables={
        "strengths": "Every run at every recorded step, and its fixed point.",
        "fixed_points": "The fixed points against s₁, by theory alone.",
        "ends": "Where every run ended, and its fixed point.",
    },
)
