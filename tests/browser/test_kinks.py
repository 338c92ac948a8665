"""The Kinks page in a real browser: a point is dragged and other kinks come, and everything else a visitor does."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from core.studies.kinks.experiment import Kinks
from core.studies.kinks.view import KinksView
from core.values import parse_numbers
from core.view import to_query
from tests.browser.points import drag, place
from tests.browser.visiting import ROOT, Visit, resize, visits

pytestmark = pytest.mark.browser

CHARTS = ("network", "trails", "directions", "growth", "loss")
ZIGZAG = Kinks()


@pytest.fixture(scope="session")
def kinks_app(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The app on a server that nobody has visited yet: every visit here begins on this page."""
    return serve("app.py", env={"TRAINSCOPE_CACHE": str(tmp_path_factory.mktemp("kinks-cache"))})


@pytest.fixture
def visit(browser: Any, kinks_app: str) -> Iterator[Callable[..., Visit]]:
    with visits(browser, f"{kinks_app}/kinks", CHARTS) as opened:

        def go(view: KinksView | None = None, viewport: tuple[int, int] = (1500, 1200), **words: str) -> Visit:
            return opened.open((to_query(view) if view else {}) | words, viewport)

        yield go


def numbers(page: Visit, name: str) -> list[float]:
    return list(parse_numbers(name, page.query[name]))


def test_a_link_to_this_page_works_on_a_fresh_server(visit: Callable[..., Visit]) -> None:
    page = visit()
    page.says("Gradient descent quantizes ReLU features")
    page.page.get_by_role("link", name="Explorer").wait_for()
    assert not page.page.get_by_text("Page not found").is_visible()
    page.until("d.playing === 'true' && d.frame > 3")


def test_dragging_a_point_brings_other_kinks(visit: Callable[..., Visit]) -> None:
    page = visit(KinksView(step=20_000))
    page.until("d.playing === 'false' && d.frame > 0")
    before = page.pixels("trails")
    drag(page.page, (0.0, -0.3), (0.2, -0.3))
    page.until_query("x", "v.split(',').some((x) => Math.abs(x - 0.2) < 0.01)")
    assert numbers(page, "y") == pytest.approx(ZIGZAG.y, abs=0.02)
    page.until_other_pixels("trails", before)
    page.page.wait_for_function("!document.querySelector('.st-key-training [data-testid=stProgress]')")
    kinks = pd.read_csv(io.BytesIO(page.download("kinks.csv")))
    last = kinks[kinks["step"] == kinks["step"].max()]
    weights = last["slope_jump"].abs()
    near = (last["position"] - numbers(page, "x")[2]).abs() < 0.03
    assert weights[near].sum() > 0.2 * weights[last["position"].between(-1, 1)].sum(), "kinks follow the point"


WATCH = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  window.tops = new Set();
  window.said = new Set();
  setInterval(() => {
    const player = document.querySelector('[data-testid=player]');
    if (player) window.tops.add(Math.round(player.getBoundingClientRect().top + main.scrollTop));
    const verdict = document.querySelector('.st-key-verdict');
    if (verdict) window.said.add(verdict.textContent);
  }, 20);
}"""


def test_charts_stay_in_place_while_trainings_come_and_go(visit: Callable[..., Visit]) -> None:
    """A point that is held for long, while what it asks for is trained and drawn, lands where it is dropped."""
    page = visit(KinksView(experiment=Kinks(width=4096), step=0))
    page.says(re.compile("Interpolates after"))
    page.settled()
    page.page.evaluate(WATCH)
    (x0, y0), (x1, y1) = place(page.page, 0.0, -0.3), place(page.page, 0.3, 0.25)
    page.page.mouse.move(x0, y0)
    page.page.mouse.down()
    for part in (*range(1, 21), *[19, 20] * 100):
        page.page.mouse.move(x0 + part / 20 * (x1 - x0), y0 + part / 20 * (y1 - y0))
        page.page.wait_for_timeout(250)
        if part == 20 and page.page.evaluate("window.said.size > 2"):  # what was asked for was trained and drawn
            break
    page.page.mouse.up()
    page.until_query("x", "v.split(',').some((x) => Math.abs(x - 0.3) < 0.01)")
    assert page.page.evaluate("window.said.size > 2")
    page.settled()
    page.page.wait_for_function("!document.querySelector('.st-key-training [data-testid=stProgress]')")
    assert numbers(page, "y")[2] == pytest.approx(0.25, abs=0.02)
    assert len(page.page.evaluate("[...window.tops]")) == 1, "nothing above the charts changed its height"
    page.page.get_by_text("Points as text").click()
    assert page.page.locator("textarea").input_value().splitlines()[2].startswith("0.3")


def test_double_click_adds_a_point_and_removes_it(visit: Callable[..., Visit]) -> None:
    page = visit()
    page.page.mouse.dblclick(*place(page.page, 0.8, 0.5))
    page.until_query("x", "v.split(',').length === 6")
    page.until_query("x", "v.split(',').some((x) => Math.abs(x - 0.8) < 0.01)")
    page.settled()
    page.page.mouse.dblclick(*place(page.page, *(numbers(page, name)[4] for name in ("x", "y"))))
    page.until_query("x", "v.split(',').length === 5")


def test_the_player_moves_every_chart_and_rests_where_it_is_told(visit: Callable[..., Visit]) -> None:
    page = visit(KinksView(step=300))
    page.until("d.playing === 'false' && d.frame > 0")
    before = {chart: page.pixels(chart) for chart in CHARTS}
    page.page.locator(ROOT).focus()
    page.page.keyboard.press("End")
    page.until("d.frame === String(d.frames - 1)")
    for chart in CHARTS:
        page.until_other_pixels(chart, before[chart])
    page.until_query("step", "Number(v) > 300")


def test_a_lesson_shows_the_other_regime_and_seeds(visit: Callable[..., Visit]) -> None:
    page = visit(KinksView(experiment=Kinks(width=64, sigma=0.1, step_limit=500)))
    page.says("distinct kinks")
    page.page.locator(".st-key-k_twin label").first.click()
    page.page.wait_for_selector("[data-testid=chart-twin] canvas")
    page.page.locator(".st-key-k_strip label").first.click()
    page.page.wait_for_selector("[data-testid=chart-seeds] canvas")
    page.says(re.compile("64 initializations with these settings"))


def test_settings_are_kept_while_another_page_is_looked_at(visit: Callable[..., Visit]) -> None:
    page = visit(KinksView(experiment=Kinks(width=64, sigma=0.1)))
    for until in ("[data-testid=stApp]", "[data-testid=chart-plane] canvas"):  # first one left before it is drawn
        page.page.get_by_role("link", name="Explorer").click()
        page.page.wait_for_url("**/explorer*")
        page.page.wait_for_selector(until)
        page.page.get_by_role("link", name="Kinks", exact=True).click()
        page.drawn()
        page.until_query("width", "v === '64'")
        assert page.query["sigma"] == "0.1"


def test_nothing_is_wider_than_a_narrow_window(visit: Callable[..., Visit]) -> None:
    page = visit(viewport=(420, 900))
    for width in (420, 800):
        resize(page.page, width)
        assert page.page.evaluate("document.documentElement.scrollWidth") <= width
        for chart in CHARTS:
            box = page.page.locator(f"[data-testid=chart-{chart}] canvas").bounding_box()
            assert box["x"] + box["width"] <= width + 1


def test_pictures_can_be_taken_in_the_dark(browser: Any, kinks_app: str, tmp_path: Path) -> None:
    with visits(browser, f"{kinks_app}/kinks", CHARTS) as opened:
        page = opened.open({}, color_scheme="dark")
        with page.page.expect_download() as coming:
            page.page.locator("[data-testid=chart-network] [data-format=svg]").click()
        text = Path(coming.value.path()).read_text()
        assert "<svg" in text
        assert "NaN" not in text


def test_more_inputs_play_their_lines(browser: Any, kinks_app: str) -> None:
    with visits(browser, f"{kinks_app}/kinks", ("lines", "alignment")) as opened:
        page = opened.open({"part": "inputs", "step": "0"})
        page.until("d.playing === 'false'")
        before = {chart: page.pixels(chart) for chart in page.charts}
        page.page.locator(ROOT).focus()
        page.page.keyboard.press("End")
        for chart in page.charts:
            page.until_other_pixels(chart, before[chart])
        page.press("Digits: directions against data")
        page.page.wait_for_selector("[data-testid=chart-counting] canvas")
        page.says(re.compile("as a power of P"))
