"""How the player is laid out: nothing is cut, nothing fades, nothing jumps."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser import test_player
from tests.browser.test_player import Page

pytestmark = pytest.mark.browser

pages = test_player.pages  # the fixture
PHONE = {"viewport": {"width": 390, "height": 844}}
# Words, legends and axes of every view that reach beyond the canvas, and words of fewer than 11 px.
FAULTS = """() => Object.entries(window.__trainscope.views).flatMap(([id, view]) => {
    const canvas = document.querySelector(`[data-testid=chart-${id}] canvas`);
    const box = canvas.getBoundingClientRect(), plot = canvas.closest(".plot").getBoundingClientRect();
    const width = Math.min(box.width, plot.width), height = Math.min(box.height, plot.height);
    const faults = [], [left, top] = view.origin(), padding = view.padding();
    const check = (what, bounds, x, y) => {
        if (x + bounds.x1 < -1 || x + bounds.x2 > width + 1 || y + bounds.y1 < -1 || y + bounds.y2 > height + 1)
            faults.push(`${id}: ${what} is cut`);
    };
    const walk = (mark, x, y) => mark.items.forEach(item => {
        if (/^(legend|axis)$/.test(mark.role)) check(mark.role, item.bounds, x, y);
        if (mark.marktype === "text" && item.text && item.opacity !== 0) {
            check(item.text, item.bounds, x, y);
            if (item.fontSize < 11) faults.push(`${id}: ${item.text} is ${item.fontSize} px`);
        }
        if (mark.marktype === "group") item.items.forEach(child => walk(child, x + (item.x || 0), y + (item.y || 0)));
    });
    walk(view.scenegraph().root, left + padding.left, top + padding.top);
    return faults;
})"""


def faults(page: Page) -> list[str]:
    found: list[str] = page.page.evaluate(FAULTS)
    return found


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_new_rows_get_the_room_that_they_need(pages: Callable[..., Page], options: dict[str, Any]) -> None:
    page = pages(options=options, extra="growing", autoplay="no")
    page.page.wait_for_selector("[data-testid=chart-double] canvas")
    assert faults(page) == []
    page.page.mouse.click(*page.point("plane", 0.5, 0.6))
    page.page.wait_for_function("window.__trainscope.swaps >= 4")
    page.page.wait_for_function("window.__trainscope.views.single.data('bars').length === 3")
    page.page.wait_for_timeout(500)
    assert faults(page) == []


def test_another_width_lays_out_anew(pages: Callable[..., Page]) -> None:
    page = pages(extra="growing", autoplay="no")
    page.page.mouse.click(*page.point("plane", 0.5, 0.6))
    page.page.wait_for_function("window.__trainscope.views.double.data('bars').length === 3")
    for width in (390, 1300):
        page.page.set_viewport_size({"width": width, "height": 1100})
        page.page.wait_for_timeout(1200)
        assert faults(page) == [], width
        plot = page.page.locator("[data-testid=chart-double] .plot").bounding_box()
        canvas = page.page.locator("[data-testid=chart-double] canvas").bounding_box()
        assert canvas["width"] == pytest.approx(plot["width"], abs=2), "as wide as its neighbours"
