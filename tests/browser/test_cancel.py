"""A training that is cancelled: the page says so at once, and the work ends."""

import io
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from core.view import to_query
from tests.browser.test_explorer import CHARTS, NOTICE, alive, run_with, workers
from tests.browser.visiting import Visit, visits

pytestmark = pytest.mark.browser

ACKNOWLEDGED_MS = 300
FREED_SECONDS = 5
"""A second at most for the work, and the click's way to the server on a machine that others use, too."""
WATCH = """() => {
  document.addEventListener('click', () => (window.pressed = performance.now()), { capture: true });
  const told = () => document.querySelector('.st-key-training')?.innerText.includes('Cancelling');
  new MutationObserver(() => { if (told()) window.acknowledged ??= performance.now() - window.pressed; })
    .observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


@pytest.fixture(scope="session")
def app(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    cache = tmp_path_factory.mktemp("cancel-cache")
    return serve("app.py", env={"TRAINSCOPE_CACHE": str(cache), "TRAINSCOPE_DATA": "", "TRAINSCOPE_WORKERS": "2"})


@pytest.fixture
def visit(browser: Any, app: str) -> Iterator[Callable[[int], Visit]]:
    """`visit(seed)`: a plane in training that takes long enough to be watched."""
    with visits(browser, f"{app}/", CHARTS) as opened:

        def go(seed: int) -> Visit:
            page = opened.open(to_query(replace(run_with(seed=seed, width=256, depth=3), step=300)))
            page.says_no_more(NOTICE)
            page.press(re.compile("Train the plane"))
            page.says(re.compile(r"The plane around it: \d+ of 144 runs ended"))
            return page

        yield go


def cancel(page: Visit, app: str) -> None:
    """Cancel what trains; only the child of single runs stays."""
    training = {pid for pid in workers(app) if alive(pid)}
    assert len(training) >= 4
    page.page.evaluate(WATCH)
    page.page.get_by_role("button", name="Cancel").click()
    pressed = time.monotonic()
    while sum(alive(pid) for pid in training) > 1 and time.monotonic() - pressed < FREED_SECONDS:
        time.sleep(0.02)
    assert sum(alive(pid) for pid in training) == 1
    page.says(re.compile("The plane around it: cancelled after"))
    assert time.monotonic() - pressed < FREED_SECONDS


def test_the_last_who_waits_cancels_is_told_at_once_and_keeps_what_is_trained(
    visit: Callable[[int], Visit], app: str
) -> None:
    """One training, as it takes all cores: others wait for it, too, the page is loaded again, and then cancels it."""
    page = visit(21)
    plane = page.pixels("plane")
    other = page.page.context.browser.new_context()
    try:
        theirs = Visit(other.new_page(), page.url, CHARTS).open(page.query)
        theirs.says("Others wait for it, too.")
        assert not theirs.page.get_by_role("button", name="Cancel").is_visible()
    finally:
        other.close()
    page.until_other_pixels("plane", plane)
    page.reload()
    page.says(re.compile(r"The plane around it: \d+ of 144 runs ended"))
    cancel(page, app)
    assert page.page.evaluate("window.acknowledged") <= ACKNOWLEDGED_MS
    assert page.pixels("plane") != plane, "what is trained stays on the chart"
    cells = pd.read_csv(io.BytesIO(page.download("plane.csv")))
    assert len(cells) == 144
    assert cells["test_error"].notna().any()
    assert (cells["outcome"] == "unfinished").any()
    assert page.page.get_by_role("button", name=re.compile("Train the plane")).is_visible()
