"""Networks in training: the Complexity page's first part."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from core.comparison.scene import known, picked, table_of
from core.experiment import NO_TABLE
from core.part import Drawn, Lesson, Part, Rows
from core.studies.complexity.presets import PRESETS
from core.studies.complexity.scene import scene
from core.studies.complexity.view import ComplexityView

LESSONS = (
    Lesson(
        "The plateau",
        "The sinusoid has a linear part and a fast sine. For a thousand steps I(F;Y) rests at what the linear "
        "classifier knows; then it climbs, and μ_Y stays where it was.",
        ComplexityView(),
    ),
    Lesson(
        "It starts linear",
        "The classes of the disc are cut by a curve, and one training label in ten is wrong. The network's decision "
        "boundary is a straight line first, that of L; then it bends.",
        ComplexityView(experiment=PRESETS["complexity/disc"].experiment),
    ),
    Lesson(
        "Where it breaks",
        "A fifth of the digits' training labels are wrong, and the network is trained until it fits them all. What it "
        "shared with the linear classifier goes: retention depends on the data.",
        ComplexityView(experiment=PRESETS["complexity/noisy_digits"].experiment),
    ),
    Lesson(
        "The control",
        "On XOR no linear classifier knows anything, and nothing that the network learns is explained. Try the "
        "quadratic one.",
        ComplexityView(experiment=PRESETS["complexity/xor"].experiment),
    ),
    Lesson(
        "Ten classes",
        "All ten classes of CIFAR-10: a linear classifier is right on fewer than four images in ten. Early on it "
        "explains more of the network than an unrelated classifier as accurate would, but far from all; part of what "
        "it knows is retained in the end, and again more than an unrelated one would share. Plain frequencies "
        "underestimate μ_Y here, so the estimate is Miller and Madow's.",
        ComplexityView(experiment=PRESETS["complexity/cifar_ten"].experiment, estimate="miller-madow"),
    ),
)


def _ready(view: ComplexityView, drawn: Drawn) -> bool:
    """Whether there is an explainer to compare the networks with."""
    return drawn[0] is not None and bool(known(drawn[0]))


def _tables(view: ComplexityView, drawn: Drawn) -> Mapping[str, tuple[str, Rows]]:
    shown = drawn[0]
    assert shown is not None
    found: dict[str, tuple[str, Rows]] = {}
    if shown.trajectory.flat:
        found["boundary"] = ("f of the first seed over the plane.", partial(shown.table, "boundary"))
    return found | table_of(view, shown)


PART = Part(
    view=ComplexityView,
    title="Networks in training",
    key="c",
    presets={name: preset for name, preset in PRESETS.items() if preset.experiment.csv_digest != NO_TABLE},
    lessons=LESSONS,
    sections=("Explainer", "Data", "Network and training"),
    scene=scene,
    ready=_ready,
    tables={
        "information": "Information and accuracy, one row an explainer, seed and step.",
        "explainers": "How good each explainer is and what it explains, one row an explainer and seed.",
        "four_cells": "Who is right on how many test points, one row an explainer, seed and step.",
        "examples": "When each test point is learned, one row an explainer and point.",
    },
    more_tables=_tables,
    picked=picked,
)
