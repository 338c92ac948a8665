"""What the declarations of networks in training cannot say: a table of one's own, a new training set, and pictures."""

from __future__ import annotations

import random

import streamlit as st

from core.part import Drawn, Scene
from core.studies.complexity.pictures import with_pictures
from core.studies.complexity.view import ComplexityView
from pages.shared import own_table
from pages.shared.callback import to_its_end
from pages.shared.library import source
from pages.shared.part import Hooks
from pages.shared.session import Session

Controls = Session[ComplexityView]


def _new_set(session: Controls) -> None:
    st.button(
        "New training set",
        icon=":material/casino:",
        on_click=to_its_end(_draw_set),
        args=(session,),
        help="Draw the training set anew.",
    )


def _draw_set(session: Controls) -> None:
    session["data_seed"] = random.randrange(1, 10_000)


def _scene(view: ComplexityView, drawn: Drawn, scene: Scene) -> Scene:
    shown = drawn[0]
    assert shown is not None
    return with_pictures(scene, view, shown, source(st.session_state.get("data_dir", "")))


HOOKS = Hooks(
    instead={"dataset": own_table.dataset, "n_train": own_table.n_train}, sections={"Data": _new_set}, scene=_scene
)
