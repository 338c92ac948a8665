"""Choosing a cell by the keyboard alone: the frame shows which, Enter picks it."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from core.studies.phase_plane.view import PhasePlaneView
from core.values import parse_number
from core.view import to_query
from tests.browser import test_player
from tests.browser.test_player import Page
from tests.browser.visiting import visits

pytestmark = pytest.mark.browser

pages = test_player.pages  # the fixture


def chosen(page: Any) -> dict[str, float] | None:
    """Where the frame is, in the middle of what it frames."""
    frame = page.locator(".chosen")
    if not frame.count():
        return None
    box = frame.bounding_box()
    return {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}


def test_shift_and_arrows_lead_from_cell_to_cell_and_enter_picks(pages: Callable[..., Page]) -> None:
    page = pages(autoplay="no").page
    plot = page.locator("[data-testid=chart-plane] .plot")
    plot.focus()
    page.keyboard.press("ArrowRight")
    assert chosen(page) is None, "the arrow keys alone are the clock's"
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowRight")
    first = chosen(page)
    assert first is not None
    page.keyboard.press("Shift+ArrowRight")
    second = chosen(page)
    assert second is not None
    assert second["x"] > first["x"] + 5
    assert second["y"] == pytest.approx(first["y"], abs=1)
    said = page.locator(".trainscope-player .status").inner_text()
    found = re.fullmatch(r"alpha (\d+), temperature (\d+); Enter picks it.", said)
    assert found is not None, said
    alpha, temperature = found.groups()
    assert alpha == "1"
    page.keyboard.press("Enter")
    page.get_by_text(re.compile(rf"'alpha': {alpha}, 'temperature': {temperature}}}.*'token': 1")).wait_for()
    page.keyboard.press("Shift+ArrowUp")
    up = chosen(page)
    assert up is not None
    assert up["y"] < second["y"] - 5
    page.keyboard.press("Escape")
    assert chosen(page) is None
    page.keyboard.press("Shift+ArrowDown")
    assert chosen(page) is not None
    page.locator("[data-act=forward]").focus()
    assert chosen(page) is None, "it stays where the focus is"


def test_a_chart_that_offers_nothing_leaves_the_keys_alone(pages: Callable[..., Page]) -> None:
    page = pages(autoplay="no").page
    plot = page.locator("[data-testid=chart-curves] .plot")
    plot.focus()
    page.keyboard.press("Shift+ArrowRight")
    assert chosen(page) is None
    assert plot.get_attribute("aria-description") is None


def test_a_cell_of_the_networks_plane_is_chosen_without_a_pointer(browser: Any, app: str) -> None:
    with visits(browser, f"{app}/phase_plane", ("plane",)) as opened:
        visit = opened.open(to_query(PhasePlaneView(step=100)))
        before = visit.query["at_alpha"]
        visit.settled()
        visit.page.locator("[data-testid=chart-plane] .plot").focus()
        for key in ("Shift+ArrowUp", "Shift+ArrowUp", "Shift+ArrowUp", "Enter"):
            visit.page.keyboard.press(key)
        alpha = visit.until_query("at_alpha", f"v !== '{before}'")
        assert parse_number("alpha", alpha) in PhasePlaneView().experiment.alphas
