"""Greedy construction: a part of the Kinks page."""

from __future__ import annotations

from collections.abc import Mapping

from core.part import Lesson, Part, late
from core.studies.greedy.presets import PRESETS
from core.studies.greedy.view import GreedyView

INTRODUCTION = (
    "**Does gradient descent find the network that one would build greedily, one unit at a time?** From a small "
    "initialization the directions that grow fastest come first, too; how many follow before the points are fitted, "
    "and whether they make the same function, is measured on the same training sets at equal loss."
)


def _at(preset: str, size: float) -> GreedyView:
    return GreedyView.of(PRESETS[f"kinks/{preset}"].experiment, size=size)


LESSONS = (
    Lesson(
        "The first two come alike",
        "64 MNIST digits: one unit for either class is enough, and gradient descent on 256 units ends with two "
        "directions, too.",
        _at("mnist_greedy", 64.0),
    ),
    Lesson(
        "Then greed stays frugal",
        "512 MNIST digits to the same loss: two units are enough for the greedy network, while gradient descent brings "
        "several times as many directions into use. The two no longer make the same function, and the greedy one is "
        "wrong on more test images.",
        _at("mnist_greedy", 512.0),
    ),
    Lesson(
        "Small digits",
        "160 digits. Watch the directions in use: gradient descent adds many at about the same loss, where the greedy "
        "network waits for its next unit.",
        _at("digits_greedy", 160.0),
    ),
)


def _notes(view: GreedyView) -> Mapping[str, str]:
    count = view.experiment.runs // 2
    return {"Data": f"{count:,} training sets, two networks on each."}


PART = Part(
    view=GreedyView,
    title="Unit by unit",
    key="kg",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Data", "Network", "Optimizer"),
    notes=_notes,
    scene=late("core.studies.greedy.scene"),
    tables={
        "greedy": "Every network at every recorded step.",
        "greedy_units": "Every unit that was added: when, and at which loss.",
        "greedy_ends": "How every network ended, and how near the two of a training set are.",
        "greedy_fit": "Power laws of the directions over the size of the training set.",
    },
)
