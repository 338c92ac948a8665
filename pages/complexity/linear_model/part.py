"""A linear model that overfits from a simple start: the part of the Complexity page in the spirit of Theorem 1."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from core.part import Lesson
from core.studies.linear_model.presets import PRESETS as THEOREM
from pages.complexity.linear_model import controls
from pages.complexity.linear_model.stage import TABLES, Shown, figures, table, to_player, verdict, view_frame
from pages.complexity.linear_model.view import FIRST, View, to_query
from pages.shared.downloads import Takeaway, take_away
from pages.shared.lessons import what_to_look_for
from pages.shared.player import play
from pages.shared.training import asked, on_screen, training
from pages.shared.words import warn

INTRODUCTION = (
    "A linear model, more dimensions than points, and some labels wrong. The true label is the first coordinate, the "
    "others are noise: **SGD from the simple classifier fits every wrong label by the noise and still gets new points "
    "right; from elsewhere it fits as well and does not.** In the spirit of Theorem 1 of Nakkiran et al. 2019 "
    "([1905.11604](https://arxiv.org/abs/1905.11604)); the constants and the distribution of the paper's theorem are "
    "not known to us. That SGD comes to the simple classifier first is assumed here, not learned."
)


def draw() -> None:
    """Draw controls, charts and what can be taken away."""
    controls.kept.start()
    st.markdown(INTRODUCTION)
    controls.presets()
    controls.sidebar()
    notices, charts = st.container(), st.container()
    wanted = asked(controls.current, notices)
    experiment = wanted.experiment if wanted is not None else None
    with notices:
        warn(controls.kept.said(experiment))
        if wanted is not None:
            st.query_params.from_dict(to_query(wanted))
            training(wanted.experiment, "These models")
    shown: Shown | None = on_screen("t", experiment, FIRST, notices)
    if shown is not None:
        with charts:
            stage(wanted or View(), shown)


def stage(view: View, shown: Shown) -> None:
    """Draw the charts and what can be taken away."""
    st.markdown(verdict(shown))
    drawn = figures(shown, clean=view.clean)
    play(to_player(drawn, shown), key="t-player", on_frame=controls.kept.rested)
    controls.chart_controls()
    what_to_look_for(LESSONS, controls.kept.show)
    tables = {name: (text, partial(table, shown, name)) for name, text in TABLES.items()}
    take_away(Takeaway(tables, shown.trajectory, drawn, view_frame(view, shown)))


LESSONS = (
    Lesson(
        "Overfits, and forgets nothing",
        "All three models come to fit every training label, the wrong ones too. From a = 1 the wrong labels are fitted "
        "by thousands of weights on noise, each tiny: new points do not see them.",
        View(),
    ),
    Lesson(
        "Too few dimensions to hide in",
        "d/n = 1.5: the same fit takes larger weights on noise, and the accuracy from a = 1 falls with every wrong "
        "label that is fitted, and goes on falling when all are: the interpolator, dashed, comes later.",
        View(experiment=THEOREM["complexity/theorem_few"].experiment),
    ),
    Lesson(
        "As informative, and always wrong",
        "Play to the end and compare the right chart with the left: from a = −1 nearly every new point is wrong, yet "
        "μ_Y is nearly that of the simple classifier. The measure is blind to sign.",
        View(clean=True),
    ),
    Lesson(
        "Steps too large",
        "Each step takes away three times the residual of its point, so what is left of it is twice as large. The "
        "curves end where the loss is beyond a million.",
        View(experiment=replace(FIRST, rate=3.0)),
    ),
)
