"""What the declarations of the measure cannot say: special cases, which depend on the accuracies on screen."""

from __future__ import annotations

import streamlit as st

from core.studies.complexity.measure.view import MeasureView, special_cases
from pages.shared.callback import to_its_end
from pages.shared.part import Hooks
from pages.shared.session import Session


def _cases(session: Session[MeasureView]) -> None:
    """Draw the special cases: each sets the controls."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Special cases")
        for name, (title, text, view) in special_cases(session.view).items():
            key = session.key(f"case_{name}")
            st.button(title, key=key, on_click=to_its_end(session.show), args=(view,), help=text, type="tertiary")


HOOKS = Hooks(controls=_cases)
