"""Spectral Decoupling: a part of the Learning dynamics page, two moons or the strengths of two features."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from core.part import Lesson
from core.studies.moons.presets import PRESETS as MOONS
from core.studies.strengths.presets import PRESETS as STRENGTHS
from pages.learning_dynamics.decoupling import controls, moons_stage, strengths_stage
from pages.learning_dynamics.decoupling.view import (
    FIRST_MOONS,
    FIRST_STRENGTHS,
    MOONS_SHOWN,
    STRENGTHS_SHOWN,
    MoonView,
    StrengthView,
    moon_query,
    shown_by,
    strength_query,
)
from pages.shared.downloads import Takeaway, take_away
from pages.shared.lessons import what_to_look_for
from pages.shared.player import play
from pages.shared.training import asked, complete, on_screen, training, training_behind
from pages.shared.words import warn

LOOKS = {MOONS_SHOWN: "Two moons", STRENGTHS_SHOWN: "Feature strengths"}
PAPER = "Pezeshki et al. 2021 ([2011.09468](https://arxiv.org/abs/2011.09468))"
MOONS_SAID = (
    "**Once a straight line separates the moons, cross-entropy keeps to it and learns little else; Spectral "
    "Decoupling, a penalty on the logits, bends the boundary along them.** The data and settings are those of the code "
    f"of {PAPER}, written anew here. Not everyone finds the same: an independent replication, STMOZOO, reports a "
    "curved boundary without any penalty under Adam with minibatches. Here is full-batch gradient descent with "
    "momentum."
)
STRENGTHS_SAID = (
    "**The stronger one feature is, the less of the weaker one is learned: under ridge, not under Spectral "
    "Decoupling.** Two samples, two features of strengths s₁ and s₂, a linearised network; after a figure's code of "
    f"{PAPER}. The fixed points are derived here: ridge's by Newton's method, Spectral Decoupling's from "
    "m(1 + eᵐ) = 1/λ."
)


def draw() -> None:
    """Draw controls, charts and what can be taken away."""
    if st.session_state.get("d_show") is None:
        st.session_state["d_show"] = st.session_state.get("d_shown", shown_by(st.query_params.to_dict()))
    show = st.segmented_control(
        "Look at", list(LOOKS), key="d_show", format_func=LOOKS.__getitem__, required=True, label_visibility="collapsed"
    )
    st.session_state["d_shown"] = show  # Streamlit drops the widget while another part is on screen
    _strengths() if show == STRENGTHS_SHOWN else _moons()


def _moons() -> None:
    controls.moons.start()
    st.markdown(MOONS_SAID)
    controls.moon_presets()
    controls.moon_sidebar()
    notices, charts = st.container(), st.container()
    wanted = asked(controls.current_moons, notices)
    experiment = wanted.experiment if wanted is not None else None
    with notices:
        warn(controls.moons.said(experiment))
        if wanted is not None:
            st.query_params.from_dict(moon_query(wanted))
            training(wanted.experiment, "These networks")
    shown: moons_stage.Shown | None = on_screen("dm", experiment, FIRST_MOONS, notices)
    if shown is not None:
        with charts:
            _moon_charts(wanted or MoonView(), shown)


def _moon_charts(view: MoonView, shown: moons_stage.Shown) -> None:
    st.markdown(moons_stage.verdict(view, shown))
    drawn = moons_stage.figures(view, shown)
    content = moons_stage.to_player(view, drawn, shown, controls.moons.link_step)
    play(content, key="dm-player", on_frame=controls.moons.rested)
    what_to_look_for(MOON_LESSONS, controls.moons.show)
    tables = {name: (text, partial(moons_stage.table, shown, name)) for name, text in moons_stage.TABLES.items()}
    take_away(Takeaway(tables, shown.trajectory, drawn, moons_stage.view_frame(view, shown)))


def _strengths() -> None:
    controls.strengths.start()
    st.markdown(STRENGTHS_SAID)
    controls.strength_presets()
    controls.strength_sidebar()
    notices, charts = st.container(), st.container()
    view = asked(controls.current_strengths, notices) or controls.strengths.view
    with notices:
        warn(controls.strengths.said(view.experiment))
        st.query_params.from_dict(strength_query(view))
    shown: strengths_stage.Shown | None = complete(view.experiment)
    with charts:
        _strength_charts(view, shown)
    training_behind(view.experiment, "These descents", shown, notices)


def _strength_charts(view: StrengthView, shown: strengths_stage.Shown | None) -> None:
    st.markdown(strengths_stage.verdict(view, shown))
    drawn = strengths_stage.figures(view, shown)
    content = strengths_stage.to_player(view, drawn, shown, controls.strengths.link_step)
    play(content, key="ds-player", on_frame=controls.strengths.rested)
    what_to_look_for(STRENGTH_LESSONS, controls.strengths.show)
    if shown is None:
        return
    tables = {
        name: (text, partial(strengths_stage.table, shown, name)) for name, text in strengths_stage.TABLES.items()
    }
    take_away(Takeaway(tables, shown.trajectory, drawn, strengths_stage.view_frame(view)))


MOON_LESSONS = (
    Lesson(
        "A straight line suffices",
        "Δ = 0.1: without a penalty the boundary turns into a nearly straight line and stays. The penalty on logits "
        "stops the easy direction from growing, and the boundary bends.",
        MoonView(),
    ),
    Lesson(
        "A straight line fails",
        "Δ = −0.1: the moons reach into each other, and cross-entropy alone bends the boundary too. It is not that the "
        "network could not.",
        MoonView(margin=-0.1),
    ),
    Lesson(
        "Weight decay is no cure",
        "The middle plane: a smaller network function, the same straight boundary. The weights are smaller, which "
        "direction wins is not touched.",
        MoonView(experiment=replace(FIRST_MOONS, margins=(-0.1, 0.2)), margin=0.2),
    ),
    Lesson(
        "Ten times as long",
        "10,000 epochs: time alone does not bend it. Mean |f| under Spectral Decoupling comes to theory's m.",
        MoonView(experiment=MOONS["learning_dynamics/two_moons_long"].experiment),
    ),
)
STRENGTH_LESSONS = (
    Lesson(
        "The stronger, the less",
        "Ridge's fixed points move right and down as s₁ grows: the first response is larger, the second smaller. "
        "Spectral Decoupling has one for all.",
        StrengthView(),
    ),
    Lesson(
        "The weaker one starves",
        "s₁ below s₂: now the first feature is the weaker one, and z₂ rises with s₁. The slope changes sign where the "
        "two are equal.",
        StrengthView(experiment=replace(FIRST_STRENGTHS, strengths=(0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0)), s_1=1.0),
    ),
    Lesson(
        "Nothing couples them",
        "An angle of 0: each sample has a feature of its own, and s₁ does nothing to z₂, under either penalty.",
        StrengthView(experiment=STRENGTHS["learning_dynamics/uncoupled"].experiment),
    ),
)
