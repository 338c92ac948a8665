"""A finger on the player: one tap picks, a drag moves a point or scrolls the page."""

import re
from collections.abc import Callable, Iterator

import pytest

from tests.browser import test_player
from tests.browser.test_player import Page
from tests.browser.test_player_edit import Hand, near

pytestmark = pytest.mark.browser

pages = test_player.pages  # the fixture
Place = tuple[float, float]
Touch = Callable[..., None]
PHONE = {"has_touch": True, "is_mobile": True}


@pytest.mark.parametrize("chart", ["plane", "kinks", "rows"])
def test_one_tap_picks(pages: Callable[..., Page], chart: str) -> None:
    page = pages(options={"has_touch": True}, autoplay="no", extra="picks")
    x, y = {"plane": (0.5, 0.6), "kinks": page.mark("kinks"), "rows": (0.5, 0.5)}[chart]
    page.page.touchscreen.tap(*page.point(chart, x, y))
    page.page.get_by_text(re.compile(f"'chart': '{chart}'.*'token': 1")).wait_for()


def test_a_second_tap_picks_another_cell(pages: Callable[..., Page]) -> None:
    page = pages(options={"has_touch": True}, autoplay="no")
    page.page.touchscreen.tap(*page.point("plane", 0.5, 0.6))
    page.page.get_by_text(re.compile(r"'alpha': 5.*'token': 1")).wait_for()
    page.page.wait_for_timeout(400)  # or it would be a double tap
    page.page.touchscreen.tap(*page.point("plane", 0.75, 0.6))
    page.page.get_by_text(re.compile(r"'alpha': [89].*'token': 2")).wait_for()


@pytest.fixture
def finger(pages: Callable[..., Page]) -> Iterator[tuple[Hand, Touch]]:
    """A hand on a touch screen, and `touch("Start", place)`."""
    hand = Hand(pages(options=PHONE, viewport=(390, 800), extra="edit", autoplay="no"))
    protocol = hand.page.page.context.new_cdp_session(hand.page.page)

    def touch(kind: str, *places: Place) -> None:
        at = [dict(zip("xy", hand.screen(place), strict=True)) for place in places]
        protocol.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": at})

    yield hand, touch
    protocol.detach()


def swipe(touch: Touch, start: Place, end: Place) -> None:
    touch("Start", start)
    for i in range(1, 9):
        touch("Move", tuple(a + i / 8 * (b - a) for a, b in zip(start, end, strict=True)))
    touch("End")


SCROLLED = "[...document.querySelectorAll('*')].reduce((sum, e) => sum + e.scrollTop, 0)"


def test_a_finger_drags_a_point_and_the_page_stays(finger: tuple[Hand, Touch]) -> None:
    hand, touch = finger
    before = hand.page.page.evaluate(SCROLLED)
    swipe(touch, (0.0, -0.4), (0.0, 0.35))
    hand.until_done()
    assert near(hand.heard()[1], (0.0, 0.35))
    assert hand.page.page.evaluate(SCROLLED) == before


def test_a_finger_beside_the_points_scrolls_the_page(finger: tuple[Hand, Touch]) -> None:
    hand, touch = finger
    before = hand.page.page.evaluate(SCROLLED)
    swipe(touch, (0.3, -0.5), (0.3, -1.2))
    hand.page.page.wait_for_function(f"{SCROLLED} !== {before}")
    assert hand.edits() == 0


def test_two_taps_add_a_point_and_take_it_away(finger: tuple[Hand, Touch]) -> None:
    hand, _ = finger
    for count in (4, 3):
        for _ in range(2):
            hand.page.page.touchscreen.tap(*hand.screen((0.3, -0.4)))
        hand.until_done(5 - count)
        assert len(hand.discs()) == count
        hand.hold_still(400)


def test_a_finger_that_rests_on_a_point_keeps_it(finger: tuple[Hand, Touch]) -> None:
    hand, touch = finger
    touch("Start", (0.0, -0.4))
    hand.hold_still(1200)  # a long press asks for a menu
    touch("End")
    hand.hold_still(400)
    assert (len(hand.discs()), hand.edits()) == (3, 0)
