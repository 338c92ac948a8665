"""Gradient starvation: a part of the Learning dynamics page."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.part import Lesson
from core.studies.shades.presets import PRESETS as SHADES
from core.studies.starvation.presets import PRESETS as STARVATION
from pages.learning_dynamics.starvation import controls, shade_stage, stage
from pages.learning_dynamics.starvation.view import FIRST, FIRST_SHADES, View, to_query
from pages.shared.downloads import Takeaway, take_away
from pages.shared.lessons import what_to_look_for
from pages.shared.player import play
from pages.shared.training import asked, complete, on_screen, training, training_behind
from pages.shared.words import warn

INTRODUCTION = {
    "models": "Some samples of a class have a second, weaker or rarer feature. **Once the frequent one has taught the "
    "class, there is no gradient left to learn the other by.** After the claim of Tachet des Combes et al. 2018; the "
    "data, the models and the bounds are ours. How much is left depends on the model, so each is named. Only samples "
    "of class 1 are trained on; the other class is a constant.",
    "shades": "A surrogate in images: 3 against 8, and a shade over all pixels that mostly agrees with the class. "
    "**The more often it agrees, the more the network goes by the shade and not by the digit.** All of it is measured; "
    "there is no theory on these charts.",
}


def draw() -> None:
    """Draw controls, charts and what can be taken away."""
    controls.kept.start()
    controls.look()
    st.markdown(INTRODUCTION[controls.kept.view.look])
    controls.presets()
    controls.sidebar()
    notices, charts = st.container(), st.container()
    view = asked(controls.current, notices) or controls.kept.view
    with notices:
        warn(controls.kept.said(view.trained))
        st.query_params.from_dict(to_query(view))
    if view.look == "models":
        _models(view, notices, charts)
    else:
        _shades(view, notices, charts)


def _models(view: View, notices: DeltaGenerator, charts: DeltaGenerator) -> None:
    """Draw the three models; theory is there at once for every setting, networks once they are trained."""
    shown: stage.Shown | None = complete(view.experiment)
    with charts:
        st.markdown(stage.verdict(view.experiment, shown))
        drawn = stage.figures(view.experiment, shown, long=view.long)
        play(stage.to_player(drawn, view.experiment, shown), key="ls-player", on_frame=controls.kept.rested)
        controls.chart_controls()
        what_to_look_for(LESSONS, controls.kept.show)
        if shown is not None:
            tables = {name: (text, partial(stage.table, shown, name)) for name, text in stage.TABLES.items()}
            take_away(Takeaway(tables, shown.trajectory, drawn, stage.view_frame(view)))
    training_behind(view.experiment, "These networks", shown, notices)


def _shades(view: View, notices: DeltaGenerator, charts: DeltaGenerator) -> None:
    """Draw the digits, or those before while these are in training."""
    with notices:
        training(view.shades, "These networks")
    shown = on_screen("ls_shades", view.shades, FIRST_SHADES, notices)
    if shown is None:
        return
    with charts:
        st.markdown(shade_stage.verdict(shown))
        drawn = shade_stage.figures(shown, p=view.shown_p)
        play(shade_stage.to_player(drawn, view, shown), key="ls-player", on_frame=controls.kept.rested)
        controls.chart_controls()
        what_to_look_for(SHADE_LESSONS, controls.kept.show)
        tables = {name: (text, partial(shade_stage.table, shown, name)) for name, text in shade_stage.TABLES.items()}
        take_away(Takeaway(tables, shown.trajectory, drawn, shade_stage.view_frame(view, shown)))


LESSONS = (
    Lesson(
        "Three answers",
        "The same samples, p = 0.3. Alone, the weak feature has a logit of almost 1 in M1, of more than 1 in M3, and "
        "of 0.06 in M2. A formula of one model says nothing of another.",
        View(),
    ),
    Lesson(
        "Starved, but never frozen",
        "Under cross-entropy both go on: follow the curves to 10¹². In M1 the weak logit grows like ln ln t.",
        View(long=True),
    ),
    Lesson(
        "Frozen",
        "Under hinge the gradient is exactly 0 once every margin is 1, and the curves are level for ever.",
        View(experiment=STARVATION["learning_dynamics/starvation_hinge"].experiment),
    ),
    Lesson(
        "The control",
        "The features never meet. The weak one is learned later, by the ratio of the frequencies in M1 and M2, but it "
        "is learned: there is no bound.",
        View(experiment=STARVATION["learning_dynamics/starvation_exclusive"].experiment),
    ),
    Lesson(
        "A large start",
        "M3 beginning ten thousand times as large: its neurons no longer become one, and the seeds scatter about the "
        "line, some above the bound of M1.",
        View(experiment=replace(FIRST, shared_start=0.1)),
    ),
)
SHADE_LESSONS = (
    Lesson(
        "It falls with p",
        "At p = 0.9 a digit with the wrong shade is still read; at 1 never, though the digit is there to be read.",
        View(look="shades", shown_p=0.9),
    ),
    Lesson(
        "Decoupling is no cure",
        "Dashed: spectral decoupling. Compare the two at p = 0.98: whoever hopes that it frees the digit from the "
        "shade will not see it here.",
        View(look="shades"),
    ),
    Lesson(
        "A strong shade",
        "b = 0.75: what was learned by the shade is missing even on images that have none.",
        View(look="shades", shades=SHADES["learning_dynamics/shades_strong"].experiment, shown_p=1.0),
    ),
)
