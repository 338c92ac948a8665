"""Pages that play by themselves, as `python -m core figure` writes them: from a disk, with the network cut."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

import core
from core.export import site
from core.study import parts, presets
from core.values import ExperimentError
from tests.browser.test_accessibility import grave

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


class Addresses(HTMLParser):
    """Everything that a page leads to, and what it would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value and not value.startswith(("data:", "#")):
                (self.links if tag == "a" else self.loads).append(value)


def crawled(folder: Path) -> set[str]:
    """Follow every link from a site's index on disk; return the files met. What is broken or elsewhere fails."""
    met, waiting = set(), ["index.html"]
    while waiting:
        name = waiting.pop()
        assert (folder / name).is_file(), f"a broken link: {name}"
        if name in met:
            continue
        met.add(name)
        if name.endswith(".html"):
            found = Addresses((folder / name).read_text())
            assert all(re.fullmatch(r"[\w.-]+", address) for address in found.loads), found.loads
            waiting += [*found.loads, *(link for link in found.links if not link.startswith("https://"))]
    return met


PLAYED = "directions-two-lines-before-any-fit.html"
"""A lesson that shows what the preset kinks/moons does."""


def test_a_site_is_searched_and_its_pages_play(browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("explorer/digits", "kinks/zig5", "kinks/moons", "learning_dynamics/saxe")
    taught = parts()["directions"]
    monkeypatch.setattr(site, "presets", lambda: {name: presets()[name] for name in names})
    monkeypatch.setattr(site, "parts", lambda: {"directions": taught})
    written = site.build(tmp_path / "site")
    assert len(written) == len(set(written))
    preset, lesson = ((tmp_path / "site" / name).read_text() for name in ("kinks-moons.html", PLAYED))
    shared = [re.findall(r'"(rows-\w+\.js)"', text) for text in (preset, lesson)]
    assert shared[0] == shared[1] != []
    assert taught.lessons[0].text in lesson
    assert taught.lessons[0].text not in preset
    there = {path.name for path in (tmp_path / "site").iterdir()}
    assert {path.name for path in written} == there == crawled(tmp_path / "site")
    context = browser.new_context(viewport={"width": 1000, "height": 800}, offline=True)
    page = context.new_page()
    faults: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "site" / "index.html").as_uri())
    assert page.locator("li:visible").count() == len(names) + len(taught.lessons)
    assert page.evaluate("[...document.images].every((one) => one.getAttribute('src').endsWith('.png'))")
    assert grave_on(page) == []
    page.get_by_role("searchbox").fill("1803.08367 bousquet zigzag")
    assert page.locator("li:visible a").inner_text().strip() == "Zigzag"
    page.get_by_role("searchbox").fill("nothing like it")
    assert page.locator("#none").is_visible()
    page.get_by_role("searchbox").fill("")
    for place in page.locator("li a").evaluate_all("all => all.map((one) => one.href)"):
        page.goto(place)
        page.wait_for_selector("[data-testid^=chart-] canvas")
        page.wait_for_function("document.querySelector('.trainscope-player').dataset.frame > 1")
        page.keyboard.press("Home")
        assert grave_on(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("link", name="All pages").click()
        page.wait_for_selector("li")
    folder = (tmp_path / "site").as_uri()
    assert [url for url in asked if not url.startswith((folder, "data:", "blob:"))] == []
    assert faults == []
    context.close()


def grave_on(page: Any) -> list[str]:
    """What axe finds on a page, by the measure of the app's own."""
    return [one["id"] for one in Axe().run(page).response["violations"] if grave(one)]


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("")
    with pytest.raises(ExperimentError, match="out: a folder; got"):
        site.build(tmp_path / "site")
