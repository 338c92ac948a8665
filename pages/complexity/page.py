"""Complexity: does SGD learn a linear function first, and keep it?"""

from __future__ import annotations

import streamlit as st

from pages.complexity.complexity import part as data_part
from pages.complexity.linear_model import part as theorem_part
from pages.complexity.measure import part as measure_part
from pages.shared.heading import heading

PARTS = {
    "Networks in training": data_part.draw,
    "What μ measures": measure_part.draw,
    "Overfitting that forgets nothing": theorem_part.draw,
}
IN_LINKS = dict(zip(("data", "measure", "theorem"), PARTS, strict=True))


def page() -> None:
    """Draw the page."""
    heading(
        "SGD learns functions of increasing complexity",
        "**At first, nearly all that a network knows a linear classifier knows too. Later it knows more, and still "
        "knows that.** Nakkiran et al. 2019 ([1905.11604](https://arxiv.org/abs/1905.11604)) measure it in bits: "
        "μ_Y(F;L) = I(F;Y) − I(F;Y|L) is the part of the network F's performance that a simpler classifier L explains.",
    )
    first = next(iter(PARTS))
    if st.session_state.get("c_part") is None:
        st.session_state["c_part"] = IN_LINKS.get(st.query_params.get("part", "data"), first)
    part = st.segmented_control("Part", list(PARTS), key="c_part", required=True, label_visibility="collapsed")
    PARTS[part or first]()


page()
