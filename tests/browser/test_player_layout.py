"""How the player is laid out: nothing is cut, nothing fades, nothing jumps."""

import base64
import re
from collections.abc import Callable

import pytest

from tests.browser import test_player
from tests.browser.test_player import ROOT, Page

pytestmark = pytest.mark.browser

pages = test_player.pages  # the fixture
DESK, PHONE = (1300, 1100), (390, 844)
# Words, legends and axes of every view that reach beyond the canvas, and words of fewer than 11 px.
FAULTS = """() => Object.entries(window.__trainscope.views).flatMap(([id, view]) => {
    const canvas = document.querySelector(`[data-testid=chart-${id}] canvas`);
    const box = canvas.getBoundingClientRect(), plot = canvas.closest(".plot").getBoundingClientRect();
    const width = Math.min(box.width, plot.width), height = Math.min(box.height, plot.height);
    const faults = [], [left, top] = view.origin(), padding = view.padding();
    const check = (what, bounds, x, y) => {
        if (x + bounds.x1 < -1 || x + bounds.x2 > width + 1 || y + bounds.y1 < -1 || y + bounds.y2 > height + 1)
            faults.push(`${id}: ${what} is cut`);
    };
    const walk = (mark, x, y) => mark.items.forEach(item => {
        if (/^(legend|axis)$/.test(mark.role)) check(mark.role, item.bounds, x, y);
        if (mark.marktype === "text" && item.text && item.opacity !== 0) {
            check(item.text, item.bounds, x, y);
            if (item.fontSize < 11) faults.push(`${id}: ${item.text} is ${item.fontSize} px`);
        }
        if (mark.marktype === "group") item.items.forEach(child => walk(child, x + (item.x || 0), y + (item.y || 0)));
    });
    walk(view.scenegraph().root, left + padding.left, top + padding.top);
    return faults;
})"""


def faults(page: Page) -> list[str]:
    found: list[str] = page.page.evaluate(FAULTS)
    return found


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_new_rows_get_the_room_that_they_need(pages: Callable[..., Page], screen: tuple[int, int]) -> None:
    page = pages(viewport=screen, extra="growing", autoplay="no")
    page.page.wait_for_selector("[data-testid=chart-double] canvas")
    assert faults(page) == []
    page.page.mouse.click(*page.point("plane", 0.5, 0.6))
    page.page.wait_for_function("window.__trainscope.swaps >= 4")
    page.page.wait_for_function("window.__trainscope.views.single.data('bars').length === 3")
    page.page.wait_for_timeout(500)
    assert faults(page) == []


def test_another_width_lays_out_anew(pages: Callable[..., Page]) -> None:
    page = pages(extra="growing", autoplay="no")
    page.page.mouse.click(*page.point("plane", 0.5, 0.6))
    page.page.wait_for_function("window.__trainscope.views.double.data('bars').length === 3")
    for width in (390, 1300):
        page.page.set_viewport_size({"width": width, "height": 1100})
        page.page.wait_for_timeout(1200)
        assert faults(page) == [], width
        plot = page.page.locator("[data-testid=chart-double] .plot").bounding_box()
        canvas = page.page.locator("[data-testid=chart-double] canvas").bounding_box()
        assert canvas["width"] == pytest.approx(plot["width"], abs=2), "as wide as its neighbours"


# The least opacity of the player in three seconds; and its places, by what they hold.
PALEST = """() => new Promise(done => {
    let least = 1;
    const end = performance.now() + 3000;
    const look = () => {
        let opacity = 1;
        for (let e = document.querySelector("[data-testid=player]"); e; e = e.parentElement)
            opacity *= getComputedStyle(e).opacity;
        least = Math.min(least, opacity);
        if (performance.now() < end) requestAnimationFrame(look);
        else done(least);
    };
    look();
})"""
TOPS = """() => [...document.querySelectorAll("[data-testid=player], .bar, .plot")]
    .map(e => e.getBoundingClientRect().top)"""


def test_charts_do_not_pale_while_the_script_runs(pages: Callable[..., Page]) -> None:
    page = pages()
    page.page.get_by_role("button", name="Slow").click()
    assert page.page.evaluate(PALEST) == 1
    assert page.playing


def test_words_that_come_and_go_move_nothing_above_them(pages: Callable[..., Page]) -> None:
    page = pages(autoplay="no")
    before = page.page.evaluate(TOPS)
    page.page.get_by_role("button", name="Busy").click()
    page.page.get_by_text("in training, to step 1,200").wait_for()
    page.page.get_by_text("It is busy.").wait_for()
    assert page.page.evaluate(TOPS) == before


def test_the_player_stays_in_its_place_at_another_width(pages: Callable[..., Page]) -> None:
    page = pages(autoplay="no")
    tops = "document.querySelector('.plot').getBoundingClientRect().top"
    before = page.page.evaluate(tops)
    seen = page.page.evaluate_handle(
        f"""() => {{
            const seen = new Set(), look = () => (seen.add({tops}), requestAnimationFrame(look));
            look();
            return seen;
        }}"""
    )
    page.page.set_viewport_size({"width": 1250, "height": 1100})
    page.page.wait_for_timeout(1000)
    assert seen.evaluate("seen => [...seen]") == [before]


def test_three_charts_stand_side_by_side_from_900_px(pages: Callable[..., Page]) -> None:
    page = pages(autoplay="no")
    for width, columns in ((899, 2), (900, 3)):
        page.page.evaluate(f"document.querySelector('{ROOT}').parentElement.style.width = '{width}px'")
        page.page.wait_for_timeout(400)
        lefts = page.page.evaluate("[...document.querySelectorAll('.card')].map(e => e.getBoundingClientRect().left)")
        assert len(set(lefts)) == columns


def test_titles_are_whole(pages: Callable[..., Page]) -> None:
    page = pages(viewport=PHONE, autoplay="no")
    page.page.get_by_role("button", name="Busy").evaluate("e => e.click()")
    page.page.get_by_text("in training, to step 1,200").wait_for()
    cut = "[...document.querySelectorAll('.card-title')].filter(e => e.scrollWidth > e.clientWidth).length"
    assert page.page.evaluate(cut) == 0


# The contrast of an element's words with what lies under them, as WCAG 2 defines it; backgrounds may be translucent.
CONTRAST = """selector => {
    const element = document.querySelector(selector);
    const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const fill = color => { pen.fillStyle = color; pen.fillRect(0, 0, 1, 1); };
    const luminance = () => {
        const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3).map(c => c / 255)
            .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const under = [];
    for (let e = element; e; e = e.parentElement) under.unshift(getComputedStyle(e).backgroundColor);
    fill("white");
    under.forEach(fill);
    const paper = luminance();
    fill(getComputedStyle(element).color);
    const ink = luminance();
    return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
}"""
WORDS = [".caption", ".badge[data-tone=quiet]", ".badge[data-tone=alert]", ".notes", ".ticks span", ".takeaway button"]


def test_words_stand_out_from_the_page(pages: Callable[..., Page]) -> None:
    page = pages(options={"color_scheme": "light"}, autoplay="no")
    page.page.get_by_role("button", name="Busy").click()
    page.page.get_by_text("in training, to step 1,200").wait_for()
    inks = set()
    for scheme in ("light", "dark"):
        page.page.emulate_media(color_scheme=scheme)
        page.page.wait_for_timeout(500)
        inks.add(page.page.evaluate("getComputedStyle(document.querySelector('.trainscope-player')).color"))
        contrasts = {selector: page.page.evaluate(CONTRAST, selector) for selector in WORDS}
        assert min(contrasts.values()) >= 4.5, (scheme, contrasts)
    assert len(inks) == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_scrubber_shows_where_colours_are_forced(pages: Callable[..., Page], scheme: str) -> None:
    page = pages(options={"forced_colors": "active", "color_scheme": scheme}, autoplay="no")
    page.scrub(0.5)
    box = page.page.locator("[data-testid=scrubber]").bounding_box()
    picture = page.page.screenshot(clip={**box, "y": box["y"] + box["height"] / 2, "height": 1})
    decode = """async url => {
        const picture = await createImageBitmap(await (await fetch(url)).blob());
        const pen = new OffscreenCanvas(picture.width, 1).getContext("2d");
        pen.drawImage(picture, 0, 0);
        return [0.1, 0.5, 0.9].map(x => [...pen.getImageData(Math.round(x * picture.width), 0, 1, 1).data].join());
    }"""
    address = "data:image/png;base64," + base64.b64encode(picture).decode()
    played, _, ahead = page.page.evaluate(decode, address)
    paper = page.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert len({played, ahead, ",".join([*re.findall(r"\d+", paper)[:3], "255"])}) == 3


def test_charts_take_the_colours_that_are_forced(pages: Callable[..., Page]) -> None:
    page = pages(options={"forced_colors": "active", "color_scheme": "dark"}, autoplay="no")
    assert page.page.evaluate("window.__trainscope.views.kinks.signal('ink')") == "#ffffff"
