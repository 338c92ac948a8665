"""The Complexity page in a real browser: networks in training beside what explains them, and the two other parts."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.comparison.tables import INFORMATION, information
from core.explainers.names import ANOTHER_SEED, TITLES
from core.recorded.recorded import encoded
from core.store import Store
from core.studies.complexity.experiment import Complexity
from core.studies.complexity.trajectory import ComplexityTrajectory
from core.studies.complexity.view import ComplexityView as View
from core.studies.own_network.tables import TABLES
from core.tables import to_csv
from core.view import to_query
from tests.browser.visiting import INKED, ROOT, Visit, resize, visits
from tests.core.studies.recordings import opened_of, recorded

pytestmark = pytest.mark.browser

CHARTS = ("explained", "boundary", "shares", "staircase", "accuracies", "four_cells")
NOTICE = "Not on screen yet"
DISC = Complexity(dataset="sinusoidal_disc", n_train=200, width=16, seeds=(0, 1), step_limit=400, learning_rate=0.1)

ROW = """([explainer, along]) => {
  const canvas = document.querySelector('[data-testid=chart-staircase] canvas');
  const view = window.__trainscope.views.staircase;
  const slot = view.data('rows').find((row) => row.explainer === explainer).slot;
  const box = canvas.getBoundingClientRect(), [left, top] = view.origin(), edge = view.padding();
  return [box.left + edge.left + left + along * view.width(),
          box.top + edge.top + top + view.scale('y')(slot + 0.5)];
}"""
ACROSS = """(along) => {
  const view = window.__trainscope.views.explained;
  const box = document.querySelector('[data-testid=chart-explained] canvas').getBoundingClientRect();
  return [box.left + view.padding().left + view.origin()[0] + along * view.width(), box.top + box.height / 2];
}"""

ALL_FITTED = """(names) => {
  const rows = window.__trainscope.views.staircase.data('rows');
  return names.every((name) => rows.some((row) => row.explainer === name));
}"""


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("complexity-cache")


@pytest.fixture(scope="session")
def complexity_app(serve: Callable[..., str], cache: Path) -> str:
    """The app on a server that nobody has visited yet: every visit here begins on this page."""
    return serve("app.py", env={"TRAINSCOPE_CACHE": str(cache), "TRAINSCOPE_DATA": "", "TRAINSCOPE_WORKERS": "2"})


@pytest.fixture
def opened(browser: Any, complexity_app: str) -> Iterator[Callable[..., Visit]]:
    """`opened(charts, query)`: the page with these charts, in a tab of its own."""
    with visits(browser, f"{complexity_app}/complexity", CHARTS) as found:

        def go(charts: tuple[str, ...], query: dict[str, str], viewport: tuple[int, int] = (1500, 1200)) -> Visit:
            found.charts = charts
            return found.open(query, viewport)

        yield go


@pytest.fixture
def visit(opened: Callable[..., Visit]) -> Callable[..., Visit]:
    """`visit(view)`: the networks of a view, trained if they are not yet."""

    def go(view: View, viewport: tuple[int, int] = (1500, 1200)) -> Visit:
        page = opened(CHARTS, to_query(view), viewport)
        page.says_no_more(re.compile(NOTICE))
        page.says_no_more(re.compile("These networks: "))
        page.settled()
        return page

    return go


@pytest.fixture
def still(visit: Callable[..., Visit]) -> Visit:
    """The networks on the disc, at rest half-way."""
    page = visit(View(experiment=DISC, step=100))
    page.until("d.playing === 'false' && d.frame > 0")
    return page


def embeds(page: Visit) -> int:
    return int(page.page.evaluate("window.__trainscope.embeds"))


def test_a_link_to_this_page_works_on_a_fresh_server(opened: Callable[..., Visit]) -> None:
    page = opened(("explained", "shares", "staircase", "accuracies", "four_cells", "examples"), {})
    page.says("SGD learns functions of increasing complexity")
    page.page.get_by_role("link", name="Explorer").wait_for()
    assert not page.page.get_by_text("Page not found").is_visible()
    page.until("d.playing === 'true' && d.frame > 3")


def test_networks_are_trained_and_explained(visit: Callable[..., Visit], cache: Path) -> None:
    page = visit(View(experiment=DISC))
    assert Store(cache).has(DISC)
    page.until("d.playing === 'true' && d.frame > 3")
    assert page.query == to_query(View(experiment=DISC))
    for chart in CHARTS:
        assert page.inked(chart) > INKED, chart


def test_the_player_moves_every_chart_and_rests_where_it_is_told(still: Visit) -> None:
    before = {chart: still.pixels(chart) for chart in CHARTS}
    still.page.locator(ROOT).focus()
    still.page.keyboard.press("End")
    still.until("d.frame === String(d.frames - 1)")
    for chart in CHARTS:
        still.until_other_pixels(chart, before[chart])
    still.until_query("step", f"v === '{DISC.step_limit}'")
    still.reload()
    still.until(f"d.step === '{DISC.step_limit}' && d.playing === 'false'")


def test_another_explainer_changes_rows_and_no_chart(still: Visit) -> None:
    charts, frame = embeds(still), still.data("frame")
    cells = still.page.evaluate("window.__trainscope.views.boundary.data('cells').length")
    for explainer in ("tree", "nearest", "mlp_4"):
        before, edges = still.pixels("explained"), still.pixels("boundary")
        still.page.locator(".st-key-c_explainer").get_by_role("combobox").click()
        option = still.page.get_by_role("option", name=TITLES[explainer], exact=True)
        option.wait_for()
        option.click()
        still.until_other_pixels("explained", before)
        still.until_other_pixels("boundary", edges)
        still.until_query("explainer", f"v === '{explainer}'")
    assert embeds(still) == charts, "the charts stay, their rows change"
    assert still.data("frame") == frame
    assert still.data("playing") == "false"
    assert still.page.evaluate("window.__trainscope.views.boundary.data('cells').length") == cells
    assert not still.page.get_by_text(re.compile("These networks: ")).is_visible()


@pytest.mark.parametrize(("explainer", "along"), [("tree", 0.5), ("nearest", -0.1)])
def test_a_click_on_a_row_of_the_staircase_explains_with_it(still: Visit, explainer: str, along: float) -> None:
    before, chosen = still.pixels("explained"), still.pixels("staircase")
    assert still.query["explainer"] == "linear"
    still.page.locator("[data-testid=chart-staircase] canvas").scroll_into_view_if_needed()
    still.page.mouse.click(*still.page.evaluate(ROW, [explainer, along]))
    still.until_query("explainer", f"v === '{explainer}'")
    still.until_other_pixels("explained", before)
    still.until_other_pixels("staircase", chosen)
    assert still.page.locator(".st-key-c_explainer").get_by_role("combobox").input_value() == TITLES[explainer]
    link = still.query
    still.reload()
    assert still.query == link


def test_scrubbing_over_what_is_explained_moves_the_plane(still: Visit) -> None:
    still.page.locator("[data-testid=chart-explained] canvas").scroll_into_view_if_needed()
    seen = {still.pixels("boundary")}
    for along in (0.2, 0.6, 0.95):
        before = still.pixels("boundary")
        still.page.mouse.move(*still.page.evaluate(ACROSS, along))
        seen.add(still.until_other_pixels("boundary", before))
    assert len(seen) == 4
    assert int(still.data("frame")) > 0.8 * int(still.data("frames"))


def test_the_numbers_can_be_taken_away(still: Visit, cache: Path) -> None:
    found, said = Store(cache).load(DISC)
    assert isinstance(found, ComplexityTrajectory), said
    rows = information(found)
    assert tuple(rows.columns) == INFORMATION
    assert len(rows) == len(DISC.seeds) * len(found.steps) * len([*found.explainers, ANOTHER_SEED])
    assert still.download("information.csv") == to_csv(rows)


def test_other_settings_are_trained_while_the_charts_stay(still: Visit, cache: Path) -> None:
    before, embeds = still.pixels("explained"), still.page.evaluate("window.__trainscope.embeds")
    still.fill("c_width", "12")
    still.until_query("width", "v === '12'")
    still.until_other_pixels("explained", before)
    still.says_no_more(re.compile("These networks: "))
    still.settled().says_no_more(re.compile(NOTICE))
    assert Store(cache).has(replace(DISC, width=12))
    assert still.page.evaluate("window.__trainscope.embeds") == embeds
    assert still.data("playing") == "false"


def moves(page: Visit, chart: str, slider: str, key: str = "ArrowRight") -> None:
    before = page.pixels(chart)
    page.slide(slider, key)
    page.until_other_pixels(chart, before)


def test_what_mu_measures(opened: Callable[..., Visit]) -> None:
    page = opened(("mosaic", "overlap"), {"part": "measure"})
    for slider, name in (("m_accuracy_f", "accuracy_f"), ("m_place", "place")):
        before, area = page.query.get(name), page.pixels("mosaic")
        moves(page, "overlap", slider, "ArrowLeft")
        page.until_other_pixels("mosaic", area)
        page.until_query(name, f"v !== {'null' if before is None else repr(before)}")


def test_overfitting_that_forgets_nothing(opened: Callable[..., Visit]) -> None:
    query = {"part": "theorem", "n": "50", "d_over_n": "3", "ratios": "2,5", "seeds": "0,1", "step_limit": "400"}
    page = opened(("path", "ends", "explained"), query | {"step": "20"})
    page.until("d.playing === 'false' && d.frame > 0")
    page.says_no_more(re.compile(NOTICE))
    moves(page, "path", "t_eta")
    page.says_no_more(re.compile(NOTICE))
    before = {chart: page.pixels(chart) for chart in ("path", "explained")}
    page.page.locator(ROOT).focus()
    page.page.keyboard.press("End")
    for chart, pixels in before.items():
        page.until_other_pixels(chart, pixels)


def test_a_recording_that_is_uploaded_gives_the_charts_and_their_csv(opened: Callable[..., Visit], cache: Path) -> None:
    mine = recorded(images=True)
    page = opened(("explained", "shares", "staircase", "accuracies", "four_cells", "examples"), {"part": "own"})
    page.settled()
    link, expected = page.query, opened_of(mine)
    content = {"name": "run.npz", "mimeType": "application/octet-stream", "buffer": encoded(mine)}
    page.page.locator("input[type=file]").set_input_files(content)
    digest = page.until_query("recording", f"v !== null && v !== '{link['recording']}'")
    page.says("8 recorded steps, 0 to 64, of 120 points of 3 classes.")
    page.page.wait_for_function(ALL_FITTED, arg=list(expected.explainers))  # what is absent is absent before, too
    page.says_no_more("explainers are being fitted")
    assert [path.name for path in (cache / "uploads").iterdir()] == [f"{digest}.npz"]
    for name in ("information", "four_cells", "recording"):
        assert page.download(f"{name}.csv") == to_csv(TABLES[name](expected)), name
    page.page.locator("input[type=file]").set_input_files(content | {"name": "bad.npz", "buffer": b"nothing"})
    page.says(re.compile("bad.npz is refused"))
    assert page.query["recording"] == digest


def test_parts_are_opened_by_hand_and_keep_their_settings(still: Visit) -> None:
    link = still.query
    still.page.get_by_role("radio", name="What μ measures").click()
    still.page.wait_for_selector("[data-testid=chart-mosaic] canvas")
    still.until_query("part", "v === 'measure'")
    still.page.get_by_role("radio", name="Networks in training").click()
    still.drawn()
    still.until_query("part", "v === 'data'")
    assert still.query == link


def test_a_narrow_page_does_not_scroll_sideways(visit: Callable[..., Visit]) -> None:
    page = visit(View(experiment=DISC, step=100), viewport=(390, 900))
    for width in (390, 700):
        resize(page.page, width)
        assert page.page.evaluate("document.documentElement.scrollWidth") <= width
        wide = page.page.evaluate(
            "[...document.querySelectorAll('.stMain')].filter((e) => e.scrollWidth > e.clientWidth + 1).length"
        )
        assert not wide
        for chart in CHARTS:
            box = page.page.locator(f"[data-testid=chart-{chart}] canvas").bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
