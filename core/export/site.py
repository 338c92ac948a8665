"""A site without a server: every shipped preset and every lesson as a page that plays, and an index that finds them."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PIL import Image

from core.atomic import write
from core.datasets import Source
from core.export.page import page, rows, shared
from core.figure.drawing import picture
from core.figure.figure import Table
from core.runs import Run, loaded, trainer, viewed
from core.store import Store
from core.study import page_of, parts, presets
from core.values import ExperimentError

SHARED = "player.js"
"""What all pages load: Vega and the player."""
COLOURS = 64
"""Of a picture on the index."""
LONG = 25_000
"""Characters of a table's rows that are kept in a file of their own."""
WIDTH = 85
"""Millimetres of a picture on the index."""

INDEX = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Trainscope: how neural networks learn</title>
<link rel="icon" href="data:,">
<style>
:root {{ color-scheme: light dark; --ink: #1f1f1f; --paper: #ffffff; --line: #d5d5d5; --accent: #0072b2 }}
@media (prefers-color-scheme: dark) {{
  :root {{ --ink: #f2f2f2; --paper: #14161a; --line: #3c3f45; --accent: #56b4e9 }}
}}
body {{ margin: 0 auto; max-width: 1280px; padding: 24px 20px 40px; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif }}
h1 {{ font-size: 1.6rem; margin: 0 }}
h2 {{ font-size: 1.2rem; margin: 2rem 0 .6rem }}
p {{ margin: .3rem 0; max-width: 75ch }}
a {{ color: var(--accent) }}
input {{ font: inherit; width: min(100%, 26rem); box-sizing: border-box; padding: .45rem .7rem; margin-top: .8rem;
  color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 6px }}
ul {{ list-style: none; margin: 0; padding: 0; display: grid; gap: 18px;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 260px), 1fr)) }}
li {{ border: 1px solid var(--line); border-radius: 8px; padding: 10px }}
li[hidden], section[hidden] {{ display: none }}
li img {{ width: 100%; aspect-ratio: 4 / 3; object-fit: contain; object-position: top; background: #fff;
  border-radius: 4px }}
li p {{ font-size: .9rem }}
</style>
</head>
<body>
<h1>Trainscope</h1>
<p>How neural networks learn: pages that play trainings, each with its measurements and its theory.{app}</p>
<input type="search" aria-label="Search" placeholder="Search: lazy, CIFAR, hinge, 1803.08367 ...">
<main>{sections}</main>
<p id="none" role="status" hidden>Nothing was found.</p>
<script>
const found = (text, words) => words.every((word) => text.includes(word));
document.querySelector("input").addEventListener("input", ({{ target }}) => {{
  const words = target.value.toLowerCase().split(/\\s+/).filter(Boolean);
  for (const item of document.querySelectorAll("li")) item.hidden = !found(item.dataset.text, words);
  for (const one of document.querySelectorAll("section")) one.hidden = !one.querySelector("li:not([hidden])");
  document.getElementById("none").hidden = document.querySelector("li:not([hidden])") !== null;
}});
</script>
</body>
</html>
"""


def build(
    out: Path, *, cache: Path | None = None, app_url: str = "", report: Callable[[str], None] = lambda name: None
) -> list[Path]:
    """Write the site of every preset that ships and of every lesson, with relative links only; return its files.

    Args:
        out: a folder, which is made if it is not there.
        cache: the folder of trained snapshots, where what a lesson shows is trained to if it is nowhere yet.
        app_url: where the app runs that pages link to; nowhere by default.
        report: called with the name of each page before it is made.

    Raises:
        ExperimentError: `out` is no folder.
        DataError: data files are needed that are not there.
    """
    if out.exists() and not out.is_dir():
        raise ExperimentError("out", "a folder", str(out))
    written = [_write(out / SHARED, shared().encode())]
    sections: dict[str, list[str]] = {}

    def beside(table: Table) -> str:
        """Keep long tables in files that pages share: a lesson often shows what a preset does."""
        if len(table.json) < LONG:
            return ""
        path = out / f"rows-{table.version}.js"
        if path not in written:
            written.append(_write(path, rows(table).encode()))
        return path.name

    for stem, sentence, make in _runs(Store.default(cache)):
        report(stem)
        run = make()
        (chart, figure), *_ = run.scene.figures.items()
        drawn = picture(figure, run.scene.frame(run.view.step), run.scene.cards[chart].title, WIDTH)
        written.append(_write(out / f"{stem}.png", _small(drawn.png())))
        text = page(run, tuple(run.scene.figures), app_url=app_url, script=SHARED, beside=beside, back="index.html")
        written.append(_write(out / f"{stem}.html", text.encode()))
        sections.setdefault(run.part.title, []).append(_item(run, stem, sentence))
    content = "\n".join(
        f"<section><h2>{html.escape(title)}</h2><ul>{''.join(items)}</ul></section>"
        for title, items in sections.items()
    )
    app = f' <a href="{html.escape(app_url, quote=True)}">Open the app</a> to change settings.' if app_url else ""
    return [*written, _write(out / "index.html", INDEX.format(sections=content, app=app).encode())]


def _runs(store: Store) -> Iterator[tuple[str, str, Callable[[], Run]]]:
    """Yield of every page the beginning of its files' names, its sentence, and what makes its run."""
    train = trainer(store, Source.named(None, store.uploads))
    for name, preset in presets().items():
        if preset.shipped:
            yield name.replace("/", "-"), preset.sentence, partial(loaded, name, {}, store, train)
    for name, part in parts().items():
        for lesson in part.lessons:
            stem = f"{name}-{re.sub('[^a-z0-9]+', '-', lesson.title.lower()).strip('-')}"
            yield stem, lesson.text, partial(viewed, part, lesson.view, store, train, lesson)


def _small(png: bytes) -> bytes:
    """Return a picture in few colours, an eighth of the bytes."""
    content = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS).save(content, "PNG", optimize=True)
    return content.getvalue()


def _item(run: Run, stem: str, sentence: str) -> str:
    """Return a page on the index; it is found by its words, its part's and its page's, and by its papers."""
    title = run.title.removesuffix(f" · {run.part.title}")
    papers = re.findall(r"\d{4}\.\d{5}|[A-Z]\w+(?= et al| 20\d\d|, )", type(run.experiment).__doc__ or "")
    words = (title, sentence, run.part.title, run.part.introduction, page_of(run.part), stem, *papers)
    text = " ".join(words).lower()
    return (
        f'<li data-text="{html.escape(text, quote=True)}"><a href="{stem}.html"><img src="{stem}.png" alt="" '
        f'loading="lazy"><br>{html.escape(title)}</a><p>{html.escape(sentence)}</p></li>'
    )


def _write(path: Path, content: bytes) -> Path:
    write(path, content)
    return path
