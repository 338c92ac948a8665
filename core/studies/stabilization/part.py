"""Self-stabilization: a part of the Learning rate page."""

from __future__ import annotations

from collections.abc import Mapping

from core.part import Lesson, Part, clicked, late
from core.studies.stabilization.presets import PRESETS
from core.studies.stabilization.view import StabilizationView

INTRODUCTION = (
    "**Past the edge of stability the network oscillates along its sharpest direction, and the growing oscillation "
    "brings the sharpness down.** With x the displacement along the top eigenvector of the "
    "Hessian: x′ = (1 − ηS) x, as on a quadratic, and S′ = S + A − B x²: the sharpness drifts up, and falls where the "
    "oscillation is large. Both together go around in loops. The model is derived here; Damian, Nichani, Lee 2022 "
    "([2209.15594](https://arxiv.org/abs/2209.15594)) have one of this structure; only their abstract was at hand."
)

SLOW = PRESETS["learning_rate/stabilization_slow"].experiment

LESSONS = (
    Lesson(
        "First the sharpness, then the oscillation",
        "As long as ηS is above 2, |x| grows; it is largest where ηS comes back to 2, some steps after the peak of ηS. "
        "As in a population of prey and predators, one follows the other.",
        StabilizationView(),
    ),
    Lesson(
        "What brings it down",
        "The third chart: S rises by A a step where x is small, and falls in proportion to x². At |x| = δ the two "
        "cancel, and over all steps x² is δ² on average.",
        StabilizationView(experiment=SLOW, noise=1e-6),
    ),
    Lesson(
        "It grows from rounding",
        "No noise is added: the oscillation grows from the rounding of float64, which takes many steps, in which S "
        "rises. So the overshoot is the highest.",
        StabilizationView(noise=0.0),
    ),
    Lesson(
        "Noise keeps it low",
        "The last chart: the more noise, the less there is to grow, and the lower the overshoot: it scales with the "
        "logarithm of the noise.",
        StabilizationView(noise=1e-4),
    ),
)


def _notes(view: StabilizationView) -> Mapping[str, str]:
    experiment = view.experiment
    shape = "-".join(map(str, (1, *experiment.widths, 1)))
    noises = ", ".join(f"{noise:g}" for noise in experiment.noises)
    return {
        "Data": f"{experiment.n} points evenly on [−1, 1].",
        "Optimizer": f"A tanh network {shape}, float64; weight noise {noises}. The command line and the link take "
        "others.",
    }


PART = Part(
    view=StabilizationView,
    title="Self-stabilization",
    key="rs",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Data", "Optimizer"),
    notes=_notes,
    scene=late("core.studies.stabilization.scene"),
    picked=clicked("noise"),
    tables={
        "stabilization": "Every network at every step past the edge.",
        "stabilization_loops": "The first overshoot of every network, and A, B and δ of the model.",
    },
)
