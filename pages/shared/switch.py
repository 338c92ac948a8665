"""A switch between parts that stand in one place: those of a page, or two that share a part's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from core.part import Part
from pages.shared.link import arrived
from pages.shared.part import Hooks, draw

Titled = tuple[str, Callable[[], None]]
"""A title, and what draws the part that has it."""


def titled(part: Part[Any], hooks: Hooks | None = None) -> Titled:
    """Return a part as a switch has it."""
    return part.title, partial(draw, part, hooks)


def either(key: str, word: str, parts: Mapping[str, Titled]) -> None:
    """Draw a choice of parts, and the one that is chosen: the one named by the link that led here, or else the first.

    Args:
        key: of the choice in the session.
        word: that of links.
        parts: by what the word says of them.
    """
    kept = f"{key}_kept"  # Streamlit drops a widget's own value while another page or part is on screen
    query = arrived() or {}
    if query.get(word) in parts:
        st.session_state[key] = st.session_state[kept] = query[word]
    elif st.session_state.get(kept) not in parts:
        named = st.query_params.get(word, "")
        st.session_state[kept] = named if named in parts else next(iter(parts))
    if st.session_state.get(key) not in parts:  # a browser may say that nothing is chosen: what was there stays
        st.session_state[key] = st.session_state[kept]
    st.session_state[kept] = st.segmented_control(
        "Part",
        list(parts),
        key=key,
        format_func=lambda name: parts[name][0],
        required=True,
        label_visibility="collapsed",
    )
    _, show = parts[st.session_state[kept]]
    show()
