"""A switch between parts that stand in one place: those of a page, or two that share a part's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

Shown = tuple[str, Callable[[], None]]
"""A title, and what draws the part."""


def either(key: str, word: str, parts: Mapping[str, Shown]) -> None:
    """Draw a choice of parts, and the one that is chosen: at first the one that the link names, else the first.

    Args:
        key: of the choice in the session.
        word: that of links.
        parts: by what the word says of them.
    """
    kept = f"{key}_kept"  # Streamlit drops a widget's own value while another page or part is on screen
    if st.session_state.get(kept) not in parts:
        named = st.query_params.get(word, "")
        st.session_state[kept] = named if named in parts else next(iter(parts))
    st.session_state.setdefault(key, st.session_state[kept])
    st.session_state[kept] = st.segmented_control(
        "Part",
        list(parts),
        key=key,
        format_func=lambda name: parts[name][0],
        required=True,
        label_visibility="collapsed",
    )
    _, draw = parts[st.session_state[kept]]
    draw()
