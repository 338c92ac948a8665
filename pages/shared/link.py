"""The link in the browser's address, with one entry of its history for each change that a person makes.

`st.query_params` would add an entry at every change, the page's own ones included: the first link of a visit, a step at
which the player rests. So a small script writes the address, and replaces the entry where no person made a change.

Streamlit runs the page again when Back or Forward leads to another entry, and so when its script undoes a change; only
such a run reads the address, for the browser may tell another one of an entry that has been left since.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import segno
import streamlit as st
from streamlit.components.v2 import component
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.view import PLAYED
from pages.shared.callback import to_its_end

HIDDEN = """<style>
[data-testid="stLayoutWrapper"]:has(> .st-key-link) { display: none; }
</style>"""

_address = component("link", js=(Path(__file__).with_suffix(".js")).read_text(encoding="utf-8"))


def arrived() -> Mapping[str, str] | None:
    """Return the link to which Back, Forward, an undo or the door has led in this run; None if nothing of the kind has.

    So does a browser that was here before and finds the server without a memory of it.
    """
    if found := st.session_state.get("link_found"):
        return dict(parse_qsl(found, keep_blank_values=True))
    context = get_script_run_ctx()
    query = st.query_params.to_dict()
    led = st.session_state.get("link_offered") or (context is not None and context.is_history_navigation)
    return query if led and query else None


def offer() -> None:
    """Have the next page take up the link by which a person comes to it, whatever it showed before."""
    st.session_state["link_offered"] = True


def write(query: Mapping[str, str] | None, seen: Mapping[str, str], *, held: Mapping[str, str] | None = None) -> None:
    """Write a link into the address, a new entry of the history if a person has changed more than the player's place.

    Args:
        query: the link; None: what is there stays.
        seen: what the browser remembers of the view beside its link: its name, `title`, and its settings, `told`.
        held: the link of a change that is not done yet, a point under a hand say: it is written when it is.
    """
    before = st.session_state.get("link", {})
    if query is not None and (held is None or lasting(query) != lasting(held)):
        if before and arrived() is None and lasting(query) != lasting(before):
            st.session_state["link_entries"] = st.session_state.get("link_entries", 0) + 1
        st.session_state["link"] = dict(query)
    st.session_state["link_found"], st.session_state["link_offered"] = "", False
    st.html(HIDDEN)
    with st.container(key="link"):
        link = st.session_state.get("link", {})
        view = {**seen, "view": urlencode(lasting(link))} if query is not None and held is None else None
        data = {"link": urlencode(link), "entries": st.session_state.get("link_entries", 0), "seen": view}
        st.html(code(f"{address()}?{urlencode(lasting(link))}"))
        _address(key="address", data=data, on_found_change=to_its_end(_found))


def address() -> str:
    """Return where this page lies, without what its link says."""
    here = urlsplit(st.context.url or "")
    return f"{here.scheme}://{here.netloc}{here.path}"


@lru_cache(maxsize=256)
def code(link: str) -> str:
    """Return a link's QR code, for the player to show where it is presented; nothing of one too long for that."""
    try:
        image = segno.make(link, micro=False).svg_data_uri(light="#fff", omitsize=True)
    except segno.DataOverflowError:
        return ""
    return f'<img class="trainscope-code" alt="QR code of this view" src="{image}" data-link="{html.escape(link)}">'


def lasting(query: Mapping[str, str]) -> dict[str, str]:
    """Return what a link says but for the player's place."""
    return {word: text for word, text in query.items() if word not in PLAYED}


def _found() -> None:
    found = st.session_state["address"]["found"]
    st.session_state["link_found"] = found if isinstance(found, str) else ""  # any visitor can send anything
