"""Sigmoids and modes: a part of the Learning dynamics page."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from core.part import Lesson
from core.studies.modes.presets import PRESETS as MODES
from pages.learning_dynamics.modes import controls
from pages.learning_dynamics.modes.stage import TABLES, Shown, figures, table, to_player, verdict, view_frame
from pages.learning_dynamics.modes.view import FIRST, View, to_query
from pages.shared.downloads import Takeaway, take_away
from pages.shared.lessons import what_to_look_for
from pages.shared.player import play
from pages.shared.training import asked, complete, training_behind
from pages.shared.words import warn

INTRODUCTION = (
    "Two classes, x₊ and x₋, and a ReLU network whose neurons are each on for one of them only. **Then each class is a "
    "mode of its own, however many neurons it has, with one exact curve: a sigmoid, at a pace set by frequency and "
    "norm.** Hinge and cross-entropy go the same way in weight space, by different clocks: one ends, the other never."
)


def draw() -> None:
    """Draw controls, charts and what can be taken away."""
    controls.kept.start()
    st.markdown(INTRODUCTION)
    controls.presets()
    controls.sidebar()
    notices, charts = st.container(), st.container()
    view = asked(controls.current, notices) or controls.kept.view
    with notices:
        warn(controls.kept.said(view.experiment))
        st.query_params.from_dict(to_query(view))
    shown: Shown | None = complete(view.experiment)
    with charts:
        stage(view, shown)
    training_behind(view.experiment, "These networks", shown, notices)


def stage(view: View, shown: Shown | None) -> None:
    """Draw the charts, of theory alone until the training has ended, and what can be taken away."""
    st.markdown(verdict(view.experiment, shown))
    drawn = figures(view, shown)
    play(to_player(drawn, view, shown), key="lm-player", on_frame=controls.kept.rested)
    controls.chart_controls()
    what_to_look_for(LESSONS, controls.kept.show)
    if shown is not None:
        tables = {name: (text, partial(table, shown, name)) for name, text in TABLES.items()}
        take_away(Takeaway(tables, shown.trajectory, drawn, view_frame(view)))


LESSONS = (
    Lesson(
        "Frequency is only a clock",
        "p = 0.9: the rare mode takes nine times as long to every logit. Over t·p, as here, the two curves are one.",
        View(experiment=MODES["learning_dynamics/rare_mode"].experiment, together=True),
    ),
    Lesson(
        "Norm helps slightly more",
        "Four times the length at equal frequency: R = p|x| is four times as large, and the logit begins four times as "
        "high as well, so the mode is more than four times as fast.",
        View(experiment=MODES["learning_dynamics/large_norm"].experiment),
    ),
    Lesson(
        "A sigmoid needs depth",
        "From weights a third as large the two layers wait longer before they learn; one layer, dashed, begins at its "
        "steepest. Balanced neurons fall fastest at an error of 0.291, at any frequency and norm.",
        View(experiment=replace(FIRST, heads="balanced", init=0.01)),
    ),
    Lesson(
        "Hinge stops",
        "Both losses start alike and move along the same lines. Hinge ends at its margin in finite time; cross-entropy "
        "needs many times as long for the confidence of 99 %, and is never done.",
        View(experiment=MODES["learning_dynamics/losses"].experiment, log=True),
    ),
)
