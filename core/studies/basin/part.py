"""Where training fails: a part of the Learning dynamics page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.part import Lesson, Part, late
from core.studies.basin.experiment import EDGE
from core.studies.basin.presets import PRESETS
from core.studies.basin.view import FIRST, MOST_DROPS, BasinView

INTRODUCTION = (
    "One class and one neuron that may learn it: z·max(0, w·x), with y its first layer along x. Gradient descent moves "
    "it along y² − z² = const, **and its initialization decides its fate: it learns if y > 0 and y + z > 0, it will "
    "die if y > 0 > y + z, and it is inactive (dead) if y ≤ 0**, whatever the loss. The picture is that of Tachet des "
    "Combes et al. 2018 ([1809.06848](https://arxiv.org/abs/1809.06848)); the law is derived and checked here."
)

LESSONS = (
    Lesson(
        "On the boundary, and next to it",
        "Three neurons: on the boundary y = −z, a hundredth above it, a hundredth below. They move together to the "
        "saddle at the origin and part there. On the map of times the boundary is where it takes longest.",
        BasinView(drops=(-1.0, 1.0, -1.0, 1.01, -1.0, 0.99), colour="time"),
    ),
    Lesson(
        "Will die, but still active",
        "Under the hinge loss a hundred neurons learn the class so fast that most of those that will die are still "
        "active when nothing moves any more: the solid part of the middle bar.",
        BasinView(experiment=PRESETS["learning_dynamics/basin_hinge"].experiment),
    ),
    Lesson(
        "Reactivated",
        "Classes at a cosine of −0.9, eight neurons a network. What pushes a dying neuron away from its class pushes "
        "it towards the other: trained alone, more than a third become active there, with the sign that it needs.",
        BasinView(experiment=PRESETS["learning_dynamics/revival"].experiment, cosine=-0.9),
    ),
    Lesson(
        "Steps too large",
        "The law is for gradient flow. Here a step is 1.8 times what brings y − z to 0: it overshoots, and neurons "
        "above the boundary die at once. Filled marks ended otherwise than theory predicts.",
        BasinView(experiment=replace(FIRST, loss="hinge", share=0.9, norm=4.0, learning_rate=0.5)),
    ),
)


def picked(view: BasinView, pick: Mapping[str, Any]) -> BasinView:
    """Add a neuron where the map was clicked."""
    return view.with_neuron(float(pick["fields"]["z"]), float(pick["fields"]["y"]))


def edited(view: BasinView, rows: Sequence[Mapping[str, Any]]) -> BasinView:
    """Take the neurons as they were dragged or removed."""
    places = [min(max(float(row[name]), -EDGE), EDGE) for row in rows[:MOST_DROPS] for name in ("z", "y")]
    return view.changed({"drops": tuple(places)})


PART = Part(
    view=BasinView,
    title="Where training fails",
    key="lb",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Class", "Sample of neurons", "Optimizer"),
    notes=lambda view: {
        "Optimizer": f"{view.experiment.grid**2:,} single neurons, and samples of {len(view.experiment.seeds)} seeds: "
        "links and the command line take other grids, angles and seeds."
    },
    scene=late("core.studies.basin.scene"),
    trainings=lambda view: {"These neurons": view.experiment},
    order="theory first",
    tables={
        "basin": "Every initialization on the grid: its fate and time in theory, and how its training ended.",
        "cloud": "Initial and final weights of the neurons of all samples, one row a cosine, seed and neuron.",
        "success": "How many networks of each width learned the class.",
        "revival": "How many neurons that will die were reactivated, two rows a cosine.",
        "path": "The samples of the first seed at every recorded step.",
    },
    picked=picked,
    edited=edited,
)
