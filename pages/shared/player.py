"""The animation component: linked Vega-Lite charts that play a training on one clock, in the browser.

Python mounts it and hears back of three things only: a click on a chart that offers a choice (`pick`), points that the
reader moved by hand (`edit`), and whether they rest, and on which snapshot (`frame`), with speed and loop. Playing,
scrubbing and hovering never reach the server.

The payload is a JSON string that the caller has already serialised (and may cache), see `core.figure.payload`.

A chart with `edit` lets the reader drag the points of one table; a double click on an empty place adds a point, one
on a point removes it, as Alt-click and the right button do; Escape puts a held point back.

Python hears ``{"chart": id, "table": "points", "rows": [{"x": 0.1, "y": 0.25}, ...], "done": false, "token": n}``: all
points in the order of the table, a new one last, rounded to 1e-4, with the names of the two columns. `done` is false
while the point is held (at most every 250 ms, and seldomer if Python takes longer to answer) and true on release. What
it keeps of that it shows by the rows of its next payload. The reader's rows stand until Python has answered their last
edit; then Python's win, changed or not. `play` itself marks the payload as that answer (`heard`, the token of the last
edit that was done), so one that happens to come while a point is held does not throw it back. `bounds`, `apart` and the
two counts hold in the browser only to guide the hand: check them again, `apart` with room for the last binary digit.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import uuid4

import streamlit as st
from streamlit.components.v2 import component

from core.atomic import write
from core.figure import player
from core.store import DamagedError, Store, sealed, unsealed
from core.values import ExperimentError
from pages.shared.callback import to_its_end


def _vega() -> str:
    """Return the script of Vega: it takes seconds to bundle, so a copy is kept in the cache folder."""
    kept = Store.default().folder / f"vega-{version('vl-convert-python')}.js"
    with suppress(OSError, DamagedError):
        return unsealed(kept.read_bytes()).decode()
    made = player.vega()
    with suppress(OSError):
        write(kept, sealed(made.encode()))
    return made


# Streamlit sends a component's script again whenever its data changes. The 900 KB of Vega are therefore a component of
# their own whose data never changes (the browser caches its message); importing it sets `window.vegaEmbed`.
_vega_runtime = component(
    "player.vega_runtime",
    js=_vega() + "\nexport default function () {}\n",
)
_player = component(
    "player.charts",
    html=player.html(),
    css=player.css(),
    js=player.js(),
    isolate_styles=False,
)


_saver = component("player.saver", js=Path(__file__).with_name("saver.js").read_text(encoding="utf-8"))


@dataclass(frozen=True, kw_only=True)
class PlayerState:
    """What the reader did in the browser, as far as Python is told.

    `pick` is ``{"chart": id, "fields": {field: value}, "token": n}`` in the one script run which that click caused and
    None in every other; so is `edit`, in the form that the module's docstring gives. `frame` and `step` name the
    snapshot at which the reader paused, stepped or scrubbed; None until they do and after they play on. `speed` and
    `loop` are None until the reader rests or changes one of them.
    """

    pick: dict[str, Any] | None
    edit: dict[str, Any] | None
    frame: int | None
    step: int | None
    speed: float | None
    loop: bool | None


def play(
    payload: str,
    *,
    key: str,
    on_pick: Callable[[dict[str, Any]], None] | None = None,
    on_edit: Callable[[dict[str, Any]], None] | None = None,
    on_frame: Callable[[int | None], None] | None = None,
    on_picture: Callable[[dict[str, Any]], tuple[str, bytes]] | None = None,
) -> PlayerState:
    """Show the charts of `payload`; see `core.figure.payload` for its form.

    `on_pick`, `on_edit` and `on_frame` run before the script does, as Streamlit's callbacks do: the place to set the
    values of widgets that stand above the player. `on_frame` gets None while the reader plays: they play on, or have
    changed speed or loop. `on_picture` returns the name and the content of the file that is asked for, of a ``chart``
    in a ``format``, "png" say, at a ``frame`` and ``step``; the browser saves it.
    """

    def told(name: str) -> Any:  # a run that drew no player may have come between
        said = st.session_state.get(key, {}).get(name)
        return said if _is_told(name, said) else None

    def picked() -> None:
        pick = told("pick")
        if on_pick is not None and pick is not None:
            on_pick(pick)

    def edited() -> None:
        edit = told("edit")
        if edit is None:
            return
        if edit["done"]:  # a mark for every move would send the whole payload again, even where nothing came of it
            st.session_state[f"{key}-heard"] = edit["token"]
        if on_edit is not None:
            on_edit(edit)

    def rested() -> None:
        rest = told("rest")
        if on_frame is not None and rest is not None:
            on_frame(rest["frame"])

    def pictured() -> None:
        asked = told("picture")
        if on_picture is not None and asked is not None:
            try:
                name, content = on_picture(asked)
            except ExperimentError:
                return  # of a chart that another page draws
            file = {"name": name, "content": base64.b64encode(content).decode(), "token": uuid4().hex}
            st.session_state[f"{key}-file"] = file

    answer = _answering(payload, st.session_state.get(f"{key}-heard"))
    with st.container(gap=None):  # the runtime draws nothing: no gap for it
        _vega_runtime(key=f"{key}-vega")
        result = _player(
            key=key,
            data=answer.encode(),  # bytes pass untouched; a string would be escaped into JSON a second time
            on_pick_change=to_its_end(picked),
            on_edit_change=to_its_end(edited),
            on_rest_change=to_its_end(rested),
            on_picture_change=to_its_end(pictured),
        )
        _saver(key=f"{key}-saver", data=st.session_state.get(f"{key}-file"))
        st.session_state[f"{key}-file"] = None  # it is sent once
    rest = result.rest if _is_told("rest", result.rest) else {}
    return PlayerState(
        pick=result.pick, edit=result.edit, **{name: rest.get(name) for name in ("frame", "step", "speed", "loop")}
    )


_WHOLE = range(2**53)
_TOLD: Mapping[str, Mapping[str, Callable[[Any], bool]]] = {
    "pick": {"chart": lambda it: isinstance(it, str), "fields": lambda it: isinstance(it, dict)},
    "edit": {
        "chart": lambda it: isinstance(it, str),
        "rows": lambda it: isinstance(it, list) and all(isinstance(row, dict) for row in it),
        "done": lambda it: isinstance(it, bool),
        "token": lambda it: _is_whole(it),
    },
    "rest": {
        "frame": lambda it: it is None or _is_whole(it),
        "step": lambda it: it is None or _is_whole(it),
        "speed": lambda it: isinstance(it, int | float) and not isinstance(it, bool) and 0 < it < 1000,
        "loop": lambda it: isinstance(it, bool),
    },
    "picture": {
        "chart": lambda it: isinstance(it, str),
        "format": lambda it: isinstance(it, str),
        "frame": lambda it: _is_whole(it),
        "step": lambda it: _is_whole(it),
    },
}
"""What the player says, by name: whether each part of it is what the script sends. Any visitor can send anything."""


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in _WHOLE


def _is_told(name: str, said: object) -> bool:
    """Whether the player can have said this."""
    return isinstance(said, dict) and all(part in said and holds(said[part]) for part, holds in _TOLD[name].items())


def _answering(payload: str, heard: int | None) -> str:
    """Write into `payload` which edit it answers; a reader who edits nothing gets the text as it is."""
    return payload if heard is None else payload.replace("{", f'{{"heard": {heard}, ', 1)
