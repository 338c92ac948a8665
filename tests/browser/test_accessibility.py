"""axe-core, light and dark: nothing critical, nothing serious, and headings in their order. Parts: test_parts.py."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.test_player_layout import CONTRAST
from tests.browser.visiting import close, new_page

pytestmark = pytest.mark.browser

WAIT = 60_000  # ms
PAPERS = {"light": "rgb(255, 255, 255)", "dark": "rgb(23, 22, 20)"}
CAPTIONS = "[data-testid=stCaptionContainer] p"
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"

CHROME: Mapping[str, str] = {}
"""What is Streamlit's own and not ours to mend: the selector of an element, and the rule of axe that it breaks."""


def grave(violation: Mapping[str, Any]) -> bool:
    return violation["impact"] in ("critical", "serious") or violation["id"] == "heading-order"


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    page = new_page(browser, (1280, 1000), reduced_motion="reduce")
    page.set_default_timeout(WAIT)
    yield page
    close(page)


def test_words_are_explained_on_their_page_and_all_of_them_on_one(page: Any, app: str) -> None:
    page.goto(f"{app}/kinks")
    page.wait_for_selector("[data-testid^=chart-] canvas")
    page.get_by_role("button", name="Words and symbols").focus()
    page.keyboard.press("Enter")
    page.get_by_text("effective number of kinks").filter(visible=True).last.wait_for()
    assert faults(page) == []
    page.goto(f"{app}/about")
    page.get_by_role("heading", name="This app").wait_for()
    assert faults(page) == []


def test_the_door_can_be_used_without_seeing_or_pointing(page: Any, app: str) -> None:
    page.emulate_media(reduced_motion="no-preference")
    page.goto(app)
    page.wait_for_selector("[data-testid=chart-boundary] canvas")
    page.get_by_text("Moving pictures").click()
    page.locator(".vignette .moving").first.wait_for(state="detached")
    page.get_by_role("img", name="Two moons").wait_for()
    assert faults(page) == []
    page.get_by_role("link", name="Which features starve?").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("location.pathname === '/learning_dynamics'")


def faults(page: Any) -> list[Any]:
    """Return what is grave on a page, light and dark."""
    found = []
    page.wait_for_selector(SETTLED)
    for scheme, paper in PAPERS.items():
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(f"getComputedStyle(document.querySelector('.stApp')).backgroundColor === '{paper}'")
        page.wait_for_selector(SETTLED)
        page.wait_for_function("document.getAnimations().every(one => one.playState !== 'running')")
        if page.locator(CAPTIONS).count():
            assert page.evaluate(CONTRAST, CAPTIONS) >= 4.5, scheme  # axe is not sure of the most of them
        for violation in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]:
            nodes = [node for node in violation["nodes"] if CHROME.get(str(node["target"][0])) != violation["id"]]
            if grave(violation) and nodes:
                found.append((scheme, violation["id"], [(node["html"], node["failureSummary"]) for node in nodes]))
    return found
