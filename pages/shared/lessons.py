"""Things to try: a few sentences on each thing worth seeing, with a button that shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.part import Lesson


def what_to_look_for(lessons: Sequence[Lesson[Any]], show: Callable[[Any], None]) -> None:
    """Draw the lessons side by side; `show` sets the controls to a lesson's view."""
    if not lessons:
        return
    st.subheader("Things to try", divider="gray")
    for lesson, column in zip(lessons, st.columns(len(lessons)), strict=True):
        with column:
            st.markdown(f"**{lesson.title}**")
            st.caption(lesson.text)
            st.button("Show me", key=f"lesson-{lesson.title}", on_click=show, args=(lesson.view,))
