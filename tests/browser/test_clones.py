"""Which statistics are learned first, in Chromium: what ships plays, and rests where a link says."""

from typing import Any

import pytest

from core.studies.clones.view import ClonesView
from core.view import to_query
from tests.browser.visiting import visits

pytestmark = pytest.mark.browser

CHARTS = ("staircase", "recognised", "beyond", "explained")


@pytest.fixture
def address(app: str) -> str:
    return f"{app}/complexity"


def test_what_ships_plays_and_rests(browser: Any, address: str) -> None:
    with visits(browser, address, CHARTS) as found:
        page = found.open(to_query(ClonesView()))
        page.says("Which statistics it learns first")
        page.until("d.playing === 'true' && d.frame > 2")
        early = page.pixels("staircase")
        page.until("d.frame > 16")
        page.until_other_pixels("staircase", early)
        page.open(to_query(ClonesView(step=94)))
        page.until("d.playing === 'false' && d.step === '94'")
        page.says("It leads by 3 points those trained on independent pixels")
