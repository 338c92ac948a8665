"""The animation component: linked Vega-Lite charts that play a training on one clock, in the browser.

Python mounts it and hears back of two things only: a click on a chart that offers a choice (`pick`), and the
snapshot on which the reader came to rest (`frame`). Playing, scrubbing and hovering never reach the server.

The payload is a JSON string that the caller has already serialised (and may cache)::

    {"clock": {"steps": [0, 1, 2, 5],       training step of every snapshot
               "pace": [0, 0.3, 0.7, 1],    its position in playing time, never decreasing
               "seconds": 12,               length of one pass at speed x1
               "autoplay": true, "loop": false,
               "seek": {"token": "abc", "frame": 2} | null,   a new token jumps there and pauses
               "notes": ["..."]},           lines of small print under the toolbar
     "charts": [{"id": "kinks", "title": "...", "caption": "...", "alt": "for screen readers",
                 "spec": {...},             Vega-Lite without rows: "data": {"name": "kinks"}
                 "tables": {"kinks": {"version": "hash", "rows": [...]}},
                 "params": {"s_min": -1},   values of top-level params
                 "scrub": {"scale": "x", "field": "step"} | null,   hovering chooses the time
                 "pick": "cell" | null,     a point selection of the spec, reported to Python
                 "file": "trainscope-kinks", "wide": false,
                 "badge": {"text": "diverged by step 320", "tone": "alert" | "quiet"} | null}]}

A spec that declares top-level params named `frame` (index of the snapshot), `tween` (fraction of the way to the next
one; 0 at rest) or `clock_step` (the step between the two) has them driven by the clock; `ink`, `paper` and `muted`
are the theme's colours. An unchanged spec keeps its view and only swaps tables whose version changed, so keep specs
constant and put what varies in tables and params.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st
import vl_convert
from streamlit.components.v2 import component

_HERE = Path(__file__).parent

# Streamlit sends a component's script again whenever its data changes. The 900 KB of Vega are therefore a component of
# their own whose data never changes (the browser caches its message); importing it sets `window.vegaEmbed`.
_vega_runtime = component(
    "player.vega_runtime",
    js=vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;") + "\nexport default function () {}\n",
)
_player = component(
    "player.charts",
    html=(_HERE / "player.html").read_text(encoding="utf-8"),
    css=(_HERE / "player.css").read_text(encoding="utf-8"),
    js=(_HERE / "player.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True, kw_only=True)
class PlayerState:
    """What the reader did in the browser, as far as Python is told.

    `pick` is ``{"chart": id, "fields": {field: value}, "token": n}`` in the one script run which that click caused and
    None in every other. `frame` and `step` name the snapshot at which the reader last paused, stepped or scrubbed; None
    until they do.
    """

    pick: dict[str, Any] | None
    frame: int | None
    step: int | None


def play(
    payload: str,
    *,
    key: str,
    on_pick: Callable[[dict[str, Any]], None] | None = None,
    on_frame: Callable[[int], None] | None = None,
) -> PlayerState:
    """Show the charts of `payload`; see the module's docstring for its form.

    `on_pick` and `on_frame` run before the script does, as Streamlit's callbacks do: the place to set the values of
    widgets that stand above the player.
    """

    def picked() -> None:
        pick = st.session_state[key].get("pick")
        if on_pick is not None and pick is not None:
            on_pick(pick)

    def rested() -> None:
        rest = st.session_state[key].get("rest")
        if on_frame is not None and rest is not None:
            on_frame(rest["frame"])

    with st.container(gap=None):  # the runtime draws nothing: no gap for it
        _vega_runtime(key=f"{key}-vega")
        result = _player(
            key=key,
            data=payload.encode(),  # bytes pass untouched; a string would be escaped into JSON a second time
            on_pick_change=picked,
            on_rest_change=rested,
        )
    rest = result.rest or {}
    return PlayerState(pick=result.pick, frame=rest.get("frame"), step=rest.get("step"))
