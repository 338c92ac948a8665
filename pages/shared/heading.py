"""How a page begins: its name, its claim, and the page's margins."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.glossary import TERMS
from pages.shared.recent import recent

MARGINS = """<style>
.stMainBlockContainer { padding: 3.4rem 2rem 3rem; max-width: 1700px; }
.stMainBlockContainer h1 { font-size: 1.55rem; padding: 0.3rem 0 0.1rem; }
.st-key-verdict { min-height: 3.3rem; }
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p {
  color: color-mix(in srgb, var(--st-text-color) 76%, var(--st-background-color)); opacity: 1;
}
[data-testid="stMarkdownContainer"] table { display: block; width: fit-content; max-width: 100%; overflow-x: auto; }
[data-testid="stPopoverButton"] p { color: light-dark(#1f1f1f, #f2f2f2); }
@media (max-width: 640px) { /* a wall of presets would stand before the first chart */
  [class*="st-key-"][class*="_presets"] { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none; }
  [class*="st-key-"][class*="_presets"] > * { flex: none; }
}
section[data-testid="stSidebar"] div[data-testid="stSidebarUserContent"] { padding-top: 0; }
</style>"""


def heading(title: str, claim: str, words: Sequence[str] = ()) -> None:
    """Draw the title and the claim (Markdown), and what the words and symbols of the page mean, by their names.

    Charts want the width that Streamlit leaves white.
    """
    st.html(MARGINS)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(title, anchor=False, width="content")
        if words:
            with st.popover("Words and symbols", type="tertiary", icon=":material/menu_book:"):
                st.markdown("\n\n".join(TERMS[word].markdown for word in words))
        recent()
    st.markdown(claim)
