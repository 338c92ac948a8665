"""What to look for: a few sentences on each thing worth seeing, with a button that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from pages.shared import controls
from pages.shared.view import View


@dataclass(frozen=True)
class Lesson:
    """A view, and what to see in it."""

    title: str
    text: str
    view: View


def what_to_look_for(lessons: Sequence[Lesson]) -> None:
    """Draw the lessons side by side."""
    st.subheader("What to look for", divider="gray")
    for lesson, column in zip(lessons, st.columns(len(lessons)), strict=True):
        with column:
            st.markdown(f"**{lesson.title}**")
            st.caption(lesson.text)
            st.button("Show me", key=f"lesson-{lesson.title}", on_click=_show, args=(lesson.view,))


def _show(view: View) -> None:
    """Set the controls, and leave the pin: a lesson beside a run of one's own is a comparison."""
    controls.show(replace(view, pinned=st.session_state["pinned"]))
