"""Networks of two or more inputs: kinks as lines in the plane, and directions counted against training points."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from core.studies.directions.charts.counting import TITLES as MEASURES
from pages.kinks.directions import controls
from pages.kinks.directions.stage import TABLES, Shown, figures, table, to_player, verdict
from pages.kinks.directions.view import FIRST, View, to_query
from pages.shared.downloads import Takeaway, take_away
from pages.shared.player import play
from pages.shared.training import on_screen, training
from pages.shared.words import warn


def draw() -> None:
    """Draw controls, charts and what can be taken away."""
    controls.kept.start()
    controls.presets()
    wanted = controls.current()
    controls.sidebar(wanted.experiment)
    notices, charts = st.container(), st.container()
    with notices:
        warn(controls.kept.said(wanted.experiment))
        st.query_params.from_dict(to_query(wanted))
        training(wanted.experiment, "These trainings")
    shown: Shown | None = on_screen("d", wanted.experiment, FIRST, notices)
    if shown is not None:
        with charts:
            stage(wanted, shown)


def stage(view: View, shown: Shown) -> None:
    """Draw the charts and what can be taken away."""
    st.markdown(verdict(shown))
    measure = st.session_state.get("d_measure") or next(iter(MEASURES))
    drawn = figures(shown, measure)
    play(to_player(view, drawn, shown), key="d-player", on_frame=controls.kept.rested)
    if "counting" in drawn:
        st.caption(
            "Maennel, Bousquet and Gelly 2018 report that on MNIST the number of active neurons grows sub-linearly "
            "with the training set. The dots are what we measured, at equal loss; a power law is only as good as "
            "it fits."
        )
        st.selectbox("Count", list(MEASURES), key="d_measure", format_func=MEASURES.__getitem__, width=320)
    steps = shown.trajectory.steps
    frame = len(steps) - 1 if view.step is None else int(np.abs(steps - view.step).argmin())
    tables = {name: (text, partial(table, shown, name)) for name, text in TABLES.items()}
    take_away(Takeaway(tables, shown.trajectory, drawn, frame))
