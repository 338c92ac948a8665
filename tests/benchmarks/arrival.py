"""How long a visitor waits for charts, beside a bare Streamlit page: `python -m tests.benchmarks.arrival [--times 5]`.

Starts the app as a host does and a page that draws one chart with Altair, each in a process of its own; opens both in
headless Chromium, in turns and each time as a new visitor with nothing in the browser's cache; and prints the seconds
of the first visitor after a start, and the median of later ones, to three charts of the app and to one of the other.
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
OURS = "document.querySelectorAll('[data-testid=player] canvas').length >= 3"
THEIRS = "document.querySelectorAll('[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg').length"


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
    page.wait_for_function(drawn, timeout=120_000)
    took = time.perf_counter() - began
    context.close()
    return took


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5, help="later visitors")
    parser.add_argument("--page", default="explorer", help="address and query of the page, without the host")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        seconds(browser, "data:text/html,", "true")
        with host(Path(folder)) as own, bare(Path(folder)) as other:
            app = f"http://127.0.0.1:{own.port}/{options.page}"
            theirs, ours = [seconds(browser, other, THEIRS)], [seconds(browser, app, OURS)]
            for _ in range(options.times):
                theirs.append(seconds(browser, other, THEIRS))
                ours.append(seconds(browser, app, OURS))
        later, bare_later = median(ours[1:]), median(theirs[1:])
        print(f"bare page, one chart: first {theirs[0]:.2f} s, later {bare_later:.2f} s")
        print(f"app, three charts: first {ours[0]:.2f} s, later {later:.2f} s")
        print(f"first over later {ours[0] / later:.2f}; later over a bare page {later / bare_later:.2f}")


if __name__ == "__main__":
    main()
