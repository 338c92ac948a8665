"""Depth and losses: a part of the Learning dynamics page."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from core.studies.depths.presets import PRESETS as DEPTH
from pages.learning_dynamics.depths import controls
from pages.learning_dynamics.depths.stage import TABLES, Shown, figures, table, to_player, verdict, view_frame
from pages.learning_dynamics.depths.view import View, fitting, to_query
from pages.shared.downloads import Takeaway, take_away
from pages.shared.lessons import Lesson, what_to_look_for
from pages.shared.player import play
from pages.shared.training import asked, complete, training_behind
from pages.shared.words import warn

INTRODUCTION = (
    "One mode, D layers, three losses: **the prefactor N^(2−2/D) is the same for all, and makes deep networks wait and "
    "then drop; the loss decides how it ends.** Cross-entropy slows like a logarithm, hinge stops, squared settles. "
    "So depth speeds learning up only if N₀ is not tiny. The formulas are derived here, for layers that start aligned "
    "and of equal norm."
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
    st.markdown(verdict(view, shown))
    drawn = figures(view, shown)
    play(to_player(drawn, view, shown), key="ld-player", on_frame=controls.kept.rested)
    controls.chart_controls(view.experiment)
    what_to_look_for(LESSONS, controls.kept.show)
    if shown is not None:
        tables = {name: (text, partial(table, shown, name)) for name, text in TABLES.items()}
        take_away(Takeaway(tables, shown.trajectory, drawn, view_frame(view)))


LESSONS = (
    Lesson(
        "Every layer more is faster",
        "From N₀ = 0.05 under cross-entropy six layers are first, one last: the factor D outweighs the wait.",
        View(),
    ),
    Lesson(
        "Until the start is tiny",
        "From N₀ = 0.001 two layers are the fastest, and six need more than twice as long as one: the wait grows like "
        "N₀^−(1−2/D).",
        View(start=0.001),
    ),
    Lesson(
        "It depends on the loss",
        "Hinge pulls as hard at the end as at the start, so one layer has no slow end to lose time in: it wins up to "
        "N₀ = 0.1. Compare the three losses on one axis of time.",
        View(loss="hinge", together=True, measure="logit"),
    ),
    Lesson(
        "Modes one by one",
        "Saxe et al.: in linear networks the strongest mode is learned first. Choose one layer instead of three: all "
        "modes come at one pace.",
        replace(fitting(DEPTH["learning_dynamics/saxe"].experiment), layers=3),
    ),
)
