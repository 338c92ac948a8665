"""The Explorer: one network of the (alpha, T) plane, played; the plane around it; and how much of it is linear."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.studies.explorer.part import PART
from pages.explorer.controls import HOOKS
from pages.shared.heading import heading
from pages.shared.part import draw

QUESTIONS: Mapping[str, str] = {
    "kinks": "Why do few kinks remain?",
    "complexity": "Does SGD learn a linear function first?",
    "phase_plane": "When does noise help?",
    "learning_dynamics": "Which features starve?",
    "learning_rate": "What if steps are too large?",
    "grokking": "Why generalize so late?",
}
"""What the other pages ask."""

heading(
    "How a network learns, run by run",
    "Trainscope trains small networks and plays how they learn. Pick a task and a place in the (α, T) plane and watch "
    "that training. **Small α or much noise makes a network learn features; in the lazy corner its kinks hardly "
    "move.**",
    ("step", "alpha", "temperature", "kink", "lazy", "feature", "fly", "information", "conditional", "mu"),
)
with st.container(horizontal=True, vertical_alignment="center", key="questions"):
    st.markdown("Or begin with a question:", width="content")
    for name, question in QUESTIONS.items():
        st.page_link(f"pages/{name}/page.py", label=question, icon=":material/arrow_right_alt:", width="content")
draw(PART, HOOKS)
