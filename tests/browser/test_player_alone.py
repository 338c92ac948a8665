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
    assert page.locator("[data-act=play]").evaluate("e => getComputedStyle(e).backgroundColor") != paper
    assert page.evaluate(CONTRAST, ".caption") >= 4.5
    assert page.locator(".trainscope-player").get_attribute("data-speed") == "4"
    assert page.get_by_role("button", name="Download").count() == 0, "nobody is there who draws pictures"
    assert faults == []
    context.close()
