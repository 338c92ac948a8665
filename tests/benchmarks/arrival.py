"""How long a visitor waits for charts, beside a bare Streamlit page: `python -m tests.benchmarks.arrival [--times 5]`.

Starts the app as a host does and a page that draws one chart with Altair, each in a process of its own; opens both in
headless Chromium, in turns and each time as a new visitor with nothing in the browser's cache; and prints the seconds
of the first visitor after a start, and the median of later ones: to the bare page's chart, the door's first moving
picture and its playing chart, and three charts of the Explorer.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks.visitors import host
from tests.browser.chromium import FLAGS
from tests.browser.conftest import free_port

BARE = """import altair as alt
import pandas as pd
import streamlit as st

rows = pd.DataFrame({"x": range(200), "y": [x * x for x in range(200)]})
st.title("A chart")
st.altair_chart(alt.Chart(rows).mark_line().encode(x="x", y="y"))
"""
CHARTS = "document.querySelectorAll('[data-testid=player] canvas').length >= {}"
WAITED = {
    "the Explorer's three charts": ("explorer", CHARTS.format(3)),
    "the door's moving picture": ("", "document.querySelector('.vignette .moving')?.naturalWidth > 0"),
    "the door's chart": ("", CHARTS.format(1)),
}
"""Of the app: which page, and when it has drawn what. The first is what its first visitor comes for."""
BARELY = "document.querySelector('[data-testid=stVegaLiteChart] :is(canvas, svg)') !== null"


@contextlib.contextmanager
def bare(folder: Path) -> Iterator[str]:
    """Serve a page with one chart; yield its address."""
    script, port = folder / "bare.py", free_port()
    script.write_text(BARE)
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless", "true"]
    command += ["--server.port", str(port), "--browser.gatherUsageStats", "false"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            with contextlib.suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(f"{url}/_stcore/health", timeout=5).close()
                break
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


def seconds(browser: Browser, url: str, drawn: str) -> float:
    """Return the seconds from opening a page as a new visitor until it has drawn."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    began = time.perf_counter()
    page.goto(url)
    page.wait_for_function(drawn, polling=10, timeout=120_000)
    took = time.perf_counter() - began
    context.close()
    return took


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5, help="later visitors")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        seconds(browser, "data:text/html,", "true")
        with host(Path(folder)) as own, bare(Path(folder)) as other:
            barely, took = list[float](), {what: list[float]() for what in WAITED}
            for _ in range(options.times + 1):
                barely.append(seconds(browser, other, BARELY))
                for what, (page, drawn) in WAITED.items():
                    took[what].append(seconds(browser, f"http://127.0.0.1:{own.port}/{page}", drawn))
    usual = median(barely[1:])
    print(f"a bare page's one chart: first {barely[0]:.2f} s, later {usual:.2f} s")
    for what, (first, *later) in took.items():
        after = median(later)
        print(f"{what}: first {first:.2f} s, {first / after:.2f} of later; later {after:.2f} s, ", end="")
        print(f"{after / usual:.2f} of a bare page's")


if __name__ == "__main__":
    main()
