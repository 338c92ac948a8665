"""Kinks: why do few kinks remain, and where?"""

from __future__ import annotations

import streamlit as st

from pages.kinks.directions import part as inputs_part
from pages.kinks.kinks import part as line_part
from pages.shared.heading import heading

PARTS = {"On a line": line_part.draw, "More inputs": inputs_part.draw}
IN_LINKS = {"line": "On a line", "inputs": "More inputs"}


def page() -> None:
    """Draw the page."""
    heading(
        "Gradient descent quantizes ReLU features",
        "Hundreds of ReLU units, a few points on a line. **From a small start their kinks gather at a few places that "
        "the data choose, whatever the width, before the loss falls at all.** Maennel, Bousquet and Gelly 2018 "
        "([1803.08367](https://arxiv.org/abs/1803.08367)) report at most 2K + 1 kinks for K points on a line.",
    )
    if st.session_state.get("k_part") is None:
        st.session_state["k_part"] = IN_LINKS.get(st.query_params.get("part", "line"), "On a line")
    part = st.segmented_control("Data", list(PARTS), key="k_part", required=True, label_visibility="collapsed")
    PARTS[part or "On a line"]()


page()
