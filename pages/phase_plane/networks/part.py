"""Networks over the phase plane: their (alpha, T) plane, its lines, and the power laws of the lazy regime."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from core.experiments import ExperimentError, PhasePlane
from core.presets import PHASE_PLANE
from pages.phase_plane.networks import controls
from pages.phase_plane.networks.stage import TABLES, Shown, figures, table, to_player
from pages.phase_plane.networks.verdict import verdict
from pages.phase_plane.networks.view import CELL, FIRST, View, to_query
from pages.shared import progress
from pages.shared.downloads import Takeaway, take_away
from pages.shared.lessons import Lesson, what_to_look_for
from pages.shared.library import find, jobs
from pages.shared.player import play
from pages.shared.training import training
from pages.shared.words import plain, warn


def draw() -> None:
    """Draw controls, charts and what can be taken away."""
    controls.start()
    controls.presets()
    controls.sidebar()
    notices, charts = st.container(), st.container()
    wanted: View | None = None
    try:
        wanted = controls.current()
    except ExperimentError as error:
        notices.error(plain(str(error)))
    with notices:
        warn(controls.said(wanted.experiment if wanted is not None else None))
        if wanted is not None:
            st.query_params.from_dict(to_query(wanted))
            if jobs().store.has(wanted.experiment) or not progress.blocked(wanted.experiment):
                training(wanted.experiment, "These networks")
            else:
                progress.data_files(wanted.experiment)
    shown = find(wanted.experiment) if wanted is not None else None
    if shown is not None and wanted is not None:
        st.session_state["n_on_screen"] = wanted.experiment
    else:
        on_screen: PhasePlane = st.session_state.get("n_on_screen", FIRST)
        shown = find(on_screen)
        if shown is not None:
            notices.caption("Not on screen yet; the charts still show the training before.")
    if shown is None:
        notices.info("Nothing is trained yet.")
        return
    with charts:
        kept: View = st.session_state["n_kept"]
        stage(replace(kept, experiment=shown.trajectory.experiment), shown)


def stage(view: View, shown: Shown) -> None:
    """Draw the charts and what can be taken away."""
    st.markdown(verdict(view, shown))
    drawn = figures(view, shown)
    play(to_player(view, drawn, shown), key="n-player", on_frame=rested, on_pick=picked)
    controls.chart_controls(view)
    what_to_look_for(LESSONS, controls.show)
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
        "Small digits, at large α. Go up in T from the lazy corner and the test error rises; go left to smaller α "
        "instead and it falls. Both leave the lazy regime. (The same plane of CIFAR-10 trains for minutes.)",
        _on("digits", 2.0**10, 2.0**-9),
    ),
    Lesson(
        "Noise that helps",
        "Five layers on MNIST, around α = 1: the error falls as T rises, all the way to the largest T that fits. This "
        "plane does not ship yet: it trains for minutes when you ask for it.",
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


def rested(frame: int) -> None:
    """Remember the step at which the player came to rest, for the link."""
    st.session_state["n_step"] = st.session_state["n-player"]["rest"]["step"]


def picked(pick: dict[str, object]) -> None:
    """Play the cell that was clicked."""
    fields = pick["fields"]
    assert isinstance(fields, dict)
    cell = st.session_state["n_kept"].cell
    place = {name: float(fields.get(name, getattr(cell, name))) for name in CELL}
    controls.choose(tuple(place.values()))
