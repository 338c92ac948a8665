"""Back and Forward walk through what a person changed, one entry each; Ctrl+Z and Shift+Ctrl+Z undo and redo it."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from core.studies.kinks.experiment import Kinks
from core.studies.kinks.view import KinksView
from core.values import parse_numbers
from core.view import to_query
from tests.browser.points import place
from tests.browser.visiting import ROOT, Visit, visits

pytestmark = pytest.mark.browser

CHARTS = ("network", "trails", "directions", "growth", "loss")
SMALL = KinksView(experiment=Kinks(width=64), step=300)
SETTLED_MS = 1500
"""In which an entry that should not be made would have been."""


@pytest.fixture
def visit(browser: Any, app: str) -> Iterator[Callable[..., Visit]]:
    with visits(browser, f"{app}/kinks", CHARTS) as opened:
        yield lambda view=SMALL, **options: opened.open(to_query(view) if view else {}, **options)


def entries(page: Visit) -> int:
    """How many entries the tab's history has, once the page is quiet."""
    quiet(page)
    page.page.wait_for_timeout(SETTLED_MS)
    return int(page.page.evaluate("history.length"))


def quiet(page: Visit) -> None:
    page.settled()


def until(page: Visit, **words: str) -> None:
    for word, text in words.items():
        page.until_query(word, f"v === '{text}'")
    quiet(page)


def narrower(page: Visit) -> None:
    """Set the width from 64 to 32."""
    page.slide("k_width", "ArrowLeft")


def test_back_and_forward_walk_through_settings(visit: Callable[..., Visit]) -> None:
    page = visit()
    until(page, width="64")
    first = entries(page)
    narrower(page)
    until(page, width="32")
    page.page.locator(".st-key-k_loss").get_by_text("logistic", exact=False).first.click()
    until(page, width="32", loss="logistic")
    assert entries(page) == first + 2
    page.page.go_back()
    until(page, width="32", loss="squared")
    page.page.go_back()
    until(page, width="64", loss="squared")
    page.page.wait_for_function(
        "document.querySelector('.st-key-k_width input').getAttribute('aria-valuetext') === '64'"
    )
    page.page.go_forward()
    until(page, width="32", loss="squared")
    page.page.go_forward()
    until(page, width="32", loss="logistic")
    assert entries(page) == first + 2, "walking adds no entry"


def test_no_entry_is_made_but_by_a_change(visit: Callable[..., Visit]) -> None:
    """The first link of a visit and the player's steps, speed and loop replace the address that was there."""
    page = visit(None)
    page.until_query("width", "v")
    first = entries(page)
    page.page.locator(ROOT).focus()
    for key in ("Home", "ArrowRight", ",", "l"):
        page.page.keyboard.press(key)
    until(page, speed="0.5", loop="false")
    page.until_query("step", "Number(v) > 0")
    page.page.keyboard.press(" ")
    page.page.wait_for_function("!new URL(location).searchParams.has('step')")
    assert page.query["speed"] == "0.5"
    assert entries(page) == first


def test_back_brings_the_players_place(visit: Callable[..., Visit]) -> None:
    page = visit()
    page.until("d.playing === 'false'")
    frame = page.data("frame")
    narrower(page)
    until(page, width="32")
    page.page.locator(ROOT).focus()
    page.page.keyboard.press("Home")
    page.page.keyboard.press(".")
    until(page, step="0", speed="2")
    page.page.go_back()
    until(page, width="64")
    page.until(f"d.frame === '{frame}' && d.speed === '1' && d.playing === 'false'")
    page.page.go_forward()
    until(page, width="32", speed="2")
    page.until("d.frame === '0' && d.speed === '2'")


def test_a_drag_is_one_entry_and_can_be_undone(visit: Callable[..., Visit]) -> None:
    page = visit()
    quiet(page)
    first, x = entries(page), page.query["x"]
    slow_drag(page, (0.0, -0.3), (0.3, 0.25))
    page.until_query("x", "v.split(',').some((x) => Math.abs(x - 0.3) < 0.01)")
    moved = page.query["x"]
    assert entries(page) == first + 1
    page.page.keyboard.press("Control+z")
    page.until_query("x", f"v === '{x}'")
    until_points(page, list(parse_numbers("x", x)))
    page.page.keyboard.press("Control+z")  # the first entry of the visit: nothing is left to undo
    page.page.keyboard.press("Control+Shift+z")
    page.until_query("x", f"v === '{moved}'")
    page.page.keyboard.press("Control+z")
    page.until_query("x", f"v === '{x}'")
    page.page.keyboard.press("Control+y")
    page.until_query("x", f"v === '{moved}'")
    page.page.keyboard.press("Control+y")
    assert entries(page) == first + 1


def slow_drag(page: Visit, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag so slowly that the page hears of it on the way, and more than once."""
    (x0, y0), (x1, y1) = place(page.page, *start), place(page.page, *end)
    page.page.mouse.move(x0, y0)
    page.page.mouse.down()
    for part in range(1, 9):
        page.page.mouse.move(x0 + part / 8 * (x1 - x0), y0 + part / 8 * (y1 - y0))
        page.page.wait_for_timeout(300)
    page.page.mouse.up()


def until_points(page: Visit, x: Sequence[float]) -> None:
    """Wait until the chart's points stand at `x`."""
    page.page.wait_for_function(
        """(x) => {
          const rows = window.__trainscope.views.network.data('points').map((row) => row.x).sort((a, b) => a - b);
          return rows.length === x.length && rows.every((value, k) => Math.abs(value - x[k]) < 1e-6);
        }""",
        arg=sorted(x),
    )


def test_a_drag_that_is_given_up_is_no_entry(visit: Callable[..., Visit]) -> None:
    page = visit()
    quiet(page)
    first, x = entries(page), page.query["x"]
    (x0, y0), (x1, y1) = place(page.page, 0.0, -0.3), place(page.page, 0.3, 0.25)
    page.page.mouse.move(x0, y0)
    page.page.mouse.down()
    page.page.mouse.move(x1, y1, steps=4)
    page.page.wait_for_function(
        "window.__trainscope.views.network.data('points').some((row) => Math.abs(row.x - 0.3) < 0.01)"
    )
    page.page.wait_for_timeout(1000)
    page.page.keyboard.press("Escape")
    page.page.mouse.up()
    until_points(page, [float(text) for text in x.split(",")])
    assert entries(page) == first
    assert page.query["x"] == x


def test_the_keys_belong_to_a_field_that_is_typed_into(visit: Callable[..., Visit]) -> None:
    page = visit()
    narrower(page)
    until(page, width="32")
    page.page.get_by_text("Points as text").click()
    text = page.page.locator("textarea")
    text.wait_for()
    before = text.input_value()
    text.focus()
    page.page.keyboard.type("9")
    page.page.keyboard.press("Control+z")
    page.page.wait_for_function("(before) => document.querySelector('textarea').value === before", arg=before)
    page.page.wait_for_timeout(SETTLED_MS)
    assert page.query["width"] == "32"


def test_back_walks_through_parts_and_pages(visit: Callable[..., Visit]) -> None:
    page = visit()
    until(page, width="64")
    first = entries(page)
    page.page.locator(".st-key-k_part").get_by_text("inputs", exact=False).first.click()
    page.page.wait_for_selector("[data-testid=chart-lines] canvas")
    until(page, part="inputs")
    page.page.get_by_role("link", name="Complexity").click()
    page.page.wait_for_selector("[data-testid=chart-explained] canvas")
    page.until_query("dataset", "v")
    assert entries(page) == first + 2
    page.page.go_back()
    page.page.wait_for_selector("[data-testid=chart-lines] canvas")
    until(page, part="inputs")
    page.page.go_back()
    page.drawn()
    until(page, part="line", width="64")
    assert re.search("/kinks", page.page.url)
    page.page.go_forward()
    page.page.wait_for_selector("[data-testid=chart-lines] canvas")
    page.page.go_forward()
    page.page.wait_for_selector("[data-testid=chart-explained] canvas")
    assert entries(page) == first + 2


def test_what_was_done_before_a_reload_can_be_undone(visit: Callable[..., Visit]) -> None:
    page = visit()
    narrower(page)
    until(page, width="32")
    page.reload()
    until(page, width="32")
    page.page.locator(ROOT).focus()
    page.page.keyboard.press("Control+z")
    until(page, width="64")
