"""What the declarations of networks in training cannot say: a table of one's own, a new training set, and pictures."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.part import Drawn, Scene
from core.studies.complexity.pictures import with_pictures
from core.studies.complexity.view import ComplexityView
from pages.shared import own_table
from pages.shared.library import source
from pages.shared.part import Hooks
from pages.shared.session import Session
from pages.shared.widgets import anew

Controls = Session[ComplexityView]


def _scene(view: ComplexityView, drawn: Drawn, scene: Scene) -> Scene:
    shown = drawn[0]
    assert shown is not None
    return with_pictures(scene, view, shown, source(st.session_state.get("data_dir", "")))


NEW_SET = partial(anew, name="data_seed", label="New training set", said="Draw the training set anew.")
HOOKS = Hooks(
    instead={"dataset": own_table.dataset, "n_train": own_table.n_train}, sections={"Data": NEW_SET}, scene=_scene
)
