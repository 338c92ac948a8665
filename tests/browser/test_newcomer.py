"""A newcomer's way in a real browser: from the door through a story to an own setting, a comparison and a figure.

By the keyboard alone on a desk, and by pointing on a phone.
"""

import re
from pathlib import Path
from typing import Any

import pytest

from core.story import stories
from tests.browser.visiting import Visit, visits

pytestmark = pytest.mark.browser

WIDTH = "48"
MOST_TABS = 400


class Mouse:
    """Presses by pointing."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def press(self, what: Any) -> None:
        what.click()

    def write(self, field: Any, text: str) -> None:
        field.click()
        self._replace(text)

    def _replace(self, text: str) -> None:
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")


class Keyboard(Mouse):
    """Goes to what it presses by the tab key, from wherever it is."""

    def press(self, what: Any) -> None:
        self._reach(what)
        self.page.keyboard.press("Enter")

    def write(self, field: Any, text: str) -> None:
        self._reach(field)
        self._replace(text)

    def _reach(self, what: Any) -> None:
        what.wait_for()
        for _ in range(MOST_TABS):
            if what.evaluate("e => e === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"the tab key does not lead to {what}")


WAYS: dict[str, tuple[type[Mouse], tuple[int, int], str]] = {
    "keyboard": (Keyboard, (1400, 1000), "reduce"),
    "phone": (Mouse, (390, 844), "no-preference"),
}
"""How somebody presses, on which screen, and whether pictures move by themselves."""


def read_through(page: Visit, hands: Mouse, name: str) -> None:
    """Read a story to its end, and leave it."""
    button = ".st-key-story-{} button"
    hands.press(page.page.locator(button.format(f"begin-{name}")))
    for number, step in enumerate(stories()[name].steps, start=1):
        page.page.locator(".st-key-story").get_by_text(f"{number} of {len(stories()[name].steps)}").wait_for()
        page.settled()
        if step.question is not None:
            hands.press(page.page.locator(button.format("choice-1")))
            page.page.locator(".st-key-story").get_by_text(re.compile("right(, your choice)?[)]")).wait_for()
            page.settled()
        if number < len(stories()[name].steps):
            hands.press(page.page.locator(button.format("next")))
    hands.press(page.page.locator(button.format("leave")))
    page.page.locator(button.format("leave")).wait_for(state="hidden")


@pytest.mark.parametrize("way", WAYS)
def test_from_the_door_to_a_figure_of_an_own_comparison(browser: Any, app: str, way: str) -> None:
    kind, screen, motion = WAYS[way]
    with visits(browser, f"{app}/", ("boundary",)) as opened:
        page = opened.open({}, screen, reduced_motion=motion)
        hands = kind(page.page)
        hands.press(page.page.get_by_role("link", name="Open the Explorer"))
        page.page.wait_for_selector("[data-testid=chart-plane] canvas")
        read_through(page, hands, "lazy")
        hands.press(page.page.get_by_role("button", name="Pin this run"))
        page.says(re.compile("Pinned run A"))
        if way == "phone":
            hands.press(page.page.get_by_test_id("stExpandSidebarButton"))
        hands.write(page.page.locator(".st-key-e_width input"), WIDTH)
        if way == "phone":
            hands.press(page.page.get_by_test_id("stSidebarCollapseButton").get_by_role("button"))
        page.says(re.compile(rf"differs in: width 64 [(]here {WIDTH}[)]"))
        page.until_query("width", f"v === '{WIDTH}'")
        page.settled()
        with page.page.expect_download() as coming:
            hands.press(page.page.get_by_role("button", name="Download Along a line through the data as PNG"))
        assert coming.value.suggested_filename.endswith(".png")
        assert Path(coming.value.path()).read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
