"""What the declarations of networks on clones cannot say: pictures of images and clones, where their files are."""

from __future__ import annotations

import streamlit as st

from core.part import Drawn, Scene
from core.studies.clones.pictures import with_pictures
from core.studies.clones.view import ClonesView
from pages.shared.library import source
from pages.shared.part import Hooks


def _scene(view: ClonesView, drawn: Drawn, scene: Scene) -> Scene:
    shown = drawn[0]
    assert shown is not None
    return with_pictures(scene, shown, source(st.session_state.get("data_dir", "")))


HOOKS = Hooks(scene=_scene)
