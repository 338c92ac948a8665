"""A spurious brightness cue: a half of a part of the Learning dynamics page."""

from __future__ import annotations

from collections.abc import Mapping

from core.part import Lesson, Part, late
from core.studies.shades.presets import PRESETS
from core.studies.shades.view import ShadesView

INTRODUCTION = (
    "A surrogate in images: 3 against 8, and a shade over all pixels that mostly agrees with the class. **The more "
    "often it agrees, the more the network relies on brightness and the less on the digit.** All of it is measured; "
    "there is no theory on these charts."
)

LESSONS = (
    Lesson(
        "It falls with p",
        "At p = 0.9 a digit with the wrong shade is still read; at 1 never, though the digit is there to be read.",
        ShadesView(shown_p=0.9),
    ),
    Lesson(
        "Decoupling is no cure",
        "Dashed: Spectral Decoupling. Compare the two at p = 0.98: it does not free the digit from the shade here.",
        ShadesView(),
    ),
    Lesson(
        "A strong shade",
        "b = 0.75: what the network learned from brightness is missing even on images without a shade.",
        ShadesView(experiment=PRESETS["learning_dynamics/shades_strong"].experiment, shown_p=1.0),
    ),
)


def _notes(view: ShadesView) -> Mapping[str, str]:
    runs = view.experiment.runs
    seeds = "One seed draws" if runs == 1 else f"{runs} seeds draw"
    return {"Network": f"{seeds} the images, their shades and the initial weights."}


PART = Part(
    view=ShadesView,
    title="A spurious brightness cue",
    key="ls_shade",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Images", "Network"),
    notes=_notes,
    scene=late("core.studies.shades.scene"),
    tables={
        "shades": "Accuracies at the end, one row a penalty, p and seed.",
        "shades_path": "The same at every recorded step.",
    },
)
