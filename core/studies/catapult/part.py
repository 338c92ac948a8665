"""The catapult: the first part of the Learning rate page."""

from __future__ import annotations

from collections.abc import Mapping

from core.part import Lesson, Part, clicked, late
from core.studies.catapult.presets import PRESETS
from core.studies.catapult.view import CatapultView

INTRODUCTION = (
    "**With steps too large for the curvature it meets, gradient descent first raises the loss, then lands where the "
    "curvature is low enough for its steps.** c = η λ₀ is the learning rate times the top eigenvalue of the tangent "
    "kernel at initialization. Lewkowycz et al. 2020 ([2003.02218](https://arxiv.org/abs/2003.02218)) solve a toy with "
    "two variables; the paper reports that training is lazy for c < 2 and a catapult above, up to 4 in the toy and to "
    "about 12 in ReLU networks. The formulas here are derived, and exact at any width."
)


def _at(preset: str, c: float) -> CatapultView:
    return CatapultView.of(PRESETS[f"learning_rate/{preset}"].experiment, c=c)


LESSONS = (
    Lesson(
        "The loss rises, then falls",
        "c = 2.5. While the dot is inside the shaded region the loss rises at every step; each step throws the output "
        "to the other side and lowers the curvature, until the dot leaves the region and the loss falls for good.",
        _at("catapult", 2.5),
    ),
    Lesson(
        "A mirror at 2",
        "Just above c = 2 the toy ends as far below 2 as it began above: at 4 − c. Larger c end lower; from about 3 "
        "on, where it ends depends on the initial output.",
        _at("catapult", 2.2),
    ),
    Lesson(
        "Above 4 the toy is lost",
        "c = 4.3 on a linear network: the toy diverges, and so does the network.",
        _at("catapult_linear", 4.3),
    ),
    Lesson(
        "ReLU dies instead",
        "c = 16: the toy diverges, the ReLU network does not. Most of its hidden units die, and what is left of it has "
        "a curvature that the steps can follow.",
        _at("catapult", 16.0),
    ),
)


def _notes(view: CatapultView) -> Mapping[str, str]:
    rates = ", ".join(f"{c:g}" for c in view.experiment.rates)
    return {"Optimizer": f"c trained: {rates}. The command line and the link take others."}


PART = Part(
    view=CatapultView,
    title="Catapult",
    key="rc",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Network", "Data", "Optimizer"),
    notes=_notes,
    scene=late("core.studies.catapult.scene"),
    order="theory first",
    picked=clicked("c"),
    tables={
        "catapult": "Every network at every recorded step.",
        "catapult_ends": "How every network ended, one row a learning rate.",
        "toy": "The toy at the same c and steps, from an output of 1.",
        "toy_ends": "Where the toy ends, against c, over initial outputs.",
        "toy_peaks": "When the toy's loss peaks, against the width.",
    },
)
