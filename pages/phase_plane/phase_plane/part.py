"""Networks over the phase plane: their (alpha, T) plane, its lines, and the power laws of the lazy regime."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from core.part import Lesson
from core.studies.phase_plane.presets import PRESETS as PHASE_PLANE
from pages.phase_plane.phase_plane import controls
from pages.phase_plane.phase_plane.stage import TABLES, Shown, figures, table, to_player
from pages.phase_plane.phase_plane.verdict import verdict
from pages.phase_plane.phase_plane.view import CELL, FIRST, View, to_query
from pages.shared.downloads import Takeaway, take_away
from pages.shared.lessons import what_to_look_for
from pages.shared.player import play
from pages.shared.training import asked, on_screen, training
from pages.shared.words import warn


def draw() -> None:
    """Draw controls, charts and what can be taken away."""
    controls.kept.start()
    controls.presets()
    controls.sidebar()
    notices, charts = st.container(), st.container()
    wanted = asked(controls.current, notices)
    experiment = wanted.experiment if wanted is not None else None
    with notices:
        warn(controls.kept.said(experiment))
        if wanted is not None:
            st.query_params.from_dict(to_query(wanted))
            training(wanted.experiment, "These networks")
    shown: Shown | None = on_screen("n", experiment, FIRST, notices)
    if shown is not None:
        with charts:
            stage(replace(controls.kept.view, experiment=shown.trajectory.experiment), shown)


def stage(view: View, shown: Shown) -> None:
    """Draw the charts and what can be taken away."""
    st.markdown(verdict(view, shown))
    drawn = figures(view, shown)
    play(to_player(view, drawn, shown), key="n-player", on_frame=controls.kept.rested, on_pick=picked)
    controls.chart_controls(view)
    what_to_look_for(LESSONS, controls.kept.show)
    steps = shown.trajectory.steps
    frame = len(steps) - 1 if view.step is None else int(np.abs(steps - view.step).argmin())
    tables = {name: (text, partial(table, shown, name)) for name, text in TABLES.items()}
    take_away(Takeaway(tables, shown.trajectory, drawn, frame))


def _on(preset: str, alpha: float, temperature: float, measure: str = "test_error") -> View:
    """Return the view of a preset at the cell nearest to a place."""
    experiment = PHASE_PLANE[f"phase_plane/{preset}"].experiment
    at = (float(experiment.n_train[-1]), float(experiment.batch_size[0]), alpha, temperature)
    return View(experiment=experiment, measure=measure, at=at)


LESSONS = (
    Lesson(
        "Two ways out, two effects",
        "CIFAR-10, animals against vehicles, at large α. Go up in T from the lazy corner and the error rises, until "
        "just below the largest T that fits; go left to smaller α instead and it falls. Both leave the lazy regime.",
        _on("cifar10", 2.0**12, 2.0**-9),
    ),
    Lesson(
        "Noise that helps",
        "Five layers on MNIST, around α = 1: the error falls as T rises, all the way to the largest T that "
        "fits. In the lazy regime, α = 2^12, the same noise does not lower it.",
        _on("mnist", 2.0**2, 2.0**-8),
    ),
    Lesson(
        "One curve",
        "In the lazy regime the plane depends on T α alone: α |Δw| / |w₀| of every large α lies on one curve, flat "
        "where the margin decides and in proportion to T where noise does.",
        _on("digits", 2.0**10, 2.0**-6, "relative_weight_change"),
    ),
    Lesson(
        "Power laws",
        "Deep in the lazy regime weights move as a power of T and of P: more noise and more data both ask for a larger "
        "signal before every point is fitted. T_c falls as P grows.",
        _on("scaling", 2.0**15, 2.0**-7),
    ),
)


def picked(pick: dict[str, object]) -> None:
    """Play the cell that was clicked."""
    fields = pick["fields"]
    assert isinstance(fields, dict)
    cell = controls.kept.view.cell
    place = {name: float(fields.get(name, getattr(cell, name))) for name in CELL}
    controls.choose(tuple(place.values()))
