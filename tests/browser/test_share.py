"""What is presented can be taken along by the room: its link, and the link's QR code."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import segno

from core.studies.kinks.view import KinksView
from core.view import PLAYED, from_query, to_query
from tests.browser.visiting import ROOT, visits

pytestmark = pytest.mark.browser


def test_a_presented_view_shows_its_link_as_a_code_and_copies_it(browser: Any, app: str) -> None:
    view = KinksView(step=300)
    with visits(browser, f"{app}/kinks", ("network",)) as pages:
        visit = pages.open(to_query(view), permissions=("clipboard-read", "clipboard-write"))
        page = visit.page
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        button, panel = page.get_by_role("button", name="QR code"), page.locator(".trainscope-player .share")
        page.locator(ROOT).focus()
        page.keyboard.press("q")
        assert not button.is_visible()
        assert not panel.is_visible(), "there is no room to show it to"
        page.keyboard.press("p")
        button.click()
        link = panel.locator("p").inner_text()
        query = dict(parse_qsl(urlsplit(link).query, keep_blank_values=True))
        shown, said = from_query(KinksView, query)
        assert said == []
        assert shown.experiment == view.experiment
        assert set(query).isdisjoint(PLAYED)
        image = panel.get_by_role("img", name="QR code of this view")
        wanted = segno.make(link, micro=False).svg_data_uri(light="#fff", omitsize=True)
        assert image.get_attribute("src") == wanted
        box = image.bounding_box()
        assert min(box["width"], box["height"]) > 250
        panel.get_by_text("Only this machine can follow it.").wait_for()
        panel.get_by_role("button", name="Copy the link").click()
        panel.get_by_text("Copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == link
        page.keyboard.press("q")
        panel.wait_for(state="hidden")
        button.click()
        page.keyboard.press("p")
        panel.wait_for(state="hidden")
