"""Networks over the phase plane: a part of the Phase plane page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.datasets import CATALOGUE
from core.part import Lesson, Part, late
from core.studies.phase_plane.presets import PRESETS
from core.studies.phase_plane.view import PLACE, PhasePlaneView

INTRODUCTION = (
    "Networks of one shape at every output scale α and temperature **T = learning rate / (batch size · width)**, each "
    "trained until it fits every training point. Lowering α and raising T both leave the lazy regime, in which weights "
    "hardly move; whether the test error falls or rises on the way depends on where in the plane one starts."
)


def _picked(view: PhasePlaneView, pick: Mapping[str, Any]) -> PhasePlaneView:
    """Return the view of the cell that was clicked."""
    fields: Mapping[str, Any] = pick["fields"]
    return view.changed({f"at_{name}": float(fields[name]) for name in PLACE if name in fields})


def _on(preset: str, alpha: float, temperature: float, measure: str = "test_error") -> PhasePlaneView:
    """Return the view of a preset at the cell nearest to a place."""
    experiment = PRESETS[f"phase_plane/{preset}"].experiment
    at = {"at_n_train": experiment.n_train[-1], "at_batch_size": experiment.batch_size[0]}
    return PhasePlaneView.of(experiment, measure=measure, at_alpha=alpha, at_temperature=temperature, **at)


LESSONS = (
    Lesson(
        "Two ways out, two effects",
        "CIFAR-10, animals against vehicles, at large α. Go up in T from the lazy corner and the error rises, until "
        "just below the largest T that fits; at T = 2^-6 go left to smaller α and it falls. At the lowest T a smaller "
        "α helps far to the left only. Both leave the lazy regime.",
        _on("cifar10", 2.0**12, 2.0**-9),
    ),
    Lesson(
        "Noise that helps",
        "Five layers on MNIST, around α = 1: the error falls as T rises, all the way to the largest T that fits. In "
        "the lazy regime, α = 2¹², the same noise does not lower it.",
        _on("mnist", 2.0**2, 2.0**-8),
    ),
    Lesson(
        "One seed is not the plane",
        "The Explorer's networks from eight seeds. In the lazy corner, α = 2¹⁰, the bands over seeds are wider than "
        "all that noise does; lowering α to 1 takes the error from 0.042 to 0.025 at T = 2⁻⁶.",
        _on("digits_one_layer", 2.0**10, 2.0**-6),
    ),
    Lesson(
        "One curve",
        "In the lazy regime the plane depends on T α alone: α |Δw| / |w₀| of every large α lies on one curve, flat "
        "where the margin decides and in proportion to T where noise does.",
        _on("digits", 2.0**10, 2.0**-6, "relative_weight_change"),
    ),
    Lesson(
        "Power laws",
        "Deep in the lazy regime the weights move by a power of T and of P: more noise and more data both ask for a "
        "larger signal before every point is fitted. T_c falls as P grows, by either measure; "
        "the error notices noise later than the weights do, at P = 4,096 by a factor of 18.",
        _on("scaling", 2.0**15, 2.0**-7),
    ),
)

PART = Part(
    view=PhasePlaneView,
    title="Networks",
    key="n",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Data", "Network", "The plane"),
    notes=lambda view: {"Data": CATALOGUE[view.experiment.dataset].sentence},
    scene=late("core.studies.phase_plane.scene"),
    tables={
        "plane": "One row a cell: how its seeds ended, and means over those that fitted.",
        "scaling": "What the power laws are of, one row a cell.",
        "exponents": "Fitted exponents with their windows, and theory's where there is one.",
        "onsets": "The temperatures at which noise begins to move the weights and to change the test error.",
        "lines": "The named lines over the plane, one row a point.",
        "history": "Means over seeds, one row a cell and recorded step.",
    },
    picked=_picked,
)
