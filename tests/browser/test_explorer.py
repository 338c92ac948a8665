"""The Explorer in a real browser, end to end: what a visitor does, and what must then be seen, kept and taken away."""

import io
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import core
from core.experiment import Experiment
from core.store import Store
from core.studies.explorer import tables as frames
from core.studies.explorer.view import FIRST, ExplorerView
from core.study import page_of, parts, studies
from core.tables import files, to_csv
from core.trajectory import Trajectory
from core.values import parse_number
from core.view import to_query
from tests.browser.visiting import INKED, ROOT, WAIT, Visit, resize, visits
from tests.core.waiting import until

DEFAULT = FIRST


def run_with(**settings: Any) -> ExplorerView:
    """A view of the default run with other settings."""
    return ExplorerView().changed(settings)


pytestmark = pytest.mark.browser

CHARTS = ("kinks", "information", "plane")
NOTICE = "Not on screen yet"


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("explorer-cache")


@pytest.fixture(scope="session")
def app(serve: Callable[..., str], cache: Path) -> str:
    """The app with a cache of its own and no data files."""
    return serve("app.py", env={"TRAINSCOPE_CACHE": str(cache), "TRAINSCOPE_DATA": "", "TRAINSCOPE_WORKERS": "2"})


def until_kept(cache: Path, experiment: Experiment) -> None:
    """Waits until a training is saved: its charts may be on screen before."""
    until(lambda: Store(cache).has(experiment), WAIT / 1000)


@pytest.fixture
def visit(browser: Any, app: str) -> Iterator[Callable[..., Visit]]:
    """`visit(view, viewport=..., **broken)`: the app in a tab of its own."""
    with visits(browser, f"{app}/", CHARTS) as opened:

        def go(view: ExplorerView | None = None, viewport: tuple[int, int] = (1400, 1100), **words: str) -> Visit:
            query = (to_query(view) if view else {}) | words
            opened.url = f"{app}/" if query else f"{app}/explorer"  # links lead to the root, too
            return opened.open(query, viewport)

        yield go


@pytest.fixture(scope="session")
def plane() -> Trajectory:
    found, said = Store(Path("no such folder")).load(DEFAULT)
    assert found is not None, said
    return found


@pytest.fixture
def still(visit: Callable[..., Visit]) -> Visit:
    """The default run, at rest at a step where it is about half trained."""
    page = visit(ExplorerView(step=300))
    page.until("d.playing === 'false' && d.frame > 0")
    return page


def server(url: str) -> int:
    port = url.rpartition(":")[2]
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"streamlit" in words and port.encode() in words:
            return int(folder.name)
    raise AssertionError(f"no server at {url}")


def workers(url: str) -> set[int]:
    """Return the processes that the server started, and theirs."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = {server(url)}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {server(url)}


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_charts_play_by_themselves(visit: Callable[..., Visit], app: str) -> None:
    page = visit()
    assert page.data("frames") == str(len(Store(Path("none")).load(DEFAULT)[0].steps))  # type: ignore[union-attr]
    page.until("d.frame > 3 && d.playing === 'true'")
    early = {chart: page.pixels(chart) for chart in CHARTS}
    page.until("d.frame > 12")
    for chart in ("kinks", "information"):
        assert page.pixels(chart) != early[chart], chart
    for chart in CHARTS:
        assert page.inked(chart) > INKED, chart
    assert "torch" not in Path(f"/proc/{server(app)}/maps").read_text()


def test_a_click_on_a_cell_plays_it_and_its_link_restores_it(still: Visit) -> None:
    frame, kinks = still.data("frame"), still.pixels("kinks")
    alpha, temperature = still.query["alpha"], still.query["temperature"]
    marks = [still.page.locator(f".st-key-e_{name}").inner_text() for name in ("alpha", "temperature")]
    still.click_plane(0.8, 0.25)
    still.until_query("alpha", f"v !== '{alpha}'")
    assert still.query["temperature"] != temperature
    still.until_other_pixels("kinks", kinks)
    assert still.data("frame") == frame
    assert still.data("playing") == "false"
    moved = [still.page.locator(f".st-key-e_{name}").inner_text() for name in ("alpha", "temperature")]
    assert all(a != b for a, b in zip(marks, moved, strict=True))
    link, rows, step = still.query, still.download("kinks.csv"), still.data("step")
    still.reload()
    still.until(f"d.step === '{step}' && d.playing === 'false'")
    assert still.query == link
    assert still.download("kinks.csv") == rows


def test_the_link_keeps_the_step_at_which_the_player_rests(still: Visit) -> None:
    still.page.locator(ROOT).focus()
    still.page.keyboard.press("End")
    still.until_query("step", "v === '20000'")
    still.reload()
    still.until("d.step === '20000' && d.playing === 'false'")


def test_a_value_between_cells_is_trained_and_shown_as_a_point(visit: Callable[..., Visit], cache: Path) -> None:
    page = visit(ExplorerView(step=300))
    kinks, plane = page.pixels("kinks"), page.pixels("plane")
    page.slide("e_alpha", "ArrowRight")
    alpha = parse_number("alpha", page.until_query("alpha", "v !== '2^0.18'"))
    page.until_other_pixels("kinks", kinks)
    page.until_other_pixels("plane", plane)
    page.says_no_more(NOTICE)
    assert np.log2(alpha) == pytest.approx((0.18 + 1.82) / 2, abs=0.01)
    trained = run_with(alpha=alpha).point
    until_kept(cache, trained)
    page.reload()
    assert parse_number("alpha", page.query["alpha"]) == alpha
    with zipfile.ZipFile(io.BytesIO(page.download("Everything (zip)"))) as archive:
        wanted = dict(files(Store(cache).load(trained)[0]))  # type: ignore[arg-type]
        assert {name: archive.read(name) for name in wanted} == wanted
    stored, kinks = sorted(cache.glob("*.npz")), page.pixels("kinks")
    page.slide("e_alpha", "ArrowRight")  # to the next cell: no training
    page.until_query("alpha", "v === '2^1.82'")
    page.until_other_pixels("kinks", kinks)
    page.settled().says_no_more(NOTICE)
    assert sorted(cache.glob("*.npz")) == stored


def test_a_new_width_is_trained_at_once_and_its_plane_after_it(visit: Callable[..., Visit], cache: Path) -> None:
    page = visit(ExplorerView(step=300))
    kinks = page.pixels("kinks")
    page.fill("e_width", "24")
    page.until_other_pixels("kinks", kinks)
    page.says_no_more(NOTICE)
    assert page.query["width"] == "24"
    until_kept(cache, run_with(width=24).point)
    page.says(re.compile("The plane around it: "))
    page.says_no_more(re.compile("The plane around it: "))
    until_kept(cache, run_with(width=24).experiment)
    assert not page.page.get_by_role("button", name=re.compile("Train the plane")).is_visible()


def test_a_new_seed_is_trained_at_once(visit: Callable[..., Visit]) -> None:
    page = visit(ExplorerView(step=300))
    kinks = page.pixels("kinks")
    page.press("New seed")
    seed = page.until_query("seed", "v !== '0'")
    page.until_other_pixels("kinks", kinks)
    page.says_no_more(NOTICE)
    assert int(seed) > 0


def test_tables_pictures_and_everything_can_be_taken_away(still: Visit, plane: Trajectory, tmp_path: Path) -> None:
    number = plane.run(ExplorerView().alpha, ExplorerView().temperature, 0)
    assert number is not None
    for name, table in (("kinks", frames.kinks), ("information", frames.information_table)):
        assert still.download(f"{name}.csv") == to_csv(table(plane, [number])), name
    assert still.download("plane.csv") == to_csv(frames.plane(plane))
    by_link = core.load(still.page.url).tables
    assert all(still.download(f"{name}.csv") == to_csv(by_link[name]) for name in ("kinks", "information", "plane"))
    (tmp_path / "all.zip").write_bytes(still.download("Everything (zip)"))
    assert core.load(str(tmp_path / "all.zip")).experiment == plane.experiment
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        wanted = dict(files(plane))
        assert {name: archive.read(name) for name in wanted} == wanted
        others = set(archive.namelist()) - set(wanted)
        names = {
            (chart, mm): f"figures/trainscope-explorer-{chart}-digits-w64-{mm}mm"
            for chart in CHARTS
            for mm in (85, 178)
        }
        pictures = {f"{name}.{kind}" for name in names.values() for kind in ("svg", "png", "pdf")}
        assert others == pictures | {f"{name}.csv" for name in studies()["linearised"].tables()}
        for name in names.values():
            assert archive.read(f"{name}.png").startswith(b"\x89PNG")
            assert archive.read(f"{name}.pdf").startswith(b"%PDF")
            assert archive.read(f"{name}.svg").startswith(b"<svg")
            assert len(archive.read(f"{name}.svg")) > 10_000
    page = still.download("Playing page (html)").decode()
    payload = re.search(r'id="payload">(.*?)</script>', page, flags=re.DOTALL)
    assert payload is not None
    assert json.loads(payload[1])["clock"]["seek"]["frame"] == int(still.data("frame")), "it rests where this one does"
    assert "python -m core train explorer/digits --out results" in still.page.locator("pre").first.inner_text()


def test_a_broken_link_gives_sentences_and_plays(visit: Callable[..., Visit]) -> None:
    page = visit(width="nan", alpha="2^99", colour="<b>x</b>", pin=";:" * 2_000, who="![x](http://x.invalid/y.png)")
    for word in ("width: ", "alpha: ", "colour: ", "pin: ", "no such setting"):
        page.says(re.compile(re.escape(word)))
    assert page.page.locator("img[src*=invalid]").count() == 0
    page.until("d.frame > 3 && d.playing === 'true'")
    assert page.query == to_query(ExplorerView())


def test_own_table_trains_and_plays(visit: Callable[..., Visit]) -> None:
    page = visit(run_with(width=16, step_limit=2_000, step=300))
    page.says_no_more(NOTICE)
    kinks = page.pixels("kinks")
    page.page.locator(".st-key-e_dataset").get_by_role("combobox").click()
    page.page.get_by_role("option", name="Your own table").click()
    page.says("Your own table: upload a file")
    rng = np.random.default_rng(0)
    points = rng.normal(size=(60, 2))
    rows = "".join(f"{a:.3f},{b:.3f},{'in' if a * a + b * b < 1 else 'out'}\n" for a, b in points)
    page.page.locator("input[type=file]").set_input_files(
        {"name": "ring.csv", "mimeType": "text/csv", "buffer": f"a,b,label\n{rows}".encode()}
    )
    page.until_query("csv_digest", "v !== null && v.length === 64")
    page.until_other_pixels("kinks", kinks)
    page.says_no_more(NOTICE)
    assert page.query["n_train"] == "42"
    page.page.locator(ROOT).focus()
    page.page.keyboard.press(" ")
    page.until("d.playing === 'true'")


def test_a_pinned_run_is_drawn_behind_on_the_same_clock(still: Visit) -> None:
    information = still.pixels("information")
    still.press("Pin this run")
    still.says("differs in: nothing")
    still.until_query("pin", "v !== null")
    still.until_other_pixels("information", information)
    kinks = still.pixels("kinks")
    still.click_plane(0.8, 0.3)
    still.says(re.compile("differs in: output scale"))
    still.until_other_pixels("kinks", kinks)
    link = still.query
    still.reload()
    still.says(re.compile("differs in: output scale"))
    assert still.query == link
    both, information = still.pixels("kinks"), still.pixels("information")
    still.press("Unpin A")
    still.says_no_more(re.compile("differs in: output scale"))
    still.until_other_pixels("kinks", both)
    still.until_other_pixels("information", information)
    assert "pin" not in still.query


def test_a_narrow_page_does_not_scroll_sideways(visit: Callable[..., Visit]) -> None:
    page = visit(viewport=(390, 900))
    page.until("d.frame > 1")
    for width in (390, 700):
        resize(page.page, width)
        wide = page.page.evaluate(
            """[...document.querySelectorAll('.stMain, .stMain *')]
                .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === 'auto')
                .map(e => e.className || e.tagName)"""
        )
        assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert "stMain" not in " ".join(map(str, wide)), wide
        for chart in CHARTS:
            box = page.page.locator(f"[data-testid=chart-{chart}] canvas").bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width


def test_a_visit_leaves_no_worker_that_nobody_waits_for(app: str) -> None:
    """After all of the above the server has its two children, what they keep for the next job, and no torch mapped."""
    children = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in workers(app) if alive(pid)}
    trainers = [pid for pid, words in children.items() if b"core.trainer" in words]
    assert len(trainers) <= 2
    assert "torch" not in Path(f"/proc/{server(app)}/maps").read_text()
    assert os.path.exists(f"/proc/{server(app)}")  # noqa: PTH110


def test_no_control_but_its_own_is_moved_by_another(still: Visit) -> None:
    """Streamlit starts a slider anew whose labels change: the learning rate used to jump with the width."""
    still.page.wait_for_selector(".st-key-e_temperature")
    before = still.query
    for name, value in (("width", "32"), ("batch_size", "8"), ("depth", "2")):
        still.fill(f"e_{name}", value)
        still.until_query(name, f"v === '{value}'")
        assert still.query == before | {name: value}
        before = still.query
    shown = still.page.locator(".st-key-e_temperature").inner_text()
    assert "2⁻⁵·⁹¹" in shown


def test_no_page_asks_another_host_for_anything(app: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    asked: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    for path in ("", *{page_of(part) for part in parts().values()}):
        page.goto(f"{app}/{path}")
        page.wait_for_selector("[data-testid^=chart-] canvas")
    context.close()
    own = (app, app.replace("http", "ws"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(own)] == []
