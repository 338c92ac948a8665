"""The player on a page by itself: no Streamlit, no network, and the reader's own colours."""

import json
from typing import Any

import numpy as np
import pytest

from core.figure import player
from core.figure.figure import Figure
from core.figure.payload import clock, payload
from tests.browser.test_player_layout import CONTRAST

pytestmark = pytest.mark.browser

SIZES = """() => { const sizes = [];
    const walk = (item) => {
      if (item.fontSize && item.text) sizes.push(item.fontSize);
      (item.items ?? []).forEach(walk);
    };
    Object.values(window.__trainscope.views).forEach((view) => walk(view.scenegraph().root));
    return sizes; }"""
"""The sizes of all text in the charts."""
PRESENTING = "document.querySelector('.trainscope-player').classList.contains('presenting')"

SPEC = {
    "params": [{"name": "frame", "value": 0}, {"name": "ink", "value": "black"}],
    "height": 100,
    "data": {"name": "bars"},
    "transform": [{"calculate": "datum.v[frame]", "as": "now"}],
    "mark": {"type": "bar", "color": {"expr": "ink"}},
    "encoding": {"x": {"field": "now", "type": "quantitative", "scale": {"domain": [0, 3]}}, "y": {"field": "name"}},
}


def written(text: str) -> str:
    """A page that plays a payload, as `core.figure.player` says to make one."""
    return f"""<!doctype html><meta charset="utf-8"><style>{player.css()}</style>{player.html()}
        <script>{player.vega()}</script>
        <script type="module">{player.js()} mount({{data: {json.dumps(text)}, parentElement: document}})</script>"""


@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(20, 22, 26)")])
def test_it_plays_by_itself(browser: Any, tmp_path: Any, scheme: str, paper: str) -> None:
    figure = Figure.of(SPEC, {"bars": [{"name": "a", "v": [1, 2, 3]}, {"name": "b", "v": [3, 2, 1]}]})
    about = {"id": "bars", "title": "Bars", "caption": "They grow and shrink."}
    (tmp_path / "page.html").write_text(written(payload(clock(np.array([0, 10, 20]), speed=4), [(figure, about)])))
    context = browser.new_context(color_scheme=scheme, offline=True)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((tmp_path / "page.html").as_uri())
    page.wait_for_selector("[data-testid=chart-bars] canvas")
    page.wait_for_function("document.querySelector('.trainscope-player').dataset.step === '20'")
    assert page.locator(".trainscope-player").evaluate("e => getComputedStyle(e).backgroundColor") == paper
    filled = page.locator("[data-act=play]").evaluate("e => getComputedStyle(e).backgroundColor")
    assert filled not in (paper, "rgba(0, 0, 0, 0)")
    assert page.evaluate(CONTRAST, ".caption") >= 4.5
    assert page.locator(".trainscope-player").get_attribute("data-speed") == "4"
    assert page.get_by_role("button", name="Download").count() == 0, "nobody is there who draws pictures"
    assert faults == []
    context.close()


def test_it_does_not_start_once_the_reader_rests(browser: Any, tmp_path: Any) -> None:
    """A press while the charts are being drawn comes before the play that waits for them."""
    figure = Figure.of(SPEC, {"bars": [{"name": "a", "v": [1, 2, 3]}]})
    pressed = written(payload(clock(np.array([0, 10, 20])), [(figure, {"id": "bars", "title": "Bars"})])).replace(
        "parentElement: document})</script>",
        "parentElement: document}); document.querySelector('[data-act=forward]').click()</script>",
    )
    (tmp_path / "page.html").write_text(pressed)
    page = browser.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    page.wait_for_selector("[data-testid=chart-bars] canvas")
    page.wait_for_timeout(300)
    told = page.evaluate("({...document.querySelector('.trainscope-player').dataset})")
    assert (told["playing"], told["frame"]) == ("false", "1")
    page.close()


@pytest.mark.parametrize("full_screen", [True, False])
def test_presented_it_is_alone_on_the_screen_in_large_type(browser: Any, tmp_path: Any, full_screen: bool) -> None:
    """A frame or a phone that gives no full screen gives the whole page."""
    figure = Figure.of(SPEC, {"bars": [{"name": "a", "v": [1, 2, 3]}, {"name": "b", "v": [3, 2, 1]}]})
    about = {"id": "bars", "title": "Bars", "caption": "They grow and shrink."}
    time = clock(np.array([0, 10, 20]), rest=0, lesson="Look at the bars.")
    (tmp_path / "page.html").write_text("<p>Beside it.</p>" + written(payload(time, [(figure, about)])))
    context = browser.new_context(offline=True, viewport={"width": 1000, "height": 500})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((tmp_path / "page.html").as_uri())
    page.wait_for_selector("[data-testid=chart-bars] canvas")
    if not full_screen:
        page.evaluate("void (Element.prototype.requestFullscreen = () => Promise.reject(new TypeError('no')))")
    small = page.evaluate(SIZES)
    assert min(small) >= 11
    assert not page.get_by_text("Look at the bars.").is_visible()
    page.keyboard.press("p")
    page.wait_for_function(f"{PRESENTING} && Math.min(...({SIZES})()) >= 18")
    assert page.evaluate("document.fullscreenElement !== null") == full_screen
    assert len(page.evaluate(SIZES)) >= len(small) / 2, "and the text is still there"
    assert page.get_by_text("Look at the bars.").is_visible()
    box = page.locator(".trainscope-player").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 1000, 500)
    assert page.evaluate("document.elementFromPoint(500, 499).closest('.trainscope-player') !== null"), "nothing else"
    page.locator("[data-act=forward]").click()
    page.wait_for_selector(".trainscope-player[data-step='10']")
    page.keyboard.press("p" if full_screen else "Escape")
    page.wait_for_function(f"!{PRESENTING} && Math.max(...({SIZES})()) < 18")
    assert page.get_by_text("Beside it.").is_visible()
    assert sorted(page.evaluate(SIZES)) == sorted(small)
    assert faults == []
    context.close()
