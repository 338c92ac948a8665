"""The player in a real browser: every claim about motion is checked on pixels, never on the clock alone."""

import json
import re
import urllib.parse
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.visiting import close, new_page, resize

pytestmark = pytest.mark.browser

APP = "tests/browser/player_app.py"
ROOT = "[data-testid=player]"
CHARTS = ("kinks", "curves", "plane")
WAIT = 60_000  # ms; generous, for a machine shared with others


MARK = """id => {
    const view = window.__trainscope.views[id], group = view.scenegraph().root.items[0];
    const point = group.items.find(mark => mark.marktype === "symbol").items.at(-1);
    const box = document.querySelector(`[data-testid=chart-${id}] canvas`).getBoundingClientRect();
    const [left, top] = view.origin(), padding = view.padding();
    return [(padding.left + left + point.x) / box.width, (padding.top + top + point.y) / box.height];
}"""


class Page:
    """The player as a reader has it before them: what it shows, and the hands to work it."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.sent: list[Any] = []
        self.received: list[Any] = []
        self.errors: list[str] = []
        page.set_default_timeout(WAIT)
        page.on("websocket", self.listen)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def listen(self, socket: Any) -> None:
        socket.on("framesent", lambda frame: self.sent.append(frame))
        socket.on("framereceived", lambda frame: self.received.append(frame))

    def open(self, url: str, **query: str) -> "Page":
        self.page.goto(f"{url}/?{urllib.parse.urlencode(query)}")
        for chart in CHARTS:
            self.page.wait_for_selector(f"[data-testid=chart-{chart}] canvas")
        return self

    def get(self, name: str) -> str:
        return str(self.page.locator(ROOT).get_attribute(f"data-{name}"))

    @property
    def frame(self) -> int:
        return int(self.get("frame"))

    @property
    def playing(self) -> bool:
        return self.get("playing") == "true"

    def until(self, condition: str) -> None:
        """Waits for a JavaScript condition on `d`, the dataset of the root."""
        self.page.wait_for_function(
            f"(() => {{ const d = document.querySelector('{ROOT}').dataset; return {condition} }})()"
        )

    def until_text(self, text: str) -> None:
        self.page.get_by_text(text).wait_for()

    def press(self, key: str) -> None:
        self.page.locator(ROOT).focus()
        self.page.keyboard.press(key)

    def scrub(self, position: float) -> int:
        self.page.locator("[data-testid=scrubber]").evaluate(
            "(e, p) => { e.value = p; e.dispatchEvent(new Event('input', {bubbles: true})) }", position
        )
        self.settle()
        return self.frame

    def settle(self) -> None:
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def pixels(self, chart: str) -> str:
        return str(self.page.locator(f"[data-testid=chart-{chart}] canvas").evaluate("e => e.toDataURL()"))

    def all_pixels(self) -> list[str]:
        return [self.pixels(chart) for chart in CHARTS]

    def counter(self, name: str) -> int:
        return int(self.page.evaluate(f"window.__trainscope.{name}"))

    def tag_canvases(self) -> None:
        self.page.evaluate("document.querySelectorAll('.trainscope-player canvas').forEach(e => e.tagged = true)")

    def tagged(self) -> dict[str, bool]:
        """Which charts still have the canvas element that `tag_canvases` saw."""
        query = "document.querySelector(`[data-testid=chart-${id}] canvas`).tagged === true"
        return {chart: bool(self.page.evaluate(f"(id => {query})('{chart}')")) for chart in CHARTS}

    def mark(self, chart: str) -> tuple[float, float]:
        """Where the last of a chart's points is drawn, as fractions of its canvas."""
        found = self.page.evaluate(MARK, chart)
        return float(found[0]), float(found[1])

    def point(self, chart: str, x: float, y: float) -> tuple[float, float]:
        """Screen position of a place in a chart's canvas, given as fractions of it."""
        canvas = self.page.locator(f"[data-testid=chart-{chart}] canvas")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        return box["x"] + x * box["width"], box["y"] + y * box["height"]


@pytest.fixture
def pages(browser: Any, serve: Callable[..., str]) -> Iterator[Callable[..., Page]]:
    """`pages(seek="a", options={...})`: the demo, in a tab of its own."""
    url = serve(APP)
    opened: list[Page] = []

    def visit(options: dict[str, Any] | None = None, viewport: tuple[int, int] = (1300, 1100), **query: str) -> Page:
        opened.append(Page(new_page(browser, viewport, **(options or {}))))
        return opened[-1].open(url, **query)

    yield visit
    errors = [error for page in opened for error in page.errors]
    for page in opened:
        close(page.page)
    assert not errors, errors


@pytest.fixture
def still(pages: Callable[..., Page]) -> Page:
    return pages(autoplay="no")


def test_plays_by_itself_and_the_pictures_move(pages: Callable[..., Page]) -> None:
    page = pages()
    page.until("d.frame > 4 && d.playing === 'true'")
    early = page.all_pixels()
    page.until("d.frame > 20")
    assert all(a != b for a, b in zip(early, page.all_pixels(), strict=True))


def test_root_tells_the_truth_about_the_clock(still: Page) -> None:
    assert (still.get("frame"), still.get("frames"), still.get("step"), still.get("speed")) == (
        "0",
        "80",
        "0",
        "1",
    )
    assert not still.playing
    still.press("End")
    assert still.frame == 79
    readout = still.page.locator("[data-testid=readout]").inner_text()
    step = int(still.get("step"))
    assert re.fullmatch(r"step ([\d,]+) / ([\d,]+)", readout)
    assert readout == f"step {step:,} / {step:,}"


def test_pause_freezes_on_a_stored_snapshot(still: Page) -> None:
    still.press(" ")
    still.until("d.frame > 5")
    still.press(" ")
    still.settle()
    frame, frozen = still.frame, still.all_pixels()
    drawn = still.counter("frames")
    still.page.wait_for_timeout(300)
    assert not still.playing
    assert (still.frame, still.all_pixels()) == (frame, frozen)
    assert still.counter("frames") == drawn, "a paused player must not draw"
    still.press("ArrowRight")
    still.press("ArrowLeft")
    still.settle()
    assert still.all_pixels() == frozen, "what a pause shows must be a snapshot, not a moment between two"


def test_scrubbing_there_and_back_gives_identical_pixels(still: Page) -> None:
    first = still.scrub(0.31)
    before = still.all_pixels()
    second = still.scrub(0.9)
    assert all(a != b for a, b in zip(before, still.all_pixels(), strict=True))
    assert still.scrub(0.31) == first != second
    assert still.all_pixels() == before


def test_keys_step_and_jump(still: Page) -> None:
    for key, frame in (
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowLeft", 1),
        ("End", 79),
        ("ArrowRight", 79),
        ("Home", 0),
    ):
        still.press(key)
        still.settle()
        assert still.frame == frame, key
    still.page.mouse.click(700, 90)
    still.page.keyboard.press("ArrowRight")
    still.settle()
    assert still.frame == 1, "keys work when no widget has the focus"


LABELLED = "control => control.labels?.length > 0"


def test_buttons_have_names_and_work(still: Page) -> None:
    def press(name: str) -> None:
        still.page.get_by_role("button", name=name, exact=True).click()
        still.settle()

    press("One snapshot forward")
    press("One snapshot forward")
    press("One snapshot back")
    assert still.frame == 1
    press("To the first snapshot")
    assert still.frame == 0
    press("Play")
    assert still.playing
    press("Pause")
    assert not still.playing
    for control in still.page.locator(f"{ROOT} button, {ROOT} input, {ROOT} select").all():
        assert control.get_attribute("aria-label") or control.text_content() or control.evaluate(LABELLED)


def test_speed_and_loop(still: Page) -> None:
    still.page.get_by_label("Speed").select_option("8")
    assert still.get("speed") == "8"
    still.press(",")
    assert still.get("speed") == "4"
    still.press(".")
    still.press("End")
    still.press(" ")  # from the end, play starts over
    still.until("d.frame < 79 && d.playing === 'true'")
    still.until("d.frame == 79 && d.playing === 'false'")
    still.press("l")
    still.press(" ")
    still.until("d.frame == 79")
    still.until("d.frame < 79")  # it came round, after a rest at the end
    assert still.playing


def test_hovering_moves_every_chart_without_traffic(still: Page) -> None:
    still.scrub(0.1)
    still.page.wait_for_timeout(700)  # the report of that scrub
    rested = still.frame
    planes = still.pixels("plane")
    still.point("curves", 0.5, 0.5)  # scrolls
    still.sent.clear()
    frames = []
    for x in (0.3, 0.6, 0.9):
        still.page.mouse.move(*still.point("curves", x, 0.5))
        still.settle()
        frames.append(still.frame)
        assert still.pixels("plane") != planes
    assert frames == sorted(set(frames)), frames
    still.page.mouse.move(2, 2)
    still.settle()
    assert still.frame == rested, "leaving without a click returns"
    still.page.wait_for_timeout(600)
    assert still.sent == []
    still.page.mouse.click(*still.point("curves", 0.6, 0.5))
    still.page.mouse.move(2, 2)
    still.settle()
    assert still.frame == frames[1], "a click stays"
    still.until_text(f"frame={frames[1]} step={still.get('step')}")


def test_hovering_holds_a_playing_clock(pages: Callable[..., Page]) -> None:
    page = pages()
    page.page.mouse.move(*page.point("curves", 0.2, 0.5))
    page.until("d.playing === 'false'")
    page.page.mouse.move(2, 2)
    page.until("d.playing === 'true'")


def test_a_click_on_the_plane_swaps_tables_and_keeps_the_views(pages: Callable[..., Page]) -> None:
    page = pages()
    page.press("l")
    page.tag_canvases()
    embeds, swaps = page.counter("embeds"), page.counter("swaps")
    assert (embeds, swaps) == (3, 0)
    page.page.mouse.click(*page.point("plane", 0.5, 0.6))
    page.page.wait_for_function("window.__trainscope.swaps > 0")
    page.page.get_by_text(re.compile(r"'chart': 'plane'.*'token': 1")).wait_for()
    assert page.counter("embeds") == embeds
    assert page.counter("swaps") == 2, "the two tables of the kinks chart, and no other"
    assert page.tagged() == dict.fromkeys(CHARTS, True)
    assert page.playing
    now = page.frame
    page.until(f"d.frame != {now}")
    page.page.mouse.click(*page.point("plane", 0.75, 0.75))
    page.page.get_by_text(re.compile(r"'token': 2")).wait_for()
    page.page.mouse.click(*page.point("plane", 0.75, 0.75))  # the same cell, after a while
    page.page.get_by_text(re.compile(r"'token': 3")).wait_for()


def test_new_tables_are_drawn(still: Page) -> None:
    still.scrub(0.4)
    frame, kinks = still.frame, still.pixels("kinks")
    still.page.mouse.click(*still.point("plane", 0.5, 0.6))
    still.page.wait_for_function("window.__trainscope.swaps == 2")
    still.settle()
    assert still.frame == frame
    assert still.pixels("kinks") != kinks


def test_a_new_spec_embeds_that_chart_only(still: Page) -> None:
    still.scrub(0.4)
    frame = still.frame
    still.tag_canvases()
    still.page.get_by_role("button", name="New spec").click()
    still.page.wait_for_function("window.__trainscope.embeds == 4")
    still.page.wait_for_function("!document.querySelector('[data-testid=chart-plane] canvas').tagged")
    assert still.tagged() == {"kinks": True, "curves": True, "plane": False}
    assert still.frame == frame


def test_reduced_motion_starts_paused(pages: Callable[..., Page]) -> None:
    page = pages(options={"reduced_motion": "reduce"})
    page.page.wait_for_timeout(300)
    assert (page.frame, page.playing) == (0, False)
    page.press(" ")
    page.until("d.playing === 'true'")


def test_no_horizontal_overflow(pages: Callable[..., Page]) -> None:
    page = pages(viewport=(360, 800), autoplay="no")
    for width in (360, 380, 900):
        resize(page.page, width)
        overflowing = page.page.evaluate(
            f"""[...document.querySelectorAll('{ROOT}, {ROOT} *')]
                .filter(e => e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1)
                .filter(e => getComputedStyle(e).textOverflow !== 'ellipsis' && !e.matches('[role=status]'))
                .map(e => e.className || e.tagName)"""
        )
        assert overflowing == [], width
        assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        right = page.page.evaluate(f"document.querySelector('{ROOT}').getBoundingClientRect().right")
        assert right <= width


def test_resizing_refits_without_embedding(still: Page) -> None:
    still.tag_canvases()
    before = still.page.locator("[data-testid=chart-kinks] canvas").bounding_box()["width"]
    still.page.set_viewport_size({"width": 1000, "height": 1100})
    still.page.wait_for_function(
        f"document.querySelector('[data-testid=chart-kinks] canvas').getBoundingClientRect().width < {before} - 50"
    )
    assert still.tagged() == dict.fromkeys(CHARTS, True)
    assert still.counter("embeds") == 3


def test_follows_a_change_to_the_dark_theme(pages: Callable[..., Page]) -> None:
    page = pages(options={"color_scheme": "light"}, autoplay="no")
    ink = "getComputedStyle(document.querySelector('.trainscope-player')).color"
    light, pictures = page.page.evaluate(ink), page.all_pixels()
    page.page.emulate_media(color_scheme="dark")
    page.page.wait_for_function(f"{ink} !== '{light}'")
    page.page.wait_for_function("window.__trainscope.embeds == 6")
    page.settle()
    assert all(a != b for a, b in zip(pictures, page.all_pixels(), strict=True))


def test_seek_jumps_and_pauses(pages: Callable[..., Page]) -> None:
    page = pages(seek="link")
    assert (page.frame, page.playing) == (17, False)
    page.press(" ")
    page.until("d.frame > 20")
    page.page.get_by_role("button", name="Seek").click()  # another token
    page.until("d.frame == 17 && d.playing === 'false'")


def test_python_hears_when_the_reader_rests_and_when_they_play_on(still: Page) -> None:
    still.press(" ")
    still.until("d.frame > 2")
    still.press(" ")
    still.until_text(f"frame={still.frame} step={still.get('step')}")
    still.press(" ")
    still.until_text("frame=None step=None")
    still.until("d.frame > 5")
    still.page.wait_for_timeout(600)
    still.sent.clear()
    frame = still.frame
    still.until(f"d.frame > {frame + 5}")
    assert still.sent == [], "it is told once"


def test_playing_on_from_a_link_is_told(pages: Callable[..., Page]) -> None:
    page = pages(seek="link")
    page.page.wait_for_timeout(700)
    page.until_text("rests=[]")
    page.press(" ")
    page.until_text("rests=[None]")


def test_who_plays_from_the_beginning_is_not_heard_of(pages: Callable[..., Page]) -> None:
    page = pages()
    page.until("d.frame > 10")
    page.page.wait_for_timeout(600)
    page.until_text("rests=[]")


def test_speed_and_loop_begin_as_told_and_are_heard_at_rest(pages: Callable[..., Page]) -> None:
    page = pages(extra="fast", autoplay="no")
    assert (page.get("speed"), page.page.get_by_label("Speed").input_value()) == ("4", "4")
    assert page.page.get_by_role("button", name="Loop").get_attribute("aria-pressed") == "true"
    page.press(".")
    page.until_text("rests=[0] speed=8 loop=True")
    page.press("l")
    page.until_text("rests=[0, 0] speed=8 loop=False")
    page.page.get_by_role("button", name="New spec").click()  # what Python sends now begins nothing
    page.page.wait_for_function("window.__trainscope.embeds == 4")
    assert (page.get("speed"), page.get("loop")) == ("8", "false")


def test_a_screen_reader_hears_of_the_state_now_and_then(still: Page) -> None:
    status = still.page.locator(f"{ROOT} [role=status]")
    assert status.get_attribute("aria-live") == "polite"
    still.page.get_by_text("Paused at step 0 of 20,000").wait_for()
    still.page.evaluate(
        """() => {
            window.said = [];
            const line = document.querySelector("[role=status]");
            new MutationObserver(() => window.said.push(line.textContent)).observe(line, { childList: true });
        }"""
    )
    for _ in range(5):
        still.press("ArrowRight")
    still.page.get_by_text(f"Paused at step {still.get('step')} of 20,000").wait_for()
    assert still.page.evaluate("window.said.length") == 1, "a run of keys is one"
    still.press(" ")
    still.page.get_by_text(re.compile(r"Playing, step [\d,]+ of 20,000")).wait_for()
    still.page.wait_for_timeout(2500)
    assert still.page.evaluate("window.said.length") == 2
    still.press(" ")
    still.page.get_by_text(f"Paused at step {int(still.get('step')):,} of 20,000").wait_for()


def test_charts_can_be_focused_and_have_names(still: Page) -> None:
    still.page.locator("[data-act=loop]").focus()
    for chart, name in zip(CHARTS, ("Kinks on a line", "Two curves", "A plane of cells"), strict=True):
        plot = still.page.get_by_role("img", name=name)
        for _ in range(6):
            still.page.keyboard.press("Tab")
            if plot.evaluate("e => e === document.activeElement"):
                break
        assert plot.evaluate("e => e === document.activeElement && e.matches(':focus-visible')"), chart
        assert plot.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
        assert plot.evaluate("e => e.closest('figure').dataset.testid") == f"chart-{chart}"
    still.page.keyboard.press("ArrowRight")
    still.settle()
    assert still.frame == 1, "the keys of the player work there"


def test_a_broken_chart_says_so_and_harms_no_other(pages: Callable[..., Page]) -> None:
    page = pages(extra="broken")
    page.until("d.frame > 3")
    assert "could not be drawn" in page.page.locator("[data-testid=chart-broken]").inner_text()


def test_the_children_of_a_vconcat_share_the_width_and_scrub(pages: Callable[..., Page]) -> None:
    page = pages(extra="stack", autoplay="no")
    canvas = page.page.locator("[data-testid=chart-stack] canvas")
    canvas.wait_for()
    plot = page.page.locator("[data-testid=chart-stack] .plot").bounding_box()
    assert 0.85 * plot["width"] < canvas.bounding_box()["width"] <= plot["width"]
    page.page.mouse.move(*page.point("stack", 0.6, 0.75))  # in the second of the two
    page.settle()
    assert 20 < page.frame < 79
    page.page.mouse.move(*page.point("stack", 0.6, 0.2))  # in the first, which does not scrub
    page.settle()
    assert page.frame == 0


def test_a_picture_is_of_the_snapshot_that_is_shown(still: Page) -> None:
    still.scrub(0.4)
    step, frame = still.get("step"), still.frame
    for form in ("PNG", "SVG", "PDF"):
        with still.page.expect_download() as coming:
            still.page.get_by_role("button", name=f"Download Where the kinks sit as {form}").click()
        assert coming.value.suggested_filename == f"kinks at {step}.{form.lower()}"
        asked = json.loads(coming.value.path().read_text())
        assert asked == {"chart": "kinks", "format": form.lower(), "frame": frame, "step": int(step)}
    saved: list[str] = []
    still.page.on("download", lambda download: saved.append(download.suggested_filename))
    still.page.get_by_role("button", name="Busy").click()
    still.page.get_by_text("It is busy.").wait_for()
    assert saved == [], "another run of the script saves nothing again"
