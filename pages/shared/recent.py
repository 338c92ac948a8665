"""The views that this browser has shown last and those that its reader has named, in its own storage."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

CSS = """
.recent { min-width: min(26rem, 75vw); max-height: 60vh; overflow: auto; font-size: 0.9rem; }
.recent h4 { margin: 0 0 0.3rem; padding: 0; font-size: 0.9rem; }
.recent ul { margin: 0 0 0.9rem; padding: 0; list-style: none; }
.recent li { display: grid; grid-template-columns: 1fr auto; gap: 0 0.6rem; padding: 0.2rem 0; align-items: baseline; }
.recent a { color: var(--st-link-color); text-decoration: none; }
.recent a:hover { text-decoration: underline; }
.recent small {
  grid-column: 1 / -1; overflow: hidden; white-space: nowrap; text-overflow: ellipsis;
  color: color-mix(in srgb, var(--st-text-color) 76%, var(--st-background-color));
}
.recent input {
  width: 9rem; padding: 0.1rem 0.4rem; font: inherit; font-size: 0.8rem; color: inherit; background: transparent;
  border: 1px solid color-mix(in srgb, var(--st-text-color) 45%, transparent); border-radius: 0.3rem;
}
.recent input::placeholder { color: inherit; opacity: 0.76; }
.recent button { border: 0; background: transparent; color: inherit; font: inherit; cursor: pointer; }
.recent form { margin: 0; }
"""

_list = component(
    "recent",
    html='<div class="recent" data-testid="recent"></div>',
    css=CSS,
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def recent() -> None:
    """Draw the lists, folded away."""
    with st.popover("Recent", type="tertiary", icon=":material/history:"):
        _list(key="recent")
