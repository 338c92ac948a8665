"""What was seen last and what was named, in the browser's own storage."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.visiting import Visit, visits

pytestmark = pytest.mark.browser

STORED = "name => JSON.parse(localStorage.getItem(name) ?? '[]')"


@pytest.fixture
def visit(browser: Any, app: str) -> Iterator[Visit]:
    with visits(browser, f"{app}/kinks", ("network",)) as opened:
        yield opened.open({}, (1280, 900))


def press_preset(page: Visit, name: str) -> None:
    page.page.get_by_role("button", name=name, exact=True).click()
    page.page.wait_for_function(f"document.title.startsWith('{name} ·')")


def test_views_are_remembered_named_opened_and_forgotten(visit: Visit) -> None:
    page = visit.page
    press_preset(visit, "Three plateaus")
    press_preset(visit, "Absolute value")
    page.wait_for_function("JSON.parse(localStorage.getItem('trainscope.recent'))?.length >= 2")
    first, second = page.evaluate(STORED, "trainscope.recent")[:2]
    assert first["title"].startswith("Absolute value ·")
    assert second["title"].startswith("Three plateaus ·")
    assert "&step=" not in second["path"], "the player's place is not what a view is"
    page.get_by_role("button", name="Recent").click()
    lists = page.get_by_test_id("recent")
    lists.wait_for()
    name = lists.get_by_label(f"A name for {second['title']}")
    name.fill("For Monday")
    name.press("Enter")
    lists.get_by_role("heading", name="Named").wait_for()
    assert page.evaluate(STORED, "trainscope.named") == [second | {"title": "For Monday"}]
    assert "width" not in second["told"] and "x " in second["told"], "what differs from the page as it comes"
    lists.get_by_role("link", name="For Monday").click()
    page.wait_for_function("document.title.startsWith('Three plateaus ·')")
    page.wait_for_selector("[data-testid=chart-network] canvas")
    page.get_by_role("button", name="Recent").click()
    page.get_by_role("button", name="Forget For Monday").click()
    lists.get_by_role("heading", name="Named").wait_for(state="detached")
    assert page.evaluate(STORED, "trainscope.named") == []


def test_a_damaged_list_is_begun_anew(visit: Visit) -> None:
    page = visit.page
    page.evaluate("localStorage.setItem('trainscope.recent', '{]')")
    page.evaluate('localStorage.setItem(\'trainscope.named\', \'[{"title": "x", "path": "//evil.example"}, 7]\')')
    press_preset(visit, "Three plateaus")
    page.wait_for_function("localStorage.getItem('trainscope.recent').startsWith('[')")
    page.get_by_role("button", name="Recent").click()
    lists = page.get_by_test_id("recent")
    lists.get_by_role("link").first.wait_for()
    assert lists.get_by_role("link", name="x", exact=True).count() == 0, "leads to another site"
