"""Take a picture of the door, of every part of every page, and of About at several widths, light and dark.

    python tests/browser/gallery.py --out DIR [--only kinks] [--width 1400] [--theme light]

Starts the app on the shipped snapshots, in a cache of its own; names are `PART-WIDTH-THEME.png`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from core.study import page_of, parts
from core.view import to_query
from tests.benchmarks.page import serve
from tests.browser.chromium import FLAGS
from tests.browser.conftest import find_chromium, free_port

WIDTHS, THEMES = (1400, 820, 390), ("light", "dark")
SETTLED_MS = 1500


def views() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield the name of every part, the path of its page, and its first link."""
    yield "door", "", {}
    for name, part in parts().items():
        yield name, page_of(part), to_query(part.view())
    yield "about", "about", {}


def picture(browser: Any, url: str, path: Path, width: int, theme: str) -> list[str]:
    """Take one picture, of the whole page; return what the console said was wrong."""
    context = browser.new_context(viewport={"width": width, "height": 1000}, color_scheme=theme)
    page, said = context.new_page(), []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda line: said.append(line.text) if line.type in ("error", "warning") else None)
    page.goto(url)
    page.wait_for_selector("[data-testid^=chart-] canvas, [data-testid=stMain] table", timeout=60_000)
    page.wait_for_timeout(SETTLED_MS)
    page.evaluate("document.querySelector('[data-testid=stMain]')?.scrollTo(0, 0)")
    tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width, "height": min(int(tall) + 60, 6000)})
    page.wait_for_timeout(600)
    page.screenshot(path=path)
    context.close()
    return said


@contextmanager
def served(cache: str) -> Iterator[str]:
    """Serve the app and yield its address."""
    port = free_port()
    server = serve(port, cache)
    try:
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="", help="parts whose name has this in it")
    parser.add_argument("--width", type=int, action="append", help=f"by default {WIDTHS}")
    parser.add_argument("--theme", choices=THEMES, action="append", help="by default both")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    from playwright.sync_api import Error, sync_playwright

    with tempfile.TemporaryDirectory() as cache, sync_playwright() as playwright, served(cache) as url:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        for name, page, query in views():
            if options.only not in name:
                continue
            link = f"{url}/{page}?{urllib.parse.urlencode(query)}"
            for width in options.width or WIDTHS:
                for theme in options.theme or THEMES:
                    path = options.out / f"{name}-{width}-{theme}.png"
                    try:
                        said = picture(browser, link, path, width, theme)
                    except Error as error:  # the others are taken all the same
                        said = [str(error)]
                    for line in said:
                        print(f"{path.name}: {line[:160]}", file=sys.stderr)
                    print(path)


if __name__ == "__main__":
    main()
