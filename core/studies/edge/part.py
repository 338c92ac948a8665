"""The edge of stability: the second part of the Learning rate page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.part import Lesson, Part, clicked, late
from core.studies.edge.presets import PRESETS
from core.studies.edge.view import FIRST, EdgeView

INTRODUCTION = (
    "**Training makes the loss sharper until its sharpness S, the top eigenvalue of its Hessian, is 2/η; there it "
    "stays, and the loss falls with ups and downs.** On a quadratic gradient descent is stable below ηS = 2 and "
    "diverges above. Cohen et al. 2021 ([2103.00065](https://arxiv.org/abs/2103.00065)) call this the edge of "
    "stability; the paper reports that S rises as long as it is below 2/η, then hovers at or just above it."
)

DIGITS, MINIBATCHES = (PRESETS[f"learning_rate/{name}"].experiment for name in ("edge_digits", "edge_sgd"))

LESSONS = (
    Lesson(
        "Everything collapses on 2",
        "η = 0.15. S rises from its initial value at every learning rate; multiplied by η, each curve that crosses 2 "
        "overshoots and stays around 2, whatever η is.",
        EdgeView(),
    ),
    Lesson(
        "Monotone before, not after",
        "η = 0.3. Until S reaches 2/η the loss falls at every step; then it spikes, and rises at a part of the steps "
        "while it falls in the long run.",
        EdgeView(rate=0.3),
    ),
    Lesson(
        "The control",
        "η = 0.05, to step 6,000: S stays below 2/η, and the loss falls at every step.",
        EdgeView(experiment=replace(FIRST, step_limit=6000, rates=(0.05, 0.1, 0.2)), rate=0.05),
    ),
    Lesson(
        "From either side",
        "Digits, ten outputs. At η = 0.1 S rises to 2/η; at η = 0.4 training starts above it, S falls within the first "
        "recorded steps as in a catapult, and comes to about 2/η, too.",
        EdgeView(experiment=DIGITS, rate=0.4),
    ),
    Lesson(
        "Below the edge with minibatches",
        "The same digits at η = 0.1. The smaller the batch, the lower ηS stays: noise keeps SGD where the loss is "
        "flatter.",
        EdgeView(experiment=MINIBATCHES, rate=8.0),
    ),
)


def _notes(view: EdgeView) -> Mapping[str, str]:
    experiment = view.experiment
    polynomial = experiment.task == "chebyshev"
    ends = (1, 1) if polynomial else (64, 10)
    shape = "-".join(map(str, (ends[0], *experiment.widths, ends[1])))
    rates = ", ".join(f"{rate:g}" for rate in experiment.rates)
    sizes = f", batch sizes {', '.join(map(str, experiment.batch_sizes))}" if experiment.batch_sizes else ""
    return {
        "Data": f"{experiment.n} points evenly on [−1, 1]." if polynomial else f"{experiment.n} images.",
        "Optimizer": f"tanh networks {shape}, learning rates {rates}{sizes}; S every {experiment.every} steps. The "
        "command line and the link take others.",
    }


PART = Part(
    view=EdgeView,
    title="Edge of stability",
    key="re",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Data", "Optimizer"),
    notes=_notes,
    scene=late("core.studies.edge.scene"),
    picked=clicked("rate"),
    tables={
        "edge": "Every network at every recorded step.",
        "edge_ends": "When every network crossed 2/η, and what its loss did before and after.",
    },
)
