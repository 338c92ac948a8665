"""Pages that play by themselves, as `python -m core figure` writes them: from a disk, with the network cut."""

from pathlib import Path
from typing import Any

import pytest

import core

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("preset", "charts", "scheme", "width"),
    [
        ("explorer/digits", ("kinks", "information", "plane"), "light", 1400),
        ("kinks/zig5", ("network", "trails", "directions"), "dark", 820),
        ("learning_dynamics/basin", ("map", "cloud"), "light", 390),
    ],
)
def test_it_plays_offline_and_asks_for_nothing(
    browser: Any, tmp_path: Path, preset: str, charts: tuple[str, ...], scheme: str, width: int
) -> None:
    path = core.load(preset).save(tmp_path / "page.html")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    page = context.new_page()
    faults: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    for chart in charts:
        page.wait_for_selector(f"[data-testid=chart-{chart}] canvas")
    page.wait_for_function("document.querySelector('.trainscope-player').dataset.frame > 3")
    page.keyboard.press("End")
    page.wait_for_function("(d => d.playing === 'false' && +d.frame === d.frames - 1)"
                           "(document.querySelector('.trainscope-player').dataset)")  # fmt: skip
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("text=How this was made").is_visible()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 22, 26)"
    assert dark == (scheme == "dark")
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert faults == []
    context.close()
