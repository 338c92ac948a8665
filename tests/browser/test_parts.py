"""Every part in a real browser, opened once and at rest: axe on it, then its lessons beside its charts."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from core.part import Part
from core.study import page_of, parts
from core.view import to_query
from tests.browser.test_accessibility import faults
from tests.browser.test_lessons import IN_SIGHT, button_of, quiet
from tests.browser.visiting import Visit, visits

pytestmark = pytest.mark.browser

PARTS: Mapping[str, Part[Any]] = parts()
TAUGHT = [name for name, part in PARTS.items() if part.lessons]
LAPTOP, PHONE = (1280, 800), (390, 844)


class Opened(NamedTuple):
    """A part, and the page that shows it."""

    part: Part[Any]
    page: Visit


@pytest.fixture(scope="module")
def opened(request: pytest.FixtureRequest, browser: Any, app: str) -> Iterator[Opened]:
    """One page for all looks at a part; it does not play, which takes as much as all that is looked at."""
    part = PARTS[request.param]
    with visits(browser, f"{app}/{page_of(part)}", ()) as pages:
        page = pages.open(to_query(part.view()), LAPTOP, reduced_motion="reduce")
        page.page.wait_for_selector("[data-testid^=chart-] canvas")
        yield Opened(part, page)


@pytest.mark.parametrize("opened", PARTS, indirect=True)
def test_a_part_can_be_used_without_seeing_or_pointing(opened: Opened) -> None:
    assert faults(opened.page.page) == []


@pytest.mark.parametrize("opened", TAUGHT, indirect=True)
def test_charts_and_text_are_in_view_together(opened: Opened, request: pytest.FixtureRequest) -> None:
    """The first lesson and the one with most words on a phone, that one on a laptop; with `--every`, all on both."""
    page, all_of_them = opened.page.page, opened.part.lessons
    longest = max(all_of_them, key=lambda lesson: len(lesson.text))
    every = [*(lesson for lesson in all_of_them if lesson != longest), longest]
    whole = request.config.getoption("--every")
    for (width, height), lessons in ((LAPTOP, [longest]), (PHONE, [all_of_them[0], longest])):
        page.set_viewport_size({"width": width, "height": height})
        for lesson in every if whole else lessons:
            quiet(opened.page)
            page.locator(button_of(lesson)).click()
            page.wait_for_function(IN_SIGHT, arg=lesson.title)
    page.wait_for_timeout(1500)
    assert page.evaluate(IN_SIGHT, longest.title), "and they stay there"
    assert page.evaluate("document.activeElement.dataset.testid") == "player", "keys go to the player"
