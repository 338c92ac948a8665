"""The Learning dynamics page in a real browser: its parts as they ship, and small trainings of its own."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from core.store import Store
from core.studies.basin import tables as basin_frames
from core.studies.basin.drops import full
from core.studies.basin.experiment import Basin
from core.studies.basin.presets import PRESETS as BASIN
from core.studies.basin.view import MOST_DROPS, BasinView
from core.studies.depths import tables as depth_frames
from core.studies.depths.experiment import Depths
from core.studies.depths.presets import PRESETS as DEPTH
from core.studies.depths.view import DepthsView
from core.studies.modes import tables as mode_frames
from core.studies.modes.experiment import Modes
from core.studies.modes.presets import PRESETS as MODES
from core.studies.modes.view import ModesView
from core.studies.moons import tables as moon_frames
from core.studies.moons.presets import PRESETS as MOONS
from core.studies.moons.view import MoonsView
from core.studies.shades.view import ShadesView
from core.studies.starvation import tables as starvation_frames
from core.studies.starvation.experiment import Starvation
from core.studies.starvation.presets import PRESETS as STARVATION
from core.studies.starvation.view import StarvationView
from core.studies.strengths.experiment import Strengths
from core.studies.strengths.view import StrengthsView
from core.study import Preset
from core.tables import to_csv
from core.trajectory import Trajectory
from core.view import to_query
from tests.browser.visiting import INKED, ROOT, Visit, visits

pytestmark = pytest.mark.browser


class Look(NamedTuple):
    """What a link shows: the button of its part, the link of an early step, and the charts that move."""

    part: str
    link: dict[str, str]
    moving: tuple[str, ...]
    still: tuple[str, ...] = ()

    @property
    def charts(self) -> tuple[str, ...]:
        """All charts."""
        return self.moving + self.still


LOOKS = {
    "modes": Look("Sigmoids and modes", to_query(ModesView(step=10)), ("curves", "plane", "clocks")),
    "basin": Look("Where training fails", to_query(BasinView(step=10)), ("map", "cloud"), ("success", "revival")),
    "starvation": Look("Gradient starvation", to_query(StarvationView(step=10)), ("linear", "private", "shared")),
    "shades": Look("Gradient starvation", to_query(ShadesView(step=10)), ("frequency", "steps")),
    "moons": Look(
        "Spectral decoupling",
        to_query(MoonsView(step=10)),
        ("none", "weight_decay", "spectral_decoupling", "curves", "responses"),
    ),
    "strengths": Look(
        "Spectral decoupling",
        to_query(StrengthsView(step=10)),
        ("plane", "fixed", "time"),
    ),
    "depth": Look(
        "Depth and losses",
        to_query(DepthsView(step=10)),
        ("cross_entropy", "hinge", "squared", "times", "modes"),
    ),
}
FIRST = {name: LOOKS[name] for name in ("modes", "basin", "starvation", "moons", "depth")}
"""What each part shows first."""


CHANGES = {
    "modes": (".st-key-lm_log label", "log", "true"),
    "basin": (".st-key-lb_colour [role=radio] >> text=Time to it", "colour", "time"),
    "starvation": (".st-key-ls_long label", "long", "true"),
    "moons": ("", "", ""),
    "depth": (".st-key-ld_together label", "together", "true"),
}
"""A control of each part that trains nothing, the parameter that it sets, and to what."""
TABLES: dict[str, tuple[Mapping[str, Callable[[Any], Any]], Preset[Any], tuple[str, ...]]] = {
    "modes": (mode_frames.TABLES, MODES["learning_dynamics/modes"], ("modes", "clocks")),
    "basin": (basin_frames.TABLES, BASIN["learning_dynamics/basin"], ("basin",)),
    "starvation": (starvation_frames.TABLES, STARVATION["learning_dynamics/starvation"], ("starvation",)),
    "moons": (moon_frames.TABLES, MOONS["learning_dynamics/two_moons"], ("runs",)),
    "depth": (depth_frames.TABLES, DEPTH["learning_dynamics/depth"], ("depth_times",)),
}
"""The tables of each part's first look, its preset, and which of them are taken away here."""


class Slide(NamedTuple):
    """A slider, the parameter that it sets, and where a chart has what theory and training make of it."""

    link: dict[str, str]
    charts: tuple[str, ...]
    slider: str
    parameter: str
    chart: str
    theory: str
    measured: str


SMALL = {
    "modes": Slide(
        to_query(ModesView(experiment=Modes(width=10, learning_rate=0.01), step=10)),
        LOOKS["modes"].charts,
        *("lm_p", "p", "curves", "theory", "measured"),
    ),
    "basin": Slide(
        to_query(
            BasinView(experiment=Basin(grid=21, width=20, cosines=(-0.5, 0.0), seeds=(0, 1), time_limit=30), step=10)
        ),
        LOOKS["basin"].charts,
        *("lb_sigma_z", "sigma_z", "success", "line", "dots"),
    ),
    "starvation": Slide(
        to_query(StarvationView(experiment=Starvation(p=(0.3, 0.7), width=10, seeds=(0,), step_limit=12_000), step=10)),
        LOOKS["starvation"].charts,
        *("ls_strong_norm", "strong_norm", "private", "curve", "dots"),
    ),
    "strengths": Slide(
        to_query(StrengthsView(experiment=Strengths(strengths=(2.0, 4.0), step_limit=20_000), step=10)),
        LOOKS["strengths"].charts,
        *("ds_ridge", "ridge", "plane", "fixed", "paths"),
    ),
    "depth": Slide(
        to_query(
            DepthsView(
                experiment=Depths(depths=(1, 2), starts=(0.05,), width=4, learning_rate=0.01, last_time=25), step=10
            )
        ),
        LOOKS["depth"].charts,
        *("ld_norm", "norm", "cross_entropy", "theory", "measured"),
    ),
}
"""Trainings of about half a second each, and a slider that every curve of theory depends on."""

WATCH = """([chart, theory, measured]) => {
  const seen = window.__seen = [];
  const look = () => {
    const view = window.__trainscope.views[chart], rows = view.data(theory);
    const now = [JSON.stringify([rows[Math.floor(0.7 * rows.length)], rows.length]), view.data(measured).length > 0];
    if (!seen.length || String(seen[seen.length - 1]) !== String(now)) seen.push(now);
    requestAnimationFrame(look);
  };
  look();
}"""
"""Note every state of a chart: a row of theory, and whether anything measured lies over it."""
CHANGED = "seen[seen.length - 1][0] !== seen[0][0] && seen[seen.length - 1][1]"
PLACE = """([chart, x, y]) => {
  const canvas = document.querySelector(`[data-testid=chart-${chart}] canvas`);
  const view = window.__trainscope.views[chart], box = canvas.getBoundingClientRect();
  const edge = view.padding(), [left, top] = view.origin();
  return [box.left + edge.left + left + view.scale('x')(x), box.top + edge.top + top + view.scale('y')(y)];
}"""
"""Where in the window a point of a chart lies."""
WIDE = "[...document.querySelectorAll('.stMain')].filter((e) => e.scrollWidth > e.clientWidth + 1).length"
LIGHT = "getComputedStyle(document.querySelector('.trainscope-player')).color.match(/\\d+/g).every((c) => c > 150)"
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("learning-cache")


@pytest.fixture(scope="session")
def learning_app(serve: Callable[..., str], cache: Path) -> str:
    """The app with an empty cache beside the shipped one."""
    env = {"TRAINSCOPE_CACHE": str(cache), "TRAINSCOPE_DATA": "", "TRAINSCOPE_WORKERS": "2", "TRAINSCOPE_WARM": "0"}
    return serve("app.py", env=env)


@pytest.fixture
def opened(browser: Any, learning_app: str) -> Iterator[Callable[..., Visit]]:
    """`opened(charts, query)`: the page with these charts, in a tab of its own."""
    with visits(browser, f"{learning_app}/learning_dynamics", LOOKS["modes"].charts) as found:

        def go(
            charts: tuple[str, ...], query: dict[str, str], viewport: tuple[int, int] = (1500, 1200), **options: Any
        ) -> Visit:
            found.charts = charts
            page = found.open(query, viewport, **options)
            page.page.wait_for_selector(IDLE)
            return page

        yield go


@pytest.fixture
def resting(opened: Callable[..., Visit]) -> Callable[[str], Visit]:
    """`resting(name)`: one of `LOOKS`, at rest at an early step."""

    def go(name: str) -> Visit:
        page = opened(LOOKS[name].charts, LOOKS[name].link)
        page.until("d.playing === 'false'")
        return page

    return go


def shipped(preset: Any) -> Trajectory:
    found, said = Store(Path("no such folder")).load(preset.experiment)
    assert found is not None, said
    return found


def rows(page: Visit, chart: str, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.page.evaluate(
        f"JSON.parse(JSON.stringify(window.__trainscope.views.{chart}.data('{table}')))"
    )
    return found


def embeds(page: Visit) -> int:
    return int(page.page.evaluate("window.__trainscope.embeds"))


def turn(page: Visit, look: Look) -> None:
    """Go to another part by hand."""
    page.charts = look.charts
    page.page.get_by_role("radio", name=look.part, exact=True).click()
    page.drawn()
    page.page.wait_for_selector(IDLE)


def alerts(page: Visit) -> list[str]:
    return [str(text) for text in page.page.locator("[data-testid=stAlert]").all_inner_texts()]


def test_a_first_visit_plays_at_once_and_trains_nothing(opened: Callable[..., Visit], cache: Path) -> None:
    page = opened(LOOKS["modes"].charts, {})
    page.says("Error falls as a sigmoid, mode by mode")
    page.until("d.frame > 3")
    page.page.locator(ROOT).focus()
    page.page.keyboard.press("Home")
    page.until("d.frame === '0' && d.playing === 'false'")
    page.page.wait_for_selector(IDLE)
    early = {chart: page.pixels(chart) for chart in page.charts}
    page.page.locator("[data-act=play]").click()
    for chart, pixels in early.items():
        page.until_other_pixels(chart, pixels)
    assert {name: value for name, value in page.query.items() if name != "step"} == to_query(ModesView())
    assert not list(cache.glob("*.npz"))


@pytest.mark.parametrize("name", LOOKS)
def test_a_link_opens_a_part_at_rest_and_its_charts_move(resting: Callable[[str], Visit], name: str) -> None:
    page, look = resting(name), LOOKS[name]
    assert not alerts(page)
    assert page.page.get_by_role("radio", name=look.part, exact=True).is_checked()
    assert page.query == look.link
    before = {chart: page.pixels(chart) for chart in look.charts}
    for chart in before:
        assert page.inked(chart) > INKED, chart
    page.page.locator(ROOT).focus()
    page.page.keyboard.press("End")
    page.until("d.frame === String(d.frames - 1)")
    for chart in look.moving:
        page.until_other_pixels(chart, before[chart])
    page.until_query("step", f"v === '{page.data('step')}'")
    assert page.query == look.link | {"step": page.data("step")}


@pytest.mark.parametrize("name", SMALL)
def test_a_slider_moves_theory_at_once_and_what_is_measured_follows(opened: Callable[..., Visit], name: str) -> None:
    slide = SMALL[name]
    page = opened(slide.charts, slide.link)
    page.until("d.playing === 'false'")
    where = [slide.chart, slide.theory, slide.measured]
    measured = f"window.__trainscope.views.{slide.chart}.data('{slide.measured}').length"
    page.page.wait_for_function(f"{measured} > 0")
    page.page.wait_for_selector(IDLE)
    pixels = page.pixels(slide.chart)
    page.page.evaluate(WATCH, where)
    page.slide(slide.slider, "ArrowRight")
    page.page.wait_for_function(f"(() => {{ const seen = window.__seen; return {CHANGED} }})()")
    page.until_other_pixels(slide.chart, pixels)
    before, after = page.page.evaluate("[window.__seen[0][0], window.__seen[window.__seen.length - 1][0]]")
    assert after != before
    seen = page.page.evaluate("window.__seen")
    assert [after, False] in seen, "the new theory by itself, before anything was measured"
    assert seen.index([after, False]) < seen.index([after, True])
    page.until_query(slide.parameter, f"v !== '{slide.link[slide.parameter]}'")
    assert not alerts(page)
    assert page.data("playing") == "false"


def test_over_time_by_frequency_both_modes_are_one_curve(resting: Callable[[str], Visit]) -> None:
    page = resting("modes")
    assert apart(page) > 0.5
    before, toggle = page.pixels("curves"), page.page.locator(".st-key-lm_together label").first
    toggle.click()
    page.until_query("together", "v === 'true'")
    collapsed = page.until_other_pixels("curves", before)
    assert apart(page) < 0.01
    toggle.click()
    page.until_query("together", "v === 'false'")
    page.until_other_pixels("curves", collapsed)
    assert apart(page) > 0.5


def apart(page: Visit) -> float:
    """Return by how much the logits of both modes differ at most, where both are on screen."""
    found = rows(page, "curves", "theory")
    curves = [
        np.array([[row["x"], row["logit"]] for row in found if row["mode"] == name])
        for name in sorted({row["mode"] for row in found})
    ]
    assert len(curves) == 2
    last = min(curve[-1, 0] for curve in curves)
    places = np.linspace(0.02 * last, last, 100)
    one, other = (np.interp(places, curve[:, 0], curve[:, 1]) for curve in curves)
    return float(np.abs(one - other).max())


def test_a_click_on_the_map_drops_a_neuron(resting: Callable[[str], Visit]) -> None:
    page = resting("basin")
    table = page.page.locator("[data-testid=stMarkdownContainer] table tbody tr")
    table.first.wait_for()
    charts = embeds(page)
    for z, y, fate, words in ((0.75, 0.5, "learns", "learns"), (-1.25, 0.8, "doomed", "will die")):
        before, lines = page.pixels("map"), table.count()
        page.page.locator("[data-testid=chart-map] canvas").scroll_into_view_if_needed()
        page.page.mouse.click(*page.page.evaluate(PLACE, ["map", z, y]))
        table.nth(lines).wait_for()
        assert table.nth(lines).locator("td").nth(2).inner_text() == words
        page.page.wait_for_function(f"window.__trainscope.views.map.data('drops').length === {lines + 1}")
        page.until_other_pixels("map", before)
        tracks = [row for row in rows(page, "map", "tracks") if row["drop"] == lines]
        assert len(tracks) > 10, "its way"
        assert {row["fate"] for row in tracks} == {fate}
        assert (tracks[0]["z"], tracks[0]["y"]) == pytest.approx((z, y), abs=0.03)
        page.until_query("drops", f"v.split(',').length === {2 * lines + 2}")
    assert embeds(page) == charts, "the charts stay, their rows change"
    link = page.query
    page.reload()
    table.nth(lines).wait_for()
    assert page.query == link
    page.says(full(BasinView(drops=(0.0,) * 2 * MOST_DROPS)))
    page.page.mouse.click(*page.page.evaluate(PLACE, ["map", 0.2, 1.2]))
    page.page.wait_for_selector(IDLE)
    assert page.query["drops"] == link["drops"], "five are the most"
    page.press("Keep the latest neuron only")
    page.page.wait_for_function("window.__trainscope.views.map.data('drops').length === 1")
    page.until_query("drops", "v.split(',').length === 2")
    assert page.query["drops"] == ",".join(link["drops"].split(",")[-2:])
    page.page.locator(".st-key-lb_new_y input").fill("0.75")
    page.page.keyboard.press("Enter")
    page.until_query("drops", "v.split(',').length === 4")
    assert page.query["drops"].endswith(",-0.5,0.75"), "a neuron from the keyboard"


def test_three_models_or_a_spurious_brightness_cue(resting: Callable[[str], Visit]) -> None:
    page = resting("starvation")
    before = page.pixels("private")
    page.page.locator(".st-key-ls_long label").first.click()
    page.until_query("long", "v === 'true'")
    page.until_other_pixels("private", before)
    assert max(row["time"] for row in rows(page, "private", "theory")) > 1e11
    page.charts = LOOKS["shades"].charts
    page.page.get_by_role("radio", name="A spurious brightness cue").click()
    page.drawn()
    page.until_query("look", "v === 'shades'")
    end(page)
    steps, p = page.pixels("steps"), page.query["shown_p"]
    page.page.locator(".st-key-ls_shade_shown_p [role=radio]").first.click()
    page.until_query("shown_p", f"v !== '{p}'")
    page.until_other_pixels("steps", steps)
    page.says("Over the steps, p = 0.5")
    page.charts = LOOKS["starvation"].charts
    page.page.get_by_role("radio", name="Three models").click()
    page.drawn()
    page.until_query("look", "v === 'models'")
    assert page.query["long"] == "true", "as it was left"
    assert not alerts(page)


def test_moons_of_another_margin_and_strengths_of_another_feature(resting: Callable[[str], Visit]) -> None:
    page = resting("moons")
    before, charts = {chart: page.pixels(chart) for chart in page.charts}, embeds(page)
    page.page.locator(".st-key-lesson-A-straight-line-fails button").click()
    page.until_query("margin", "v === '-0.1'")
    for chart, pixels in before.items():
        page.until_other_pixels(chart, pixels)
    page.says("At Δ = -0.1")
    assert embeds(page) == charts, "the charts stay, their rows change"
    page.charts = LOOKS["strengths"].charts
    page.page.get_by_role("radio", name="Feature strengths").click()
    page.drawn()
    page.until_query("show", "v === 'strengths'")
    end(page)
    plane = page.pixels("plane")
    page.slide("ds_s_1", "ArrowRight")
    page.until_query("s_1", "v === '5'")
    page.until_other_pixels("plane", plane)
    page.says("At s₁ = 5")
    assert not alerts(page)


def end(page: Visit) -> None:
    """Rest at the last step."""
    page.page.wait_for_selector(IDLE)
    page.page.locator(ROOT).focus()
    page.page.keyboard.press("End")
    page.until("d.frame === String(d.frames - 1) && d.playing === 'false'")
    page.until_query("step", f"v === '{page.data('step')}'")
    page.page.wait_for_selector(IDLE)


def test_parts_opened_by_hand_give_their_numbers_and_keep_their_settings(resting: Callable[[str], Visit]) -> None:
    """One visit to all parts, which has a setting changed in each, and the same parts again."""
    page, links = resting("modes"), {}
    for name, (control, parameter, value) in CHANGES.items():
        turn(page, FIRST[name])
        page.until_query("part", f"v === '{FIRST[name].link['part']}'")
        tables, preset, files = TABLES[name]
        for file in files:
            expected = tables[file](shipped(preset))
            assert len(expected)
            assert page.download(f"{file}.csv") == to_csv(expected), f"{name}: {file}.csv"
        if control:
            page.page.locator(control).first.click()
            page.until_query(parameter, f"v === '{value}'")
        end(page)
        links[name] = page.query
    for name, link in links.items():
        turn(page, FIRST[name])
        page.until_query("part", f"v === '{link['part']}'")
        page.page.wait_for_selector(IDLE)
        assert page.query == link, name
    assert not alerts(page)


def test_a_narrow_page_in_the_dark(opened: Callable[..., Visit]) -> None:
    """Nothing scrolls sideways at 700 pixels, and the charts follow the theme; one visit to every part and look."""
    page = opened(LOOKS["modes"].charts, LOOKS["modes"].link, viewport=(700, 900), color_scheme="dark")
    others = {"shades": "A spurious brightness cue", "strengths": "Feature strengths"}
    for name, look in LOOKS.items():
        if name in others:
            page.charts = look.charts
            page.page.get_by_role("radio", name=others[name]).click()
            page.drawn()
            page.page.wait_for_selector(IDLE)
        else:
            turn(page, look)
        assert page.page.evaluate("document.documentElement.scrollWidth") <= 700, name
        assert not page.page.evaluate(WIDE), name
        for chart in look.charts:
            box = page.page.locator(f"[data-testid=chart-{chart}] canvas").bounding_box()
            assert box["x"] >= 0, (name, chart)
            assert box["x"] + box["width"] <= 700, (name, chart)
        assert page.page.evaluate(LIGHT), f"{name}: dark paper, light ink"
        ink = f"window.__trainscope.views.{look.charts[0]}.signal"
        assert len({page.page.evaluate(f"{ink}('{colour}')") for colour in ("ink", "paper", "muted")}) == 3, name
