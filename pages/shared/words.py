"""How the pages write what did not come from us."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

MOST_SAID = 12
"""Sentences about a broken link that are shown; a link can hold thousands of words that mean nothing."""

MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+|~$!])")
ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)", re.IGNORECASE)
"""Where an address is cut by a mark that nobody sees: Streamlit makes links even of those that are escaped."""


def plain(text: str) -> str:
    """Return Markdown that shows `text` as it is: a link or a file may hold an image's address or a colour's name."""
    return MARKDOWN.sub(r"\\\1", ADDRESS.sub("\u2060", text))


def warn(said: Sequence[str]) -> None:
    """Show sentences about what could not be used, if there are any."""
    if said:
        more = [f"And {len(said) - MOST_SAID:,} more."] if len(said) > MOST_SAID else []
        st.warning("\n\n".join(plain(sentence) for sentence in [*said[:MOST_SAID], *more]))
