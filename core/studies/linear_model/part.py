"""Overfitting that forgets nothing: the part of the Complexity page in the spirit of Theorem 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.part import Lesson, Part, late
from core.studies.linear_model.presets import PRESETS
from core.studies.linear_model.view import FIRST, LinearView

INTRODUCTION = (
    "A linear model, more dimensions than points, and some labels wrong. The true label is the first coordinate, the "
    "others are noise: **SGD from the simple classifier fits every wrong label by the noise and still gets new points "
    "right; from elsewhere it fits them, too, but errs on new points.** In the spirit of Theorem 1 of Nakkiran et "
    "al. 2019 ([1905.11604](https://arxiv.org/abs/1905.11604)); the constants and the distribution of the paper's "
    "theorem are not known to us. That SGD finds the simple classifier first is assumed here, not learned."
)

LESSONS = (
    Lesson(
        "Overfits, and forgets nothing",
        "From all three initializations every training label is fitted in the end, the wrong ones too. From a = 1 the "
        "wrong labels are fitted by thousands of weights on noise, each tiny: new points do not see them.",
        LinearView(),
    ),
    Lesson(
        "Too few dimensions to hide in",
        "d/n = 1.5: the same fit takes larger weights on noise, and the accuracy from a = 1 falls with every wrong "
        "label that is fitted, and goes on falling when all are: the interpolator, dashed, comes later.",
        LinearView(experiment=PRESETS["complexity/theorem_few"].experiment),
    ),
    Lesson(
        "As informative, and always wrong",
        "Play to the end and compare the right chart with the left: from a = −1 nearly every new point is wrong, yet "
        "μ_Y is nearly that of the simple classifier. The measure is blind to sign.",
        LinearView(clean=True),
    ),
    Lesson(
        "Steps too large",
        "Each step takes away three times the residual of its point, so what is left of it is twice as large. The "
        "curves end where the loss is beyond a million.",
        LinearView(experiment=replace(FIRST, rate=3.0)),
    ),
)


def _notes(view: LinearView) -> Mapping[str, str]:
    experiment = view.experiment
    seeds = "1 seed" if experiment.runs == 1 else f"{experiment.runs} seeds"
    ratios = ", ".join(f"{ratio:g}" for ratio in experiment.ratios)
    said = f"{seeds}; a seed draws the points, which labels are flipped, and the order of the steps. d/n compared: "
    return {"SGD": f"{said}{ratios}. The command line and the link take others."}


PART = Part(
    view=LinearView,
    title="Overfitting that forgets nothing",
    key="t",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Data", "SGD"),
    notes=_notes,
    scene=late("core.studies.linear_model.scene"),
    trainings=lambda view: {"These models": view.experiment},
    tables={
        "path": "Every initialization and seed at every recorded step.",
        "ends": "The interpolator nearest to each initialization, against d/n, one row a seed.",
        "approximation": "What the interpolators converge to for large n and d, in closed form.",
        "runs": "How SGD ended, one row an initialization and seed.",
    },
)
