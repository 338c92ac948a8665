"""Lessons: a press on "Show me" brings the charts and the lesson's text into view together, and says what it takes."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from core.part import Lesson, Part
from core.study import page_of, parts
from core.view import to_query
from tests.browser.visiting import ROOT, Visit, visits

pytestmark = pytest.mark.browser

TAUGHT: Mapping[str, Part[Any]] = {name: part for name, part in parts().items() if part.lessons}
IN_SIGHT = """(title) => {
  const inside = (box) => box.top >= 0 && box.bottom <= innerHeight && box.width > 0;
  const player = document.querySelector('[data-testid=player]').getBoundingClientRect();
  const heading = document.querySelector('.trainscope-player .card-title').getBoundingClientRect();
  const canvas = document.querySelector('.trainscope-player .plot canvas')?.getBoundingClientRect();
  const foot = document.querySelector('.st-key-foot').getBoundingClientRect();
  const text = document.querySelector('.st-key-lesson p');
  return text?.textContent.startsWith(title) && inside(text.getBoundingClientRect()) && inside(heading)
    && player.top >= 0 && canvas && canvas.top + 150 < foot.top;
}"""
"""The toolbar, the first chart's title and 150 pixels of its plot, and all of the lesson's text."""


@pytest.fixture
def visit(browser: Any, app: str) -> Iterator[Callable[..., Visit]]:
    with visits(browser, app, ()) as opened:

        def go(part: Part[Any]) -> Visit:
            opened.url = f"{app}/{page_of(part)}"
            page = opened.open(to_query(part.view()), (1280, 800))
            page.page.wait_for_selector(f"{ROOT} canvas")
            return page

        yield go


def quiet(page: Visit) -> None:
    page.settled()


def button_of(lesson: Lesson) -> str:
    """The selector of a lesson's button, by the class that Streamlit makes of its key."""
    return f".st-key-{re.sub(r'[^a-zA-Z0-9_-]', '-', f'lesson-{lesson.title}'.strip())} button"


def test_a_lesson_can_be_put_away_and_a_preset_does_so(visit: Callable[..., Visit]) -> None:
    part = TAUGHT["kinks"]
    page = visit(part)
    quiet(page)
    first, second = map(button_of, part.lessons[:2])
    page.page.locator(first).click()
    page.page.wait_for_function(IN_SIGHT, arg=part.lessons[0].title)
    page.page.keyboard.press("p")
    presented = page.page.locator(".trainscope-player.presenting .lesson")
    assert part.lessons[0].text in presented.inner_text(), "what to see stands with the charts that are presented"
    page.page.keyboard.press("p")
    presented.wait_for(state="hidden")
    page.press("Close")
    page.page.locator(".st-key-lesson").wait_for(state="hidden")
    page.page.locator(second).click()
    page.page.wait_for_function(IN_SIGHT, arg=part.lessons[1].title)
    page.press(re.compile("^Zigzag$"))
    page.page.locator(".st-key-lesson").wait_for(state="hidden")


def test_a_button_says_how_long_its_training_takes_and_then_offers_it_in_sight(visit: Callable[..., Visit]) -> None:
    part = TAUGHT["moons"]
    page = visit(part)
    quiet(page)
    page.page.get_by_role("button", name=re.compile(r"^Show me · about \d+ s$")).click()
    page.page.wait_for_function(IN_SIGHT, arg="Weight decay is no cure")
    train = page.page.locator(".st-key-training").get_by_role("button", name=re.compile("^.*Train these networks"))
    train.wait_for()
    box = train.bounding_box()
    assert 0 <= box["y"] <= 800 - box["height"]
    page.says(re.compile("the charts still show"))
