"""Networks of more inputs: a part of the Kinks page."""

from __future__ import annotations

from collections.abc import Mapping

from core.part import Lesson, Part, late
from core.studies.directions.presets import PRESETS
from core.studies.directions.view import DirectionsView

INTRODUCTION = (
    "With two inputs a unit's kink is a line in the plane of the data; with more, count directions instead: **two "
    "units whose weights point the same way do the work of one.** How many directions a fit needs, and how their "
    "number grows with the training set, is measured at equal loss."
)

DIGITS, MNIST = (PRESETS[f"kinks/{name}_count"].experiment for name in ("digits", "mnist"))

LESSONS = (
    Lesson(
        "Two lines before any fit",
        "Two moons, 256 units. While the loss has barely moved, their lines turn to the two dashed ones, one for each "
        "sign of a. A few more come when the moons are pulled apart: five directions in the end.",
        DirectionsView(),
    ),
    Lesson(
        "Twice the digits, twice the directions",
        "Small digits, even or odd, at equal loss. Up to 40 digits two directions are enough; from 20 to 640 their "
        "number grows about in proportion to the data, and faster at the end than at the beginning.",
        DirectionsView(experiment=DIGITS),
    ),
    Lesson(
        "It depends on how one counts",
        "The same networks, each direction weighed by what it contributes. Counted like this their number scales "
        "sub-linearly on average: a conclusion about the exponent needs the definition that it was counted with.",
        DirectionsView(experiment=DIGITS, measure="effective_directions"),
    ),
    Lesson(
        "Few directions until the data is hard",
        "MNIST, even or odd: two directions fit 32, 64 and 128 digits alike, and fifty are in use at 1,024. One power "
        "law over such a curve says little, whatever its exponent.",
        DirectionsView(experiment=MNIST),
    ),
)


def _notes(view: DirectionsView) -> Mapping[str, str]:
    """Say how many networks are trained."""
    count = view.experiment.runs
    return {"Data": "1 network is trained." if count == 1 else f"{count} networks are trained, one a size and seed."}


PART = Part(
    view=DirectionsView,
    title="More inputs",
    key="d",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Data", "Network", "Optimizer"),
    notes=_notes,
    scene=late("core.studies.directions.scene"),
    tables={
        "directions": "The units of the first network, one row a snapshot and unit.",
        "loss": "Loss and counts of directions, one row a snapshot.",
        "counts": "One row a network: how it ended, and its directions there.",
        "fit": "The fitted power laws.",
        "points": "The training points of the first network, where they have two inputs.",
        "extremal": "The directions that units of the first network turn to.",
    },
)
