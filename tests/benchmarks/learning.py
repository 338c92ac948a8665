"""Milliseconds of the Learning dynamics page: theory, which a slider waits for, and a slider in headless Chromium.

`taskset -c 1 python tests/benchmarks/learning.py`: medians of theory's. With `--sliders`, on all CPUs, the time
from a slider's key to other pixels in a chart that stands still, software rendering. Nothing here gates anything.
"""

from __future__ import annotations

import os
import socket
import statistics
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np

from core.studies.modes import tables as modes
from core.studies.modes.experiment import Modes
from core.studies.modes.scene import scene
from core.studies.modes.theory import neurons, start
from core.studies.modes.view import ModesView
from core.theory.modes import curve, inflection
from tests.benchmarks.page import first_charts, serve
from tests.browser.chromium import FLAGS

SLIDERS = (
    ("modes", 3, "lm_p", "curves"),
    ("basin", 4, "lb_sigma_z", "success"),
    ("starvation", 3, "ls_strong_norm", "private"),
    ("depth", 5, "ld_norm", "cross_entropy"),
)
"""Parts, their number of charts, a slider that all curves of theory depend on, and a chart of these."""
TIMED = """chart => {
  const canvas = () => document.querySelector(`[data-testid=chart-${chart}] canvas`);
  const old = canvas().toDataURL();
  window.__took = null;
  addEventListener('keydown', () => {
    const pressed = performance.now();
    const swaps = window.__trainscope.swaps;
    const look = () => {
      if (window.__trainscope.swaps !== swaps && canvas().toDataURL() !== old) {
        window.__took = performance.now() - pressed;
      } else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, { once: true, capture: true });
}"""
"""Take the time from the next key to the first frame in which a chart has other pixels."""
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"


def milliseconds(run: Callable[[], object], rounds: int = 200) -> float:
    """Return the median time of a call."""
    took = []
    for _ in range(rounds):
        before = time.perf_counter()
        run()
        took.append(1000 * (time.perf_counter() - before))
    return statistics.median(took)


def modes_part() -> None:
    """Print what a redraw of the modes is made of."""
    experiment = Modes()
    mode, rate, times = neurons(experiment)[0], experiment.rates[0], np.linspace(0, 60, 200)
    one = curve(mode, rate, "cross_entropy", 60)
    view = ModesView()
    for name, run, rounds in (
        ("a curve, its 2,001 nodes", lambda: curve(mode, rate, "cross_entropy", 60), 200),
        ("its logit at 200 times", lambda: one.logit(times), 200),
        ("where its error falls fastest", lambda: inflection(one, "cross_entropy"), 200),
        ("the first weights of 50 neurons", lambda: start(experiment), 50),
        ("all of theory's rows of both modes and losses", lambda: modes.theory(experiment), 50),
        ("the three charts, theory alone", lambda: scene(view, [None]), 20),
    ):
        print(f"modes: {name:48} {milliseconds(run, rounds):8.2f} ms")


def key_to_pixels(page: Page, slider: str, chart: str, key: str) -> float:
    """Move a slider by a place; return the milliseconds until its chart has other pixels."""
    page.wait_for_selector(IDLE, timeout=120_000)
    page.locator(f".st-key-{slider} input").focus()
    page.evaluate(TIMED, chart)
    page.keyboard.press(key)
    page.wait_for_function("window.__took !== null", timeout=60_000)
    return float(page.evaluate("window.__took"))


def sliders() -> None:
    """Print how long a slider takes to places that the server has not seen, and back."""
    with socket.socket() as probe:
        probe.bind(("", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as cache, sync_playwright() as playwright:
        server = serve(port, cache)
        try:
            chromium = os.environ.get("TRAINSCOPE_CHROMIUM", "/usr/bin/chromium")
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            for part, charts, slider, chart in SLIDERS:
                page = browser.new_page(viewport={"width": 1400, "height": 1000})
                query = urllib.parse.urlencode({"v": 1, "part": part, "step": 0})  # it rests
                first_charts(page, f"http://localhost:{port}/learning_dynamics?{query}", charts)
                took = [key_to_pixels(page, slider, chart, key) for key in 2 * ["ArrowRight"] + 4 * ["ArrowLeft"]]
                fresh, again = took[:2] + took[4:], took[2:4]  # on the way back places that were there before
                median, worst = statistics.median(fresh), max(fresh)
                print(
                    f"{part}: key of {slider} to other pixels: median {median:.0f} ms, worst {worst:.0f} ms; "
                    f"where it was before {statistics.median(again):.0f} ms"
                )
                page.close()
            browser.close()
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    if sys.argv[1:] == ["--sliders"]:
        sliders()
    else:
        modes_part()
