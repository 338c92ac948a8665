"""The pages in headless Chromium: frames a second, click to new run, drag to new training, first charts, bytes.

`python tests/benchmarks/page.py`. Software rendering on a machine that also serves; nothing here gates anything.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.browser.chromium import FLAGS
from tests.browser.conftest import free_port
from tests.browser.points import drag

ROOT = Path(__file__).parents[2]
CHARTS = "document.querySelectorAll('[data-testid=player] canvas').length >= {}"
TRAILS = "JSON.stringify(window.__trainscope.views.trails?.data('trails').slice(0, 3).map((row) => row.v ?? row))"
COUNT_FRAMES = """seconds => new Promise(done => {
  const before = window.__trainscope.frames, start = performance.now();
  setTimeout(() => done((window.__trainscope.frames - before) * 1000 / (performance.now() - start)), seconds * 1000);
})"""


def serve(port: int, cache: str) -> subprocess.Popen[bytes]:
    """Start the app and wait until it answers."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = os.environ | {"TRAINSCOPE_CACHE": cache, "STREAMLIT_SERVER_HEADLESS": "true"}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://localhost:{port}/_stcore/health")
        except OSError:
            time.sleep(0.1)
        else:
            return server
    raise RuntimeError("the app did not start")


def first_charts(page: Page, url: str, count: int = 3) -> float:
    """Return the seconds from opening the page to so many drawn charts."""
    start = time.perf_counter()
    page.goto(url)
    page.wait_for_function(CHARTS.format(count))
    return time.perf_counter() - start


def click_to_new_run(page: Page, across: float, down: float) -> float:
    """Click a cell; return the seconds until other tables are in the charts."""
    box = page.locator("[data-testid=chart-plane] canvas").bounding_box()
    assert box is not None
    before = page.evaluate("window.__trainscope.swaps")
    start = time.perf_counter()
    page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
    page.wait_for_function(f"window.__trainscope.swaps > {before}", polling=10, timeout=8000)
    return time.perf_counter() - start


def drag_to_new_training(page: Page, start: tuple[float, float], end: tuple[float, float]) -> float:
    """Drag a point; return the seconds from its release until the new training's kinks are in the charts."""
    before = page.evaluate(TRAILS)
    drag(page, start, end)
    released = time.perf_counter()
    page.wait_for_function(f"before => {TRAILS} !== before", arg=before, polling=10, timeout=20_000)
    return time.perf_counter() - released


def kinks_page(page: Page, url: str) -> None:
    """Measure and print the Kinks page."""
    print(f"kinks, five charts: {first_charts(page, f'{url}/kinks', 5):.1f} s")
    page.wait_for_timeout(8000)  # the child that trains has started meanwhile
    for button in ("start", "play"):  # one pass takes 12 s, and rests at its end
        page.locator(f"[data-act={button}]").click()
    rates = [page.evaluate(COUNT_FRAMES, 3) for _ in range(3)]
    print(f"kinks, frames a second while 512 units play: {min(rates):.0f} to {max(rates):.0f}")
    took, here = [], (0.0, -0.3)
    for there in ((0.1, -0.2), (0.05, -0.1), (0.15, 0.0), (0.1, -0.15), (-0.1, -0.25), (0.0, -0.05)):
        took.append(drag_to_new_training(page, here, there))
        here = there
        page.wait_for_timeout(1500)
    median, worst = statistics.median(took) * 1e3, max(took) * 1e3
    print(f"kinks, release to new training: median {median:.0f} ms, worst {worst:.0f} ms")


def complexity_page(page: Page, url: str) -> None:
    """Measure and print the Complexity page."""
    print(f"complexity, six charts: {first_charts(page, f'{url}/complexity', 6):.1f} s")
    page.wait_for_timeout(3000)
    for button in ("start", "play"):
        page.locator(f"[data-act={button}]").click()
    rates = [page.evaluate(COUNT_FRAMES, 3) for _ in range(3)]
    print(f"complexity, frames a second while six charts play: {min(rates):.0f} to {max(rates):.0f}")
    took = []
    canvas = page.locator("[data-testid=chart-staircase] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    for row in (0.25, 0.4, 0.55, 0.2, 0.3):
        before = page.evaluate("window.__trainscope.swaps")
        start = time.perf_counter()
        page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + row * box["height"])
        page.wait_for_function(f"window.__trainscope.swaps > {before}", polling=10, timeout=8000)
        took.append(time.perf_counter() - start)
        page.wait_for_timeout(1500)
    median, worst = statistics.median(took) * 1e3, max(took) * 1e3
    print(f"complexity, click to another explainer: median {median:.0f} ms, worst {worst:.0f} ms")


def main() -> None:
    """Measure and print."""
    port = free_port()
    with tempfile.TemporaryDirectory() as cache, sync_playwright() as playwright:
        server = serve(port, cache)
        try:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("TRAINSCOPE_CHROMIUM", "/usr/bin/chromium"), args=FLAGS
            )
            url = f"http://localhost:{port}"
            first = browser.new_page(viewport={"width": 1400, "height": 1000})
            cold = first_charts(first, f"{url}/explorer")
            first.close()  # it would go on playing, on the processor that is measured
            opened = []
            for _ in range(3):
                context = browser.new_context(viewport={"width": 1400, "height": 1000})
                page = context.new_page()
                received: list[int] = []
                page.on("websocket", lambda s, r=received: s.on("framereceived", lambda data: r.append(len(data))))
                opened.append(first_charts(page, f"{url}/explorer"))
                if len(opened) < 3:
                    context.close()
            page.wait_for_timeout(3000)
            sent = sum(received)
            rates = [page.evaluate(COUNT_FRAMES, 3) for _ in range(3)]
            clicks = []
            for place in (0.3, 0.4, 0.5, 0.6, 0.7):
                clicks.append(click_to_new_run(page, place, 0.35))
                page.wait_for_timeout(1200)
            print(f"first three charts: cold server {cold:.1f} s, warm {min(opened):.1f} to {max(opened):.1f} s")
            print(f"frames a second while playing: {min(rates):.0f} to {max(rates):.0f}")
            print(
                f"click to new run: median {statistics.median(clicks) * 1e3:.0f} ms, worst {max(clicks) * 1e3:.0f} ms"
            )
            embeds = page.evaluate("window.__trainscope.embeds")
            print(f"received on opening: {sent / 1e6:.2f} MB (of it 0.9 MB Vega); charts embedded {embeds} times")
            context.close()
            for measure in (kinks_page, complexity_page):
                opened_page = browser.new_page(viewport={"width": 1400, "height": 1000})
                measure(opened_page, url)
                opened_page.close()
            browser.close()
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
