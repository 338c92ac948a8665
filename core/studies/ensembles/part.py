"""Ensembles: a part of the Phase plane page."""

from __future__ import annotations

from collections.abc import Mapping

from core.part import Lesson, Part, late
from core.studies.ensembles.presets import PRESETS
from core.studies.ensembles.view import EnsemblesView

INTRODUCTION = (
    "**How much of a trained network is due to its initialization?** Geiger, Spigler, Jacot, Wyart 2019 "
    "([1906.08034](https://arxiv.org/abs/1906.08034)) report that the fluctuations of the trained function over "
    "initializations scale as h^(−1/2) with the width h, so that the mean over an ensemble of narrow networks has the "
    "performance of a wide one. Here networks that share training set and batches differ by their initial weights "
    "alone. α is the output scale of this page, with which the boundary between the lazy and the feature regime does "
    "not move with h."
)

LESSONS = (
    Lesson(
        "Lazy and learning features",
        "Compare the points at α = 32, where the weights change by a few percent, and at α = 1/32, where they change "
        "by several times their initial norm, with the dashed lines of slope −1/2.",
        EnsemblesView(alpha=2.0**-5),
    ),
    Lesson(
        "Where noise dominates",
        "At α = 1,024 the temperature is above 1/α: the output is many margins large, and noise, not the margin, has "
        "set it. Are these points on the dashed line?",
        EnsemblesView(),
    ),
    Lesson(
        "One network, and the mean of ten",
        "The second chart, at α = 32: the mean output of narrow networks against a single wide one.",
        EnsemblesView(alpha=2.0**5),
    ),
)


def _notes(view: EnsemblesView) -> Mapping[str, str]:
    experiment = view.experiment
    widths = ", ".join(f"{width:,}" for width in experiment.widths)
    alphas = ", ".join(f"{alpha:,.4g}" for alpha in experiment.alphas)
    return {
        "Networks": f"Widths {widths}; output scales {alphas}; T = {experiment.temperature:.2g}. The command line and "
        "the link take others."
    }


PART = Part(
    view=EnsemblesView,
    title="Ensembles",
    key="pe",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Data", "Networks"),
    notes=_notes,
    scene=late("core.studies.ensembles.scene"),
    tables={
        "ensembles": "Fluctuation and test errors of every ensemble.",
        "ensemble_exponents": "How the fluctuation scales with the width, at every output scale.",
        "ensemble_history": "Errors over the steps, means over the networks of an ensemble.",
    },
)
