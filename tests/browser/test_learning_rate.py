"""The Learning rate page in Chromium: its charts play, and a click marks another learning rate."""

import io
import re
from typing import Any

import pandas as pd
import pytest

from core.studies.catapult.view import CatapultView
from core.studies.edge.view import EdgeView
from core.studies.rate_plane.view import RatePlaneView
from core.studies.stabilization.view import StabilizationView
from core.values import parse_number
from core.view import to_query
from tests.browser.visiting import ROOT, visits

pytestmark = pytest.mark.browser

CATAPULT, EDGE = ("plane", "steps", "ends", "peaks"), ("path", "levels")
PLANE = ("plane", "run", "law")


@pytest.fixture
def address(app: str) -> str:
    return f"{app}/learning_rate"


def test_the_catapult_plays_and_a_click_marks_another_c(browser: Any, address: str) -> None:
    with visits(browser, address, CATAPULT) as found:
        page = found.open({})
        page.says("When the learning rate is too large")
        page.until("d.playing === 'true' && d.frame > 3")
        early = page.pixels("plane")
        page.until("d.frame > 12")
        page.until_other_pixels("plane", early)
        page.open(to_query(CatapultView(step=10)))
        before = page.pixels("plane")
        page.click_at("ends", 0.94, 0.4)
        assert float(page.until_query("c", "Number(v) > 10")) in CatapultView().experiment.rates
        page.says("the toy diverges")
        page.until_other_pixels("plane", before)


def test_the_edge_plays_and_a_click_marks_another_rate(browser: Any, address: str) -> None:
    with visits(browser, address, EDGE) as found:
        page = found.open(to_query(EdgeView(step=20)))
        before = page.pixels("path")
        page.click_at("levels", 0.19, 0.2)
        assert page.until_query("rate", "v === '0.05'")
        page.says("stays below 2")
        page.until_other_pixels("path", before)


def test_noise_holds_the_network_and_a_click_marks_another_amount(browser: Any, address: str) -> None:
    with visits(browser, address, ("path", "overshoot")) as found:
        page = found.open(to_query(StabilizationView(step=20)))
        before = page.pixels("path")
        page.click_at("overshoot", 0.9, 0.5)
        noise = parse_number("noise", page.until_query("noise", f"Number(v) !== {StabilizationView().noise}"))
        assert noise in StabilizationView().experiment.noises
        page.until_other_pixels("path", before)


def test_a_click_on_the_plane_plays_that_run(browser: Any, address: str) -> None:
    with visits(browser, address, PLANE) as found:
        page = found.open(to_query(RatePlaneView(step=100)))
        page.says("It reaches the edge of stability")
        before = page.pixels("run")
        page.click_at("plane", 0.3, 0.3)
        alpha = parse_number("alpha", page.until_query("alpha", "v !== '1'"))
        assert alpha in RatePlaneView().experiment.alphas
        assert alpha < 1
        page.says("training diverged by step")
        page.until_other_pixels("run", before)


def test_a_pinned_run_plays_beside_on_the_same_clock_and_survives_a_reload(browser: Any, address: str) -> None:
    with visits(browser, address, EDGE) as found:
        page = found.open(to_query(EdgeView(step=400)))
        page.press("Pin this run")
        page.says("Pinned run A")
        page.press("Digits")
        page.says(re.compile("differs in: task Chebyshev polynomial"))
        page.page.wait_for_selector("[data-testid=chart-path-A] canvas")
        early = page.pixels("path-A")
        page.page.locator(ROOT).focus()
        page.page.keyboard.press("End")
        assert page.until_query("step", "v === '8000'"), "the clock is that of the longer run"
        late = page.until_other_pixels("path-A", early)
        page.reload()
        page.says(re.compile("differs in: task Chebyshev polynomial"))
        page.page.wait_for_selector("[data-testid=chart-path-A] canvas")
        assert page.until_other_pixels("path-A", early) == late
        rows = pd.read_csv(io.BytesIO(page.download("compared_edge_ends.csv")), keep_default_na=False)
        assert set(rows["pinned"]) == {"", "A"}
        page.press("Unpin A")
        page.page.locator("[data-testid=chart-path-A]").wait_for(state="detached")
