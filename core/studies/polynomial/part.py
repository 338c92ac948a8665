"""Polynomial regression: the second part of the Grokking page."""

from __future__ import annotations

from collections.abc import Mapping

from core.part import Lesson, Part, clicked, late
from core.studies.polynomial.presets import PRESETS
from core.studies.polynomial.view import PolynomialView

INTRODUCTION = (
    "**A network whose training closes in a vector and a matrix: the width drops out, and the test loss is "
    "exact.** Kumar et al. 2023 ([2310.06110](https://arxiv.org/abs/2310.06110)) regress y = (β·x)²/2 on "
    "f = (α/N) Σ φ(wᵢ·x), φ(h) = h + (ε/2) h², and report that f and its tangent kernel depend only on w̄ = mean wᵢ "
    "and M = mean wᵢwᵢᵀ. That gradient descent closes in them is derived here. The delay is a slow fall of the test "
    "loss, not a jump."
)


def _at(preset: str, alpha: float) -> PolynomialView:
    return PolynomialView.of(PRESETS[f"grokking/{preset}"].experiment, alpha=alpha)


LESSONS = (
    Lesson(
        "Memorised before it is aligned",
        "α = 1/4. When the training loss is small, nearly all of the test loss is misalignment: M has grown along "
        "other directions than β, too. They shrink long after.",
        _at("polynomial", 0.25),
    ),
    Lesson(
        "Small α: features first",
        "α = 2⁻⁸. The test loss falls soon after the training loss: little but β has grown.",
        _at("polynomial", 2**-8),
    ),
    Lesson(
        "Lazy for good",
        "α = 4. Once the training loss is next to 0, plain gradient descent stops, and the test loss stays large.",
        _at("polynomial", 4.0),
    ),
    Lesson(
        "The linear part memorises",
        "ε = 0.1, α = 1/4. The test loss first rises, by linear power: there is nothing linear to be learned.",
        _at("polynomial_linear", 0.25),
    ),
)


def _notes(view: PolynomialView) -> Mapping[str, str]:
    alphas = ", ".join(f"{alpha:.3g}" for alpha in view.experiment.alphas)
    return {"Optimizer": f"α trained: {alphas}. The command line and the link take others."}


PART = Part(
    view=PolynomialView,
    title="Polynomial regression",
    key="gp",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Data", "Network", "Optimizer"),
    notes=_notes,
    scene=late("core.studies.polynomial.scene"),
    picked=clicked("alpha"),
    tables={
        "polynomial": "Every network at every recorded step.",
        "polynomial_ends": "When every network learned its points and generalized, and what was measured then.",
    },
)
