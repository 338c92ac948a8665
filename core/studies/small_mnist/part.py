"""Small MNIST: the third part of the Grokking page."""

from __future__ import annotations

from collections.abc import Mapping

from core.part import Lesson, Part, late
from core.studies.small_mnist.presets import PRESETS
from core.studies.small_mnist.view import SmallMnistView

INTRODUCTION = (
    "**Large initial weights delay generalization on MNIST, too; here weight decay is what ends the delay.** "
    "A scaled-down version of the setting in the code of Liu, Michaud, Tegmark 2022 "
    "([2210.01117](https://arxiv.org/abs/2210.01117)): few averaged images, all initial weights and biases times a "
    "scale, squared loss, AdamW. The test error falls slowly over a few times as many steps, not in a jump."
)


def _at(preset: str, scale: float) -> SmallMnistView:
    return SmallMnistView.of(PRESETS[f"grokking/{preset}"].experiment, scale=scale)


LESSONS = (
    Lesson(
        "Eight times the usual weights",
        "The training error is next to 0 while the test error is above one third; it falls as weight decay shrinks the "
        "weights.",
        _at("mnist", 8.0),
    ),
    Lesson(
        "The usual weights",
        "Scale 1: when the training error is next to 0, the test error is low already.",
        _at("mnist", 1.0),
    ),
    Lesson(
        "Is it the decay?",
        "Scale 8 without weight decay: how far does the test error fall?",
        _at("mnist_decay", 8.0),
    ),
)


def _notes(view: SmallMnistView) -> Mapping[str, str]:
    scales = ", ".join(f"{scale:g}" for scale in view.experiment.scales)
    return {"Optimizer": f"Initialization scales trained: {scales}. The command line and the link take others."}


PART = Part(
    view=SmallMnistView,
    title="Small MNIST",
    key="gi",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Data", "Network", "Optimizer"),
    notes=_notes,
    scene=late("core.studies.small_mnist.scene"),
    tables={
        "mnist": "Every network at every recorded step.",
        "mnist_ends": "When every network fitted and generalized, and how it ended.",
    },
)
