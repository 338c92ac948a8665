"""Sigmoids and modes: a part of the Learning dynamics page."""

from __future__ import annotations

from dataclasses import replace

from core.part import Lesson, Part, late
from core.studies.modes.presets import PRESETS
from core.studies.modes.view import FIRST, ModesView

INTRODUCTION = (
    "Two classes, x₊ and x₋, and a ReLU network whose neurons are each active on one of them only. **Then each class "
    "is a mode of its own, however many neurons it has, with one exact curve: a sigmoid, at a pace set by frequency "
    "and norm.** Hinge and cross-entropy follow the same path in weight space, by different clocks: one ends, the "
    "other never does."
)

LESSONS = (
    Lesson(
        "Frequency is only a clock",
        "p = 0.9: the rare mode takes nine times as long to every logit. Over t·p, as here, the two curves are one.",
        ModesView(experiment=PRESETS["learning_dynamics/rare_mode"].experiment, together=True),
    ),
    Lesson(
        "Norm helps slightly more",
        "Four times the length at equal frequency: R = p|x| is four times as large, and so is the initial logit. The "
        "mode is more than four times as fast.",
        ModesView(experiment=PRESETS["learning_dynamics/large_norm"].experiment),
    ),
    Lesson(
        "A sigmoid needs depth",
        "From weights a third as large the two layers wait longer before they learn; one layer, dashed, starts at its "
        "steepest. Balanced neurons fall fastest at an error of 0.291, at any frequency and norm.",
        ModesView(experiment=replace(FIRST, heads="balanced", init=0.01)),
    ),
    Lesson(
        "Hinge stops",
        "Both losses start alike and move along the same lines. Hinge reaches its margin in finite time; cross-entropy "
        "needs many times as long for a confidence of 99 %, and never ends.",
        ModesView(experiment=PRESETS["learning_dynamics/losses"].experiment, log=True),
    ),
)

PART = Part(
    view=ModesView,
    title="Sigmoids and modes",
    key="lm",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Classes", "Network", "Optimizer"),
    notes=lambda view: {
        "Network": f"{view.experiment.dimension} input dimensions, seed {view.experiment.seed}: links and the command "
        "line take others. The neurons of x₋ start as mirror images of those of x₊."
    },
    scene=late("core.studies.modes.scene"),
    order="theory first",
    tables={
        "modes": "Logit and soft error of each mode under each loss, measured and in theory.",
        "losses": "The same with the confidence and the value of the loss.",
        "clocks": "When each mode reached which logit, measured and in theory.",
        "neurons": "Both weights of every neuron, measured and in theory.",
        "one_layer": "Logit and soft error of one layer.",
    },
)
