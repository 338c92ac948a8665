"""What to look for: a few sentences on each thing worth seeing, with a button that shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

View = TypeVar("View")


@dataclass(frozen=True)
class Lesson(Generic[View]):
    """A view, and what to see in it."""

    title: str
    text: str
    view: View


def what_to_look_for(lessons: Sequence[Lesson[View]], show: Callable[[View], None]) -> None:
    """Draw the lessons side by side; `show` sets the controls to a lesson's view."""
    st.subheader("What to look for", divider="gray")
    for lesson, column in zip(lessons, st.columns(len(lessons)), strict=True):
        with column:
            st.markdown(f"**{lesson.title}**")
            st.caption(lesson.text)
            st.button("Show me", key=f"lesson-{lesson.title}", on_click=show, args=(lesson.view,))
