"""A page that plays a run by itself: one HTML file that loads nothing, from a disk, a course page or a notebook."""

from __future__ import annotations

import base64
import gzip
import html
import re
import urllib.parse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from core.experiment import to_json
from core.figure import player
from core.figure.payload import clock, payload
from core.study import page_of
from core.view import to_query

if TYPE_CHECKING:
    from core.figure.figure import Table
    from core.runs import Run

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Trainscope</title>
<link rel="icon" href="data:,">
<style>
:root {{ color-scheme: light dark; --ink: #1f1f1f; --paper: #ffffff; --accent: #0072b2 }}
@media (prefers-color-scheme: dark) {{ :root {{ --ink: #f2f2f2; --paper: #14161a; --accent: #56b4e9 }} }}
body {{ margin: 0 auto; max-width: 1700px; padding: 16px 20px 28px; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif }}
h1 {{ font-size: 1.35rem; margin: 0 0 .4rem }}
p {{ margin: 0 0 .7rem; max-width: 75ch }}
a {{ color: var(--accent) }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; user-select: all }}
{css}
</style>
</head>
<body>
{back}<h1>{title}</h1>
{introduction}
{verdict}
<main>{player}</main>
<details><summary>How this was made</summary>
{made}
</details>
<script type="application/json" id="experiment">{experiment}</script>
<script type="application/json" id="payload">{payload}</script>
{script}
<script type="module">
mount({{ data: {data}, parentElement: document }});
</script>
</body>
</html>
"""


OWN = 'document.getElementById("payload").textContent'
"""The payload of a page that holds all its rows, as text."""
GATHERED = f"""await (async () => {{
  const rows = async (packed) => JSON.parse(await new Response(
    new Blob([Uint8Array.from(atob(packed), (c) => c.charCodeAt(0))]).stream()
      .pipeThrough(new DecompressionStream("gzip"))).text());
  const payload = JSON.parse({OWN});
  for (const [table, packed] of Object.entries(window.rows)) payload.rows[table] = await rows(packed);
  return JSON.stringify(payload);
}})()"""
"""That of a page some of whose rows lie in files beside it."""


def shared() -> str:
    """Return the script that pages hold, or share: Vega, and the player's `mount`."""
    script = player.js().replace("export default function mount", "function mount")
    return f"{player.vega()}\nwindow.mount = (() => {{\n{script}\nreturn mount;\n}})();\n"


def rows(table: Table) -> str:
    """Return the script of a file beside a page: the rows of a table, which the page leaves out, as gzip packs them."""
    packed = base64.b64encode(gzip.compress(table.json.encode(), mtime=0)).decode()
    return f'(window.rows ??= {{}})["{table.version}"] = "{packed}";\n'


def page(
    run: Run,
    charts: Sequence[str],
    *,
    app_url: str = "",
    script: str = "",
    beside: Callable[[Table], str] = lambda table: "",
    back: str = "",
) -> str:
    """Return the page of some of a run's charts.

    Args:
        run: what is shown.
        charts: names of its charts.
        app_url: where the app runs: the page then has a link to the same view there, where a click can train.
        script: the address of a file with `shared`, beside the page; without it the page holds all that itself.
        beside: the address of a file with a table's `rows` beside the page; nothing if the page is to hold them.
        back: the address of the page that this one belongs to.
    """
    scene = run.scene
    rest = run.view.step if len(scene.steps) > 1 else int(scene.steps[0])
    time = clock(scene.steps, pace=scene.pace, notes=scene.notes, rest=rest)
    cards = [(scene.figures[name], scene.cards[name].looked_at().about(name)) for name in charts]
    whole = len(charts) == len(scene.figures)
    tables = {table.version: table for name in charts for table in scene.figures[name].tables.values()}
    elsewhere = {version: address for version, table in tables.items() if (address := beside(table))}
    loads = [f'<script src="{address}"></script>' for address in (script, *elsewhere.values()) if address]
    return PAGE.format(
        title=html.escape(run.title),
        introduction=_paragraphs(run.lesson.text if run.lesson else run.part.introduction) if whole else "",
        verdict=_paragraphs(scene.verdict) if whole else "",
        made=_made(run, app_url),
        player=player.html(),
        css=player.css(),
        script="\n".join(loads if script else [f"<script>{_script(shared())}</script>", *loads]),
        back=f'<p><a href="{back}">All pages</a></p>\n' if back else "",
        experiment=_data(to_json(run.experiment)),
        payload=_data(payload(time, cards, elsewhere)),
        data=GATHERED if elsewhere else OWN,
    )


def _data(json: str) -> str:
    """Return JSON so that nothing in it ends its element."""
    return json.replace("<", "\\u003c")


def _script(text: str) -> str:
    """Return a script so that nothing in it ends its element: in its strings, a slash may be escaped."""
    return re.sub("</(?=script)", r"<\\/", text, flags=re.IGNORECASE)


def _made(run: Run, app_url: str) -> str:
    command = f"<p>Made by Trainscope. This trains it again:</p><pre>{html.escape(run.command)}</pre>"
    found = command if run.command else "<p>Made by Trainscope, from theory alone.</p>"
    if not app_url:
        return found
    link = f"{app_url.rstrip('/')}/{page_of(run.part)}?{urllib.parse.urlencode(to_query(run.view))}"
    return f'{found}<p><a href="{html.escape(link, quote=True)}">Open it in the app</a> to change its settings.</p>'


def _paragraphs(text: str) -> str:
    """Return the HTML of the little Markdown that parts are introduced in: paragraphs, bold and italic, links."""
    found = html.escape(text)
    found = re.sub(r"\[([^\]]+)\]\((https?://[^)\s]+)\)", r'<a href="\2">\1</a>', found)
    found = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", found)
    found = re.sub(r"(?<!\*)\*([^*\s][^*]*)\*(?!\*)", r"<em>\1</em>", found)
    return "\n".join(f"<p>{part}</p>" for part in found.split("\n\n") if part)
