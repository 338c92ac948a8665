"""Gradient starvation in three models: a half of a part of the Learning dynamics page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.part import Lesson, Part, late
from core.studies.starvation.presets import PRESETS
from core.studies.starvation.view import FIRST, StarvationView

INTRODUCTION = (
    "Some samples of a class have a second, weaker or rarer feature. **Once the frequent one has taught the class, "
    "there is no gradient left to learn the other.** The claim is that of Tachet des Combes et al. 2018; the data, the "
    "models and the bounds are ours. How much is left depends on the model, so every chart names its own. Only samples "
    "of class 1 are trained on; the other class is a constant."
)

LESSONS = (
    Lesson(
        "Three answers",
        "The same samples, p = 0.3. Alone, the weak feature has a logit of almost 1 in M1, of more than 1 in M3, and "
        "of 0.06 in M2. A formula for one model says nothing of another.",
        StarvationView(),
    ),
    Lesson(
        "Starved, but never frozen",
        "Under cross-entropy both go on: follow the curves to 10¹². In M1 the weak logit grows like ln ln t.",
        StarvationView(long=True),
    ),
    Lesson(
        "Frozen",
        "Under hinge the gradient is exactly 0 once every margin is 1, and the curves stay level.",
        StarvationView(experiment=PRESETS["learning_dynamics/starvation_hinge"].experiment),
    ),
    Lesson(
        "The control",
        "The features never meet. The weak one is learned later, by the ratio of the frequencies in M1 and M2, but it "
        "is learned: there is no bound.",
        StarvationView(experiment=PRESETS["learning_dynamics/starvation_exclusive"].experiment),
    ),
    Lesson(
        "A large initialization",
        "M3 initialized ten thousand times as large: its neurons no longer become one, and the seeds scatter about the "
        "line, some above the bound of M1.",
        StarvationView(experiment=replace(FIRST, shared_start=0.1)),
    ),
)


def _notes(view: StarvationView) -> Mapping[str, str]:
    mixed = view.experiment
    compared = ", ".join(f"{p:g}" for p in mixed.frequencies)
    seeds = "One seed draws" if mixed.runs == 1 else f"{mixed.runs} seeds draw"
    return {
        "Samples": f"Strong only {mixed.q_s:.3g}, weak only {mixed.q_w:.3g}, both {mixed.q_sw:.3g}.",
        "Training": f"{seeds} the initial weights. Networks are trained at p = {compared}.",
    }


PART = Part(
    view=StarvationView,
    title="Three models",
    key="ls",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Samples", "Features", "Training"),
    notes=_notes,
    scene=late("core.studies.starvation.scene"),
    order="theory first",
    tables={
        "starvation": "At the stop, against p: theory, then the networks, one row a seed.",
        "starvation_path": "The logits of both features over time.",
        "exclusive": "When each feature by itself was learned, and the ratio of the two times.",
    },
)
