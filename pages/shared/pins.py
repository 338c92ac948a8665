"""Pinned runs: buttons that keep the run on screen for comparison, and let one go; and which chart is compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core import pinned
from core.part import Scene
from core.view import PINS
from pages.shared.callback import to_its_end
from pages.shared.session import Session


def pins(session: Session[Any], scene: Scene) -> None:
    """Draw the buttons, and which chart is compared where charts stand beside each other."""
    view, part = session.view, session.part
    run = (session.get("on_screen") or view).pin()
    with st.container(horizontal=True, vertical_alignment="bottom", key=session.key("pins")):
        if len(view.pins) < len(PINS):
            st.button(
                "Pin this run",
                icon=":material/keep:",
                on_click=to_its_end(_set_pins),
                args=(session, [*view.pins, run]),
                disabled=run in view.pins,
                help=f"Keep it on screen for comparison with others, up to {len(PINS)} of them.",
            )
        for name, pin in zip(PINS, view.pins, strict=False):
            rest = [other for other in view.pins if other != pin]
            st.button(f"Unpin {name}", icon=":material/keep_off:", on_click=to_its_end(_set_pins), args=(session, rest))
        if view.pins and not part.draws_pinned:
            _compared(session, scene)


def _compared(session: Session[Any], scene: Scene) -> None:
    """Draw the choice of the chart that stands once more for each pinned run."""
    beside = pinned.beside(scene)
    charts = {name: card.title for name, card in scene.cards.items() if name not in beside}
    if len(charts) < 2:
        return
    key, chosen = session.key("chart-compared"), session.view.compared
    st.session_state[key] = chosen if chosen in charts else next(iter(beside.values()), next(iter(charts)))
    st.selectbox(
        "Chart compared",
        charts,
        key=key,
        format_func=charts.__getitem__,
        on_change=to_its_end(_compare),
        args=(session, key),
        width=280,
    )


def _compare(session: Session[Any], key: str) -> None:
    session.change(compared=st.session_state[key])


def _set_pins(session: Session[Any], runs: Sequence[str]) -> None:
    session.change(pinned="|".join(runs))
