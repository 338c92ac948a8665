"""The (alpha, learning rate) plane: a part of the Learning rate page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.part import Lesson, Part, late
from core.studies.rate_plane.presets import PRESETS
from core.studies.rate_plane.view import FIRST, RatePlaneView

INTRODUCTION = (
    "**One plane for lazy training, the edge of stability, the catapult and divergence.** The network has to reach "
    "1/α: at large α its weights hardly move and the sharpness S stays λ₀, so that c = η λ₀ decides alone; at small α "
    "training sharpens the loss, as α^(−2D/(D + 1)) with D hidden layers (derived here), and gradient descent meets "
    "2/η at ever smaller c. The predictor F = f(w, x) − f(w₀, x) is that of the phase plane."
)


def _at(alpha: int, rate: int, colour: str = "late_eta_sharpness") -> RatePlaneView:
    """Return the view of a cell of the first plane, counted from the lower left."""
    return RatePlaneView(alpha=FIRST.alphas[alpha], c=FIRST.rates[rate], colour=colour)


LESSONS = (
    Lesson(
        "Lazy: nothing moves",
        "Large α, c = 0.71. ηS stays at c from the first step to the last, and the loss falls at every step.",
        _at(8, 8),
    ),
    Lesson(
        "The edge, from below",
        "α = 1, c = 0.71. The start is as stable as in the lazy run, but training sharpens the loss until ηS is 2, and "
        "keeps it there.",
        _at(4, 8),
    ),
    Lesson(
        "The catapult",
        "Large α, c = 2.8. The loss first rises more than tenfold; then the run lands where ηS is about 2 or less. The "
        "plane is coloured by the spike.",
        _at(8, 10, "spike_ratio"),
    ),
    Lesson(
        "What the catapult costs",
        "The same plane coloured by the test error. After a catapult at large α it is higher than in the lazy runs "
        "below: the spike moves the features, and the signal is only 1/α.",
        _at(8, 11, "test_error"),
    ),
    Lesson(
        "A law for the border",
        "The sharpness at the end of gradient flow against α. At small α it follows the derived exponent, and the line "
        "on the plane, above which runs meet the edge, has the inverse one.",
        _at(1, 1, "sharpness_ratio"),
    ),
)


def _picked(view: RatePlaneView, pick: Mapping[str, Any]) -> RatePlaneView:
    """Return the view of the cell that was clicked."""
    fields = pick["fields"]
    return view.changed({"alpha": float(fields["alpha"]), "c": float(fields["c"])})


PART = Part(
    view=RatePlaneView,
    title="Plane",
    key="rp",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Network", "Data", "The plane"),
    scene=late("core.studies.rate_plane.scene"),
    trainings=lambda view: {"This plane": view.experiment},
    picked=_picked,
    tables={
        "rate_plane": "One row a run: how it ended, and in which regime.",
        "sharpening": "One row an α: how much gradient flow sharpens, and where the edge of stability begins.",
        "rate_plane_runs": "Every run at every recorded step.",
    },
)
