"""Phase plane: when does the noise of SGD help, and when does it hurt?"""

from __future__ import annotations

import streamlit as st

from pages.phase_plane.perceptron import part as perceptron_part
from pages.phase_plane.phase_plane import part as networks_part
from pages.shared.heading import heading

PARTS = {
    "The perceptron, exact": perceptron_part.draw,
    "Networks": networks_part.draw,
}
IN_LINKS = dict(zip(("perceptron", "networks"), PARTS, strict=True))


def page() -> None:
    """Draw the page."""
    heading(
        "When SGD noise helps, and when it hurts",
        "**Noise does not stop training from fitting the data; it makes fitting them take longer and larger weights.** "
        "Sclocchi, Geiger, Wyart 2023 ([2301.13703](https://arxiv.org/abs/2301.13703)) find regimes in the plane of "
        "the output scale α and the temperature T = learning rate / batch size; Sclocchi, Wyart 2024 "
        "([2309.10688](https://arxiv.org/abs/2309.10688)) in that of batch size and learning rate.",
    )
    first = next(iter(PARTS))
    if st.session_state.get("pp_part") is None:
        st.session_state["pp_part"] = IN_LINKS.get(st.query_params.get("part", ""), first)
    part = st.segmented_control("Part", list(PARTS), key="pp_part", required=True, label_visibility="collapsed")
    PARTS[part or first]()


page()
