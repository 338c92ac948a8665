"""Where training fails: a part of the Learning dynamics page."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from core.part import Lesson
from core.studies.basin.presets import PRESETS as BASIN
from pages.learning_dynamics.basin import controls
from pages.learning_dynamics.basin.drops import drop_table
from pages.learning_dynamics.basin.stage import (
    TABLES,
    Shown,
    figures,
    table,
    to_player,
    verdict,
    view_frame,
)
from pages.learning_dynamics.basin.view import FIRST, View, to_query
from pages.shared.downloads import Takeaway, take_away
from pages.shared.lessons import what_to_look_for
from pages.shared.player import play
from pages.shared.training import asked, complete, training_behind
from pages.shared.words import warn

INTRODUCTION = (
    "One class and one neuron that may learn it: z·max(0, w·x), with y its first layer along x. Gradient descent moves "
    "it along y² − z² = const, **and where it starts decides its fate: it learns if y > 0 and y + z > 0, it is doomed "
    "if y > 0 > y + z, and it is dead if y ≤ 0**, whatever the loss. The picture is that of Tachet des Combes et al. "
    "2018 ([1809.06848](https://arxiv.org/abs/1809.06848)); the law is derived and checked here."
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
    training_behind(view.experiment, "These neurons", shown, notices)


def stage(view: View, shown: Shown | None) -> None:
    """Draw the charts, of theory alone until it is trained, and what can be taken away."""
    st.markdown(verdict(view.experiment, shown))
    drawn = figures(view, shown)
    rest = controls.kept.link_step
    play(
        to_player(drawn, view, shown, rest),
        key="lb-player",
        on_pick=picked,
        on_edit=edited,
        on_frame=controls.kept.rested,
    )
    controls.chart_controls()
    st.markdown(drop_table(view, shown))
    what_to_look_for(LESSONS, controls.kept.show)
    if shown is not None:
        tables = {name: (text, partial(table, shown, name)) for name, text in TABLES.items()}
        take_away(Takeaway(tables, shown.trajectory, drawn, view_frame(view)))


LESSONS = (
    Lesson(
        "On the border, and beside it",
        "Three neurons: on the border, a hundredth above it, a hundredth below. They go the same way to the saddle at "
        "the origin and part there. On the map of times the border is where it takes longest.",
        View(drops=((-1.0, 1.0), (-1.0, 1.01), (-1.0, 0.99)), colour="time"),
    ),
    Lesson(
        "Doomed, and still there",
        "A hundred neurons learn the class so fast under the hinge loss that most doomed ones are still on when "
        "nothing moves any more: the solid part of the middle bar.",
        View(experiment=BASIN["learning_dynamics/basin_hinge"].experiment),
    ),
    Lesson(
        "Reborn",
        "Classes at cos −0.9, eight neurons a network. What pushes a doomed neuron away from its class pushes it "
        "towards the other: more than a third of those that are left alone wake there, with the sign it needs.",
        View(experiment=BASIN["learning_dynamics/revival"].experiment, cosine=-0.9),
    ),
    Lesson(
        "Steps too large",
        "The law is of gradient flow. Here a step is 1.8 times what takes y − z to 0: it leaps beyond, and neurons "
        "above the border die at once. Filled marks decided otherwise than theory.",
        View(experiment=replace(FIRST, loss="hinge", share=0.9, norm=4.0, learning_rate=0.5)),
    ),
)


def picked(pick: dict[str, Any]) -> None:
    """Drop a neuron where the map was clicked."""
    controls.dropped(float(pick["fields"]["z"]), float(pick["fields"]["y"]))


def edited(edit: dict[str, Any]) -> None:
    """Take the neurons that were dragged or removed."""
    if edit["done"]:
        controls.moved(edit["rows"])
