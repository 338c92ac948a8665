"""Figures that travel: sizes of pages and the site, frames a second offline, seconds of `core.load`, a GIF, the site.

`python tests/benchmarks/travel.py [--site]`. Seconds on the clock, and in brackets those of one core, which count on a
machine that does something else, too; `--site` also builds the site of all shipped presets.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))

import core
from core.export.animation import animation
from core.export.page import page
from core.export.site import build
from core.study import presets
from tests.benchmarks.page import COUNT_FRAMES
from tests.browser.chromium import FLAGS

ROOT = Path(__file__).parents[2]
EXPLORER = "explorer/digits"
LOADS = f"""
import resource, sys, time
clock, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
import core
core.load({EXPLORER!r})
after = resource.getrusage(resource.RUSAGE_SELF)
cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
print(f"{{time.perf_counter() - clock:.1f}} s ({{cpu:.1f}}), torch imported: {{'torch' in sys.modules}}")
"""


@contextmanager
def timed(what: str) -> Iterator[list[str]]:
    """Print what something took, and what it says of itself."""
    said: list[str] = []
    clock, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    yield said
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{what}: {time.perf_counter() - clock:.1f} s ({cpu:.1f}){''.join(f', {one}' for one in said)}", flush=True)


def loads() -> None:
    """Time `core.load` of a shipped preset, imports included, each in a process of its own."""
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", LOADS], cwd=ROOT, capture_output=True, text=True, check=True)
        print(f"import core; core.load({EXPLORER!r}): {done.stdout.strip()}", flush=True)


def moves(frames: int = 150) -> None:
    """Time a GIF of all charts of the Explorer."""
    run = core.load(EXPLORER)
    figures = {run.scene.cards[name].title: figure for name, figure in run.scene.figures.items()}
    shown = [number % len(run.scene.steps) for number in range(frames)]
    with timed(f"{frames} frames of the Explorer as GIF") as said:
        content = animation(figures, shown, Path("explorer.gif"))
        said.append(f"{len(content) / 1e6:.1f} MB")


def plays(folder: Path) -> None:
    """Measure the page of the Explorer and the largest of all pages, offline."""
    sizes: dict[str, int] = {}
    for name, preset in presets().items():
        if preset.shipped:
            run = core.load(name)
            text = page(run, tuple(run.scene.figures))
            sizes[name] = len(text.encode())
            (folder / f"{name.replace('/', '-')}.html").write_text(text)
    with sync_playwright() as playwright:
        executable = os.environ.get("TRAINSCOPE_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        for name in (EXPLORER, max(sizes, key=sizes.__getitem__)):
            context = browser.new_context(viewport={"width": 1400, "height": 1000}, offline=True)
            tab = context.new_page()
            tab.goto((folder / f"{name.replace('/', '-')}.html").as_uri())
            tab.wait_for_selector("[data-testid^=chart-] canvas")
            tab.wait_for_timeout(2000)
            rates = [tab.evaluate(COUNT_FRAMES, 2) for _ in range(4)]
            print(f"{name}: a page of {sizes[name] / 1e6:.2f} MB, {min(rates):.0f} to {max(rates):.0f} frames a second")
            context.close()
        browser.close()


def stands(folder: Path) -> None:
    """Time the site of all shipped presets."""
    with timed("the site") as said:
        written = build(folder / "site")
        said.append(f"{sum(path.stat().st_size for path in written) / 1e6:.1f} MB in {len(written)} files")


def main() -> None:
    """Measure and print."""
    loads()
    with tempfile.TemporaryDirectory() as name:
        moves()
        plays(Path(name))
        if "--site" in sys.argv[1:]:
            stands(Path(name))


if __name__ == "__main__":
    main()
