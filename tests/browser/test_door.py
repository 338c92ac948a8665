"""The door in a real browser: what moves on it, where it leads, the way back, and links of old past it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.export.vignettes import VIGNETTES
from core.studies.explorer.view import ExplorerView
from core.view import to_query
from tests.browser.visiting import Visit, resize, visits

pytestmark = pytest.mark.browser

PICTURES = "[...document.querySelectorAll('.vignette img')].filter((one) => one.checkVisibility())"


@pytest.fixture
def visit(browser: Any, app: str) -> Iterator[Callable[..., Visit]]:
    with visits(browser, f"{app}/", ("boundary",)) as opened:
        yield lambda **options: opened.open({}, **options)


def pictures(page: Visit, kind: str) -> list[bytes]:
    """What is seen of the pictures, which are all of a kind, moving or still."""
    drawn = f"{PICTURES}.length === 4 && {PICTURES}.every((one) => one.className === '{kind}' && one.naturalWidth > 0)"
    page.page.wait_for_function(drawn)
    found = page.page.locator(f".vignette .{kind}")
    return [found.nth(number).screenshot() for number in range(4)]


def test_a_question_leads_to_its_view_and_back_to_the_door(visit: Callable[..., Visit]) -> None:
    page = visit()
    before = pictures(page, "moving")
    page.page.wait_for_timeout(1000)
    assert all(later != earlier for earlier, later in zip(before, pictures(page, "moving"), strict=True))
    page.page.evaluate("window.sameApp = true")
    for name, label in (("kinks", "Why do few kinks remain?"), ("phase_plane", "When does noise help?")):
        chart = {"kinks": "network", "phase_plane": "plane"}[name]
        page.page.get_by_role("link", name=label).click()
        page.page.wait_for_selector(f"[data-testid=chart-{chart}] canvas")
        page.until("d.playing === 'true'")
        wanted = to_query(VIGNETTES[name].view)
        page.page.wait_for_function("path => location.pathname.endsWith(path)", arg=f"/{name}")
        assert page.query == wanted
        page.page.go_back()
        page.drawn()
        page.page.wait_for_function("location.pathname === '/' && !location.search")
        pictures(page, "moving")
    assert page.page.evaluate("window.sameApp"), "the page was never loaded anew"
    page.page.get_by_role("link", name="Open the Explorer").click()
    page.page.wait_for_selector("[data-testid=chart-plane] canvas")
    page.until_query("part", "v === 'explorer'")
    assert re.search("/explorer[?]", page.page.url)


def test_a_question_shows_its_view_on_a_page_that_was_left_on_another(visit: Callable[..., Visit]) -> None:
    page = visit()
    page.page.get_by_role("link", name="Kinks", exact=True).click()
    page.page.wait_for_selector("[data-testid=chart-network] canvas")
    page.press("Absolute value")
    page.page.wait_for_function("document.title.startsWith('Absolute value ·')")
    page.page.get_by_role("link", name="Trainscope", exact=True).click()
    page.drawn()
    page.page.get_by_role("link", name="Why do few kinks remain?").click()
    page.page.wait_for_function("document.title.startsWith('Zigzag ·')")
    assert page.query == to_query(VIGNETTES["kinks"].view)


def test_a_link_of_old_opens_the_explorer_at_the_root_and_back_returns_to_the_door(
    visit: Callable[..., Visit],
) -> None:
    page = visit()
    view = to_query(ExplorerView(step=300))
    page.charts = ("kinks", "information", "plane")
    page.open(view)
    page.until("d.playing === 'false'")
    assert page.query == view
    assert re.search(r":\d+/[?]", page.page.url)
    page.page.locator(".st-key-e_axis").get_by_text("linear", exact=True).click()
    page.until_query("axis", "v === 'linear'")
    page.page.go_back()
    page.until_query("axis", "v === 'log'")
    page.page.go_back()
    page.page.wait_for_selector("[data-testid=chart-boundary] canvas")
    assert not page.query
    page.page.go_forward()
    page.drawn()
    assert page.query["axis"] == "log"


def test_nothing_moves_for_those_who_want_it_still_or_stop_it(visit: Callable[..., Visit]) -> None:
    page = visit(reduced_motion="reduce")
    before = pictures(page, "still")
    page.page.wait_for_timeout(1000)
    assert pictures(page, "still") == before
    page.page.emulate_media(reduced_motion="no-preference")
    pictures(page, "moving")
    page.page.get_by_text("Moving pictures").click()
    before = pictures(page, "still")
    page.page.wait_for_timeout(1000)
    assert pictures(page, "still") == before


def test_nothing_is_wider_than_the_screen(visit: Callable[..., Visit]) -> None:
    page = visit(viewport=(390, 900), reduced_motion="reduce")
    pictures(page, "still")
    over = "const main = document.querySelector('[data-testid=stMain]'); return main.scrollWidth - main.clientWidth"
    for width in (390, 820, 1400):
        resize(page.page, width)
        assert page.page.evaluate(f"(() => {{ {over} }})()") == 0
        assert page.page.evaluate("document.documentElement.scrollWidth") <= width
