"""One chart and the player's bar alone, in a frame of another page: `?embed=true&chart=kinks`."""

from __future__ import annotations

import html
import urllib.parse
from collections.abc import Mapping, Sequence

import streamlit as st

from core.part import Scene
from core.values import ExperimentError
from pages.shared import link
from pages.shared.downloads import COMMAND
from pages.shared.words import warn

HEIGHT = 560
"""Pixels of the frame: the bar, and a chart with its caption."""

ALONE = """<style>
header[data-testid="stHeader"], section[data-testid="stSidebar"],
.stMainBlockContainer [data-testid="stElementContainer"]:not(:has(.trainscope-player), .st-key-notices *),
.stMainBlockContainer [data-testid="stLayoutWrapper"]:not(:has(.trainscope-player, .st-key-notices), .st-key-notices *)
{ display: none; }
.stMainBlockContainer { padding: 0.4rem 0.6rem; max-width: none; }
</style>"""
"""Leaves of a page its player and its notices."""

LINE = '<iframe src="{url}" width="100%" height="{height}" style="border:0" title="{title}"></iframe>'


def shown(scene: Scene) -> Sequence[str]:
    """Return the charts to show: the one that a frame asks for, all of them elsewhere."""
    asked = st.query_params.get("chart")
    if asked is None or not st.context.is_embedded:
        return list(scene.figures)
    if asked in scene.figures:
        st.html(ALONE)
        return [asked]
    warn([str(ExperimentError("chart", f"one of {', '.join(scene.figures)}", asked))])
    return list(scene.figures)


def offer(query: Mapping[str, str], scene: Scene) -> None:
    """Draw, folded away, the line that puts a chart of this view into another page."""
    folded = st.expander("One chart in another page")
    name = folded.selectbox("Chart", list(scene.figures), format_func=lambda name: scene.cards[name].title)
    folded.html(framed({"chart": name, **query}, scene.cards[name].title, HEIGHT))


def framed(query: Mapping[str, str], title: str, height: int) -> str:
    """Return the line that puts this page into another one, to be copied; `height` is in pixels."""
    url = html.escape(f"{link.address()}?{urllib.parse.urlencode({'embed': 'true', **query})}", quote=True)
    line = LINE.format(url=url, height=height, title=html.escape(title, quote=True))
    return COMMAND.format(html.escape(line))
