"""The Phase plane page in a real browser, on the snapshots that ship: the perceptron, exact, and networks."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.store import Store
from core.studies.perceptron import tables as perceptron
from core.studies.perceptron.presets import PRESETS as PERCEPTRON
from core.studies.perceptron.view import FIRST, PerceptronView
from core.studies.phase_plane import tables as phase_plane
from core.studies.phase_plane.presets import PRESETS as PHASE_PLANE
from core.studies.phase_plane.view import PhasePlaneView
from core.tables import to_csv
from core.trajectory import Trajectory
from core.view import from_query, to_query
from tests.browser.visiting import INKED, ROOT, Visit, visits

pytestmark = pytest.mark.browser

PERCEPTRON_CHARTS = ("batches", "boundary", "path")
NETWORK_CHARTS = ("plane", "sections", "errors", "changes", "collapse")
THEME = ("ink", "paper", "muted")
OTHERS = [
    name
    for name in ("phase_plane/scaling", "phase_plane/mnist", "phase_plane/cifar10_cnn")
    if PHASE_PLANE[name].shipped
]
"""Other shipped networks than the first look's, of each kind of page."""

CELL = """([chart, across, up]) => {
  const canvas = document.querySelector(`[data-testid=chart-${chart}] canvas`);
  const view = window.__trainscope.views[chart], edge = view.padding(), [left, top] = view.origin();
  const box = canvas.getBoundingClientRect();
  return [box.left + edge.left + left + across * view.width(), box.top + edge.top + top + (1 - up) * view.height()];
}"""
"""A place in the plane of a chart, by shares of its axes."""


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("phase-plane-cache")


@pytest.fixture(scope="session")
def phase_app(serve: Callable[..., str], cache: Path) -> str:
    """The app with an empty cache beside the shipped one: nothing here is trained."""
    env = {"TRAINSCOPE_CACHE": str(cache), "TRAINSCOPE_DATA": "", "TRAINSCOPE_WORKERS": "2", "TRAINSCOPE_WARM": "0"}
    return serve("app.py", env=env)


@pytest.fixture
def opened(browser: Any, phase_app: str) -> Iterator[Callable[..., Visit]]:
    """`opened(charts, query)`: the page with these charts, in a tab of its own."""
    with visits(browser, f"{phase_app}/phase_plane", PERCEPTRON_CHARTS) as found:

        def go(
            charts: tuple[str, ...], query: dict[str, str], viewport: tuple[int, int] = (1500, 1200), **options: Any
        ) -> Visit:
            found.charts = charts
            page = found.open(query, viewport, **options)
            page.settled()
            return page

        yield go


@pytest.fixture
def perceptrons(opened: Callable[..., Visit]) -> Visit:
    """The perceptron's plane, at rest at an early step of the run that is watched."""
    page = opened(PERCEPTRON_CHARTS, to_query(PerceptronView(step=10)))
    page.until("d.playing === 'false'")
    return page


@pytest.fixture
def nets(opened: Callable[..., Visit]) -> Visit:
    """Networks on digits, at rest at an early step."""
    page = opened(NETWORK_CHARTS, to_query(PhasePlaneView(step=10)))
    page.until("d.playing === 'false'")
    return page


def shipped(preset: Any) -> Trajectory:
    found, said = Store(Path("no such folder")).load(preset.experiment)
    assert found is not None, said
    return found


def end(page: Visit) -> None:
    page.page.locator(ROOT).focus()
    page.page.keyboard.press("End")
    page.until("d.frame === String(d.frames - 1)")


def click(page: Visit, chart: str, across: float, up: float) -> None:
    page.page.locator(f"[data-testid=chart-{chart}] canvas").scroll_into_view_if_needed()
    page.page.mouse.click(*page.page.evaluate(CELL, [chart, across, up]))


def test_a_first_visit_plays_the_perceptron_untrained(opened: Callable[..., Visit], cache: Path) -> None:
    page = opened(PERCEPTRON_CHARTS, {})
    page.says("When SGD noise helps, and when it hurts")
    page.until("d.playing === 'true' && d.frame > 3")
    early = {chart: page.pixels(chart) for chart in ("boundary", "path")}
    page.until("d.frame > 12")
    for chart, pixels in early.items():
        page.until_other_pixels(chart, pixels)
    for chart in PERCEPTRON_CHARTS:
        assert page.inked(chart) > INKED, chart
    assert not list(cache.glob("*.npz"))


def test_the_perceptron_moves_and_rests_where_it_is_told(perceptrons: Visit) -> None:
    before = {chart: perceptrons.pixels(chart) for chart in ("boundary", "path")}
    end(perceptrons)
    for chart, pixels in before.items():
        perceptrons.until_other_pixels(chart, pixels)
    step = perceptrons.data("step")
    perceptrons.until_query("step", f"v === '{step}'")
    perceptrons.reload()
    perceptrons.until(f"d.step === '{step}' && d.playing === 'false'")


def test_a_click_on_the_perceptrons_plane_plays_that_cell(perceptrons: Visit) -> None:
    before = {chart: perceptrons.pixels(chart) for chart in PERCEPTRON_CHARTS}
    first = perceptrons.query["run"]
    click(perceptrons, "batches", 0.9, 0.1)
    cell = FIRST.cells[int(perceptrons.until_query("run", f"v !== '{first}'"))]
    assert cell.batch_size >= 512
    assert cell.learning_rate < 0.1, "large batches, small steps: the corner that was clicked"
    for chart, pixels in before.items():
        perceptrons.until_other_pixels(chart, pixels)
    perceptrons.says(f"B = {cell.batch_size:,}, η = {cell.learning_rate:.4g}")
    link = perceptrons.query
    perceptrons.reload()
    assert perceptrons.query == link


def test_the_perceptrons_numbers_can_be_taken_away(perceptrons: Visit) -> None:
    rows = perceptron.TABLES["plane"](shipped(PERCEPTRON["phase_plane/batch_learning_rate"]))
    assert perceptrons.download("plane.csv") == to_csv(rows)
    assert len(rows) == 144


def test_networks_move(nets: Visit) -> None:
    before = {chart: nets.pixels(chart) for chart in ("errors", "changes")}
    end(nets)
    for chart, pixels in before.items():
        nets.until_other_pixels(chart, pixels)
    nets.until_query("step", f"v === '{nets.data('step')}'")


def test_a_click_on_the_plane_plays_that_cell_of_networks(nets: Visit) -> None:
    before = {chart: nets.pixels(chart) for chart in ("plane", "sections", "errors", "changes")}
    embeds = nets.page.evaluate("window.__trainscope.embeds")
    first = nets.query["at_alpha"]
    click(nets, "plane", 0.1, 0.1)
    nets.until_query("at_alpha", f"v !== '{first}'")
    view, _ = from_query(PhasePlaneView, nets.query)
    assert view.at_alpha < 0.1, "the left of the plane"
    assert view.at_temperature < 0.01, "and its foot"
    for chart, pixels in before.items():
        nets.until_other_pixels(chart, pixels)
    assert nets.page.evaluate("window.__trainscope.embeds") == embeds, "the charts stay, their rows change"
    link = nets.query
    nets.reload()
    assert nets.query == link


def test_the_plane_of_a_played_step_moves(nets: Visit) -> None:
    settled = nets.pixels("plane")
    nets.page.get_by_role("radio", name=re.compile("Played step", re.IGNORECASE)).click()
    nets.until_query("when", "v === 'played step'")
    early = nets.until_other_pixels("plane", settled)
    end(nets)
    nets.until_other_pixels("plane", early)


def test_the_numbers_of_networks_can_be_taken_away(nets: Visit) -> None:
    found = shipped(PHASE_PLANE["phase_plane/digits"])
    for name in ("plane", "exponents"):
        rows = phase_plane.TABLES[name](found)
        assert len(rows)
        assert nets.download(f"{name}.csv") == to_csv(rows)


@pytest.mark.parametrize("name", OTHERS)
def test_other_shipped_networks_are_there_at_once(opened: Callable[..., Visit], name: str) -> None:
    experiment = PHASE_PLANE[name].experiment
    planar = PhasePlaneView.of(experiment).is_plane
    charts = NETWORK_CHARTS if planar else ("errors", "changes", "change_temperature", "time_size")
    page = opened(charts, to_query(PhasePlaneView.of(experiment)))
    page.until("d.playing === 'true' && d.frame > 2")
    assert not page.page.get_by_text(re.compile("Not on screen yet|Not trained yet")).is_visible()
    for chart in charts:
        assert page.inked(chart) > INKED, chart


@pytest.mark.parametrize("part", ["perceptron", "networks"])
def test_a_narrow_page_in_the_dark(opened: Callable[..., Visit], part: str) -> None:
    """Nothing scrolls sideways at 700 pixels, and the charts follow the theme."""
    charts = PERCEPTRON_CHARTS if part == "perceptron" else NETWORK_CHARTS
    query = to_query(PerceptronView(step=10)) if part == "perceptron" else to_query(PhasePlaneView(step=10))
    page = opened(charts, query, viewport=(700, 900), color_scheme="dark")
    page.until("d.playing === 'false'")
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 700
    wide = "[...document.querySelectorAll('.stMain')].filter((e) => e.scrollWidth > e.clientWidth + 1).length"
    assert not page.page.evaluate(wide)
    for chart in charts:
        box = page.page.locator(f"[data-testid=chart-{chart}] canvas").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 700
    light = "getComputedStyle(document.querySelector('.trainscope-player')).color.match(/\\d+/g).every((c) => c > 150)"
    assert page.page.evaluate(light), "dark paper, light ink"
    assert len({page.page.evaluate(f"window.__trainscope.views.{charts[1]}.signal('{name}')") for name in THEME}) == 3


def test_parts_are_opened_by_hand_and_keep_their_settings(perceptrons: Visit) -> None:
    link = perceptrons.query
    perceptrons.page.get_by_role("radio", name="Networks").click()
    perceptrons.page.wait_for_selector("[data-testid=chart-sections] canvas")
    perceptrons.until_query("part", "v === 'networks'")
    perceptrons.page.get_by_role("radio", name="The perceptron, exact").click()
    perceptrons.drawn()
    perceptrons.until_query("part", "v === 'perceptron'")
    assert perceptrons.query == link
