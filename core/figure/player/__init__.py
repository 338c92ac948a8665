"""The player: linked charts that play a training on one clock, as the text of a page.

It needs a browser and Vega, nothing else: a component of Streamlit, a file by itself and a notebook hold the same html,
css and script, and give it a payload (`core.figure.payload`, whose form is `types.d.ts`)::

    <style>{css()}</style> {html()} <script>{vega()}</script>
    <script type="module">{js()} mount({data: payload, parentElement: document})</script>

Playing, scrubbing and hovering never leave the browser. `setTriggerValue` and `setStateValue`, where `mount` is given
them, hear of a pick, an edit and a rest.

The modules are checked with `npx -p typescript tsc -p core/figure/player/jsconfig.json`.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_MODULES = (
    "clock",
    "look",
    "theme",
    "specs",
    "view",
    "places",
    "edit",
    "pointer",
    "choose",
    "card",
    "keys",
    "reports",
    "toolbar",
    "status",
    "webm",
    "mp4",
    "film",
    "record",
    "share",
    "presentation",
    "player",
    "mount",
)
"""In an order in which each comes after those that it imports."""

_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default )", re.MULTILINE)


def html() -> str:
    """Return the player's element."""
    return _read("player.html")


def css() -> str:
    """Return the player's style; its colours are the custom properties that Streamlit sets."""
    return _read("player.css")


@cache
def js() -> str:
    """Return the player's script, one module of all; it exports `mount`, which shows a payload."""
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", module(name))) for name in _MODULES)


def module(name: str) -> str:
    """Return the text of one of the script's modules, "clock" say."""
    return _read(f"{name}.js")


@cache
def vega() -> str:
    """Return the script that sets `window.vegaEmbed`: Vega, Vega-Lite and Vega-Embed, 0.9 MB."""
    import vl_convert

    return str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"))


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
