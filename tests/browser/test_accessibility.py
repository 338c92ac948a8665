"""axe-core on every part, light and dark: nothing critical, nothing serious, and headings in their order."""

import urllib.parse
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.gallery import views
from tests.browser.test_player_layout import CONTRAST

pytestmark = pytest.mark.browser

VIEWS = {name: (page, query) for name, page, query in views()}
WAIT = 60_000  # ms
PAPERS = {"light": "rgb(255, 255, 255)", "dark": "rgb(23, 22, 20)"}
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"

CHROME: Mapping[str, str] = {}
"""What is Streamlit's own and not ours to mend: the selector of an element, and the rule of axe that it breaks."""


def grave(violation: Mapping[str, Any]) -> bool:
    return violation["impact"] in ("critical", "serious") or violation["id"] == "heading-order"


@pytest.mark.parametrize("name", VIEWS)
def test_a_part_can_be_used_without_seeing_or_pointing(
    name: str, browser: Any, serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    cache = tmp_path_factory.getbasetemp() / "accessible"
    cache.mkdir(exist_ok=True)
    url = serve("app.py", env={"TRAINSCOPE_CACHE": str(cache)})
    path, query = VIEWS[name]
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(WAIT)
    page.goto(f"{url}/{path}?{urllib.parse.urlencode(query)}")
    page.wait_for_selector("[data-testid^=chart-] canvas")
    page.wait_for_selector(SETTLED)
    found = []
    for scheme, paper in PAPERS.items():
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(f"getComputedStyle(document.querySelector('.stApp')).backgroundColor === '{paper}'")
        page.wait_for_selector(SETTLED)
        page.wait_for_function("document.getAnimations().every(one => one.playState !== 'running')")
        captions = page.evaluate(CONTRAST, "[data-testid=stCaptionContainer] p")  # axe is not sure of the most of them
        assert captions >= 4.5, scheme
        for violation in Axe().run(page).response["violations"]:
            nodes = [node for node in violation["nodes"] if CHROME.get(str(node["target"][0])) != violation["id"]]
            if grave(violation) and nodes:
                found.append((scheme, violation["id"], [(node["html"], node["failureSummary"]) for node in nodes]))
    context.close()
    assert found == []
