"""Things to try: a few sentences on each thing worth seeing, with a button that shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from core.part import Lesson
from pages.shared.callback import to_its_end
from pages.shared.session import Session

LESSON_PIXELS = 224
"""Four side by side beside the controls on a screen of 1,400 pixels, two at 820, one on a phone."""


def things_to_try(session: Session[Any], lessons: Sequence[Lesson[Any]], takes: Callable[[Any], str]) -> None:
    """Draw the lessons side by side, each with a button that says what its view takes if it is not trained yet."""
    if not lessons:
        return
    st.subheader("Things to try", divider="gray")
    row = st.container(horizontal=True)
    for lesson in lessons:
        with row.container(width=LESSON_PIXELS):
            st.markdown(f"**{lesson.title}**")
            st.caption(lesson.text)
            label = " · ".join(filter(None, ["Show me", takes(lesson.view)]))
            st.button(label, key=f"lesson-{lesson.title}", on_click=to_its_end(_show), args=(session, lesson))


def lesson_on_screen(session: Session[Any]) -> None:
    """Draw the text of the lesson that is on screen, with a button that puts it away."""
    lesson: Lesson[Any] | None = session.get("lesson")
    if lesson is not None:
        st.markdown(f"**{lesson.title}.** {lesson.text}")
        put_away = partial(session.__setitem__, "lesson", None)
        st.button(
            "Close",
            key=session.key("close-lesson"),
            icon=":material/close:",
            type="tertiary",
            on_click=to_its_end(put_away),
        )


def _show(session: Session[Any], lesson: Lesson[Any]) -> None:
    """Set the controls to a lesson's view, and bring the charts in sight; speed and loop stay the reader's."""
    session.show(replace(lesson.view, **session.beside | {"step": lesson.view.step}))
    session.lead()
    session["lesson"] = lesson
    session["attend"] = session.get("attend", 0) + 1
