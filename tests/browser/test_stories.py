"""Stories in a real browser: an answer, the next step, Back and a reload keep the place, on a laptop and a phone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.story import stories
from tests.browser.test_accessibility import faults
from tests.browser.visiting import Visit, visits

pytestmark = pytest.mark.browser

SCREENS = {"laptop": (1280, 900), "phone": (390, 844)}
BESIDE = """() => {
  const box = (selector) => document.querySelector(selector)?.getBoundingClientRect();
  const panel = document.querySelector('.st-key-story')?.parentElement.getBoundingClientRect();
  const [canvas, next] = ['.trainscope-player .plot canvas', '.st-key-story-next button'].map(box);
  const apart = panel && canvas && (canvas.right <= panel.left || canvas.top + 150 <= panel.top);
  return apart && next.bottom <= innerHeight && document.documentElement.scrollWidth <= innerWidth;
}"""
"""The panel covers no plot but for the lower part of one on a phone, and the ways on are in sight."""


@pytest.fixture
def visit(browser: Any, app: str) -> Iterator[Callable[..., Visit]]:
    with visits(browser, app, ("kinks",)) as opened:
        yield lambda query, size, **options: opened.open(query, size, **options)


def reads(page: Visit, text: str) -> None:
    page.page.locator(".st-key-story").get_by_text(text).first.wait_for()


def quiet(page: Visit) -> None:
    page.settled()


@pytest.mark.parametrize("screen", SCREENS)
def test_an_answer_and_the_next_step_keep_their_place(visit: Callable[..., Visit], screen: str) -> None:
    question = stories()["lazy"].steps[1].question
    assert question is not None
    page = visit({"story": "lazy", "at": "2"}, SCREENS[screen])
    quiet(page)
    before = page.until_query("alpha", "v !== null")
    page.press(question.choices[0])
    reads(page, "(right)")
    assert page.until_query("alpha", f"v !== null && v !== '{before}'") != before
    assert page.query["took"] == "1"
    quiet(page)
    page.page.wait_for_function(BESIDE)
    page.reload()
    reads(page, "(right)")
    assert page.query["took"] == "1"
    page.press("Next")
    reads(page, "3 of 5")
    page.until_query("at", "v === '3'")
    page.page.go_back()
    reads(page, "2 of 5")
    reads(page, "(right)")
    page.press("Leave")
    page.page.locator(".st-key-story-leave").wait_for(state="hidden")
    page.page.wait_for_function("() => !new URL(location).searchParams.has('story')")


def test_a_story_leads_from_page_to_page_and_back(visit: Callable[..., Visit]) -> None:
    page = visit({"story": "regimes"}, SCREENS["laptop"])
    page.press("Next")
    reads(page, "2 of 5")
    page.page.wait_for_selector("[data-testid=chart-twin] canvas")
    page.until_query("at", "v === '2'")
    assert "/kinks" in page.page.url
    page.page.go_back()
    reads(page, "1 of 5")
    page.until_query("at", "v === '1'")
    assert "/kinks" not in page.page.url


def test_a_class_sees_the_charts_and_the_story_and_nothing_else(visit: Callable[..., Visit]) -> None:
    page = visit({"story": "lazy", "at": "2", "hide": "page"}, SCREENS["laptop"])
    quiet(page)
    page.page.wait_for_function(BESIDE)
    assert page.page.locator("[data-testid=stSidebar]").is_hidden()
    assert page.page.get_by_role("heading", name="How a network learns").is_hidden()
    assert page.page.get_by_role("button", name="Two moons").is_hidden()


@pytest.mark.parametrize("screen", SCREENS)
def test_a_question_can_be_answered_without_seeing_or_pointing(visit: Callable[..., Visit], screen: str) -> None:
    page = visit({"story": "lazy", "at": "2"}, SCREENS[screen], reduced_motion="reduce")
    assert faults(page.page) == []
    choice = page.page.locator(".st-key-story-choice-2 button")
    choice.focus()
    page.page.keyboard.press("Enter")
    reads(page, "(right, your choice)")
    assert faults(page.page) == []
