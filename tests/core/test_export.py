"""Files to take elsewhere: pages, animations, pictures, tables; and one sentence where there is none to write."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import core
from core.__main__ import main
from core.experiment import to_json
from core.export.animation import animation, frames_between, picture
from core.export.files import latex
from core.export.page import page
from core.figure.payload import clock, payload
from core.runs import Run
from core.store import Store
from core.study import presets
from core.tables import to_csv
from core.values import ExperimentError


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINSCOPE_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def run() -> Run:
    return core.load("explorer/digits", cache=Store(Path("no such folder")).folder)


def part(page: str, name: str) -> str:
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, flags=re.DOTALL)
    assert found is not None
    return found[1]


def test_a_page_holds_the_payload_of_the_app_and_what_it_was_made_of(run: Run, tmp_path: Path) -> None:
    text = run.save(tmp_path / "page.html", app_url="https://example.org/app/").read_text()
    assert json.loads(part(text, "experiment")) == json.loads(to_json(run.experiment))
    held = json.loads(part(text, "payload"))
    cards = [(figure, run.scene.cards[name].about(name)) for name, figure in run.scene.figures.items()]
    shown = json.loads(payload(clock(run.scene.steps, notes=run.scene.notes), cards))
    assert held["rows"] == shown["rows"]
    assert held["clock"] == shown["clock"]
    assert [chart["spec"] for chart in held["charts"]] == [chart["spec"] for chart in shown["charts"]]
    assert all(chart["pick"] is None and "Click" not in chart["caption"] for chart in held["charts"])
    assert run.command in text
    assert 'href="https://example.org/app/explorer?v=1&amp;part=explorer&amp;' in text
    assert len(text.encode()) < 1_600_000


@pytest.mark.slow
@pytest.mark.parametrize("preset", [name for name, preset in presets().items() if preset.shipped])
def test_a_page_that_answers_no_hand_asks_for_none(preset: str) -> None:
    run = core.load(preset)
    assert len(page(run, tuple(run.scene.figures)).encode()) < 4_000_000
    for name, card in run.scene.cards.items():
        still, shown = card.looked_at().about(name), card.about(name)
        assert not {"{", "}"} & set(shown["caption"] + still["caption"]), name
        assert not re.search(r"\b(click|drag)\b", still["caption"], flags=re.IGNORECASE), name
        assert (still["pick"], still["edit"]) == (None, None)


def test_a_page_loads_nothing(run: Run, tmp_path: Path) -> None:
    text = re.sub(r"(<script[^>]*>).*?</script>", r"\1", run.save(tmp_path / "page.html").read_text(), flags=re.DOTALL)
    assert text.count("<script") == 4
    assert "Open it in the app" not in text
    assert re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"(?!data:)", text) == []


def test_a_word_of_a_file_is_no_markup_of_a_page(run: Run) -> None:
    """A verdict says names that came with a file: nothing in them ends the attribute that they stand in."""
    said = 'L, [a](https://x"onmouseover="alert`1`"y=") <b>, tells nothing.'
    made = page(replace(run, made=replace(run.scene, verdict=said)), tuple(run.scene.figures))
    assert '"onmouseover' not in made
    assert "https://x&quot;onmouseover" in made
    assert "&lt;b&gt;, tells nothing" in made


@pytest.mark.parametrize(
    ("what", "place"),
    [("kinks/zig5", "kinks"), ("?v=1&part=measure", "complexity"), ("learning_dynamics/saxe", "learning_dynamics")],
)
def test_a_page_leads_to_its_place_in_the_app(what: str, place: str, tmp_path: Path) -> None:
    text = core.load(what).save(tmp_path / "page.html", app_url="http://localhost:8501").read_text()
    assert f'href="http://localhost:8501/{place}?v=1' in text


def test_one_chart_can_be_taken(run: Run, tmp_path: Path) -> None:
    held = json.loads(part(run.save(tmp_path / "page.html", chart="kinks").read_text(), "payload"))
    assert [chart["id"] for chart in held["charts"]] == ["kinks"]
    assert "<iframe" in run.figure("kinks")._repr_html_()
    assert "&lt;title&gt;Digits" in run.figure("kinks")._repr_html_()


@pytest.mark.parametrize("ending", [".gif", ".apng"])
def test_frame_k_of_an_animation_is_snapshot_k(run: Run, ending: str) -> None:
    figure, frames = run.scene.figures["kinks"], range(20, 26)
    moved = Image.open(io.BytesIO(animation({"": figure}, frames, Path(f"kinks{ending}"), fps=20, width=320)))
    assert getattr(moved, "n_frames", 1) == len(frames)
    drawn = [np.asarray(picture(figure, frame, 320), dtype=int) for frame in frames]
    for number, frame in enumerate(frames):
        moved.seek(number)
        assert moved.info["duration"] == 50
        seen = np.asarray(moved.convert("RGB"), dtype=int)[:, : drawn[0].shape[1]]  # the rest is ground
        distance = [np.abs(seen - other).mean() for other in drawn]
        assert int(np.argmin(distance)) == number, frame
        assert distance[number] < (0.2 if ending == ".gif" else 1e-9), "of 0 to 255: a GIF has 256 colours"


def test_several_charts_move_beside_each_other(run: Run, tmp_path: Path) -> None:
    with Image.open(run.save(tmp_path / "all.apng", first=10, last=20, width=900)) as moved:
        assert moved.width == 900
        assert moved.n_frames == len(frames_between(run.scene.steps, 10, 20)) > 3  # type: ignore[attr-defined]
        whole = np.asarray(moved.convert("RGB"))[60:-60]
    for number in range(3):
        assert whole[:, 300 * number : 300 * number + 300].std() > 10, "none is blank"


def test_a_dark_animation_is_dark(run: Run) -> None:
    dark = np.asarray(picture(run.scene.figures["plane"], 10, 320, "dark"))
    assert dark[0, 0].tolist() == [20, 22, 26]


def test_frames_are_those_between_two_steps() -> None:
    steps = np.array([0, 1, 2, 5, 10, 20])
    assert frames_between(steps, None, None) == range(6)
    assert frames_between(steps, 2, 11) == range(2, 5)
    with pytest.raises(ExperimentError, match="steps: a range from 0 to 20 with a snapshot in it"):
        frames_between(steps, 11, 12)
    with pytest.raises(ExperimentError, match="at most 600"):
        frames_between(np.arange(1000), None, None)


@pytest.mark.parametrize(("how", "word"), [({"fps": 0}, "fps"), ({"width": 9}, "width"), ({"theme": "red"}, "theme")])
def test_an_animation_that_there_is_not_is_refused(run: Run, how: dict[str, float], word: str) -> None:
    with pytest.raises(ExperimentError, match=f"^{word}: "):
        run.save("kinks.gif", chart="kinks", **how)
    assert not Path("kinks.gif").exists()


def test_a_table_comes_back_from_parquet_with_its_meanings(run: Run, tmp_path: Path) -> None:
    table = run.tables["plane"]
    back = pd.read_parquet(run.save(tmp_path / "plane.parquet"))
    pd.testing.assert_frame_equal(back, table)
    assert back.attrs == table.attrs
    assert run.save(tmp_path / "any.csv", table="plane").read_bytes() == to_csv(table)


def test_a_short_table_is_written_in_latex(run: Run, tmp_path: Path) -> None:
    rows = pd.DataFrame({"test_error": [0.25, np.nan], "outcome": ["fitted", "a&b"], "steps": [12, 3]})
    assert latex(rows) == (
        "\\begin{tabular}{rlr}\n\\toprule\ntest\\_error & outcome & steps \\\\\n\\midrule\n"
        "0.25 & fitted & 12 \\\\\n & a\\&b & 3 \\\\\n\\bottomrule\n\\end{tabular}\n"
    )
    with pytest.raises(ExperimentError, match="at most 50 rows"):
        run.save(tmp_path / "plane.tex")


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_picture_is_of_the_named_chart(run: Run, tmp_path: Path, ending: str) -> None:
    content = run.save(tmp_path / f"kinks.{ending}", chart="kinks", width=85).read_bytes()
    assert content.startswith({"png": b"\x89PNG", "svg": b"<svg", "pdf": b"%PDF"}[ending])


def test_the_command_line_writes_a_page_of_what_it_trains(tmp_path: Path) -> None:
    out = tmp_path / "small.html"
    words = ["--set", "width=16", "--set", "x=-1,0,1", "--set", "y=0,1,0"]
    assert main(["figure", "kinks/zig5", *words, "--out", str(out)]) == 0
    assert json.loads(part(out.read_text(), "experiment"))["width"] == 16


def test_the_command_line_says_how_many_frames_are_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--chart", "kinks", "--from", "10", "--to", "12", "--width", "240", "--fps", "5", "--theme", "dark"]
    assert main(["figure", "explorer/digits", *words, "--out", str(tmp_path / "kinks.gif")]) == 0
    with Image.open(tmp_path / "kinks.gif") as moved:
        count: int = moved.n_frames  # type: ignore[attr-defined]
        assert (moved.width, moved.info["duration"]) == (240, 200)
    assert capsys.readouterr().err.endswith(f"{count}/{count} frames\n")


def test_a_training_writes_its_tables_as_parquet(run: Run, tmp_path: Path) -> None:
    assert main(["train", "kinks/zig5", "--format", "parquet", "--out", str(tmp_path)]) == 0
    zigzag = core.load("kinks/zig5")
    assert {path.name for path in tmp_path.glob("*.parquet")} == {f"{name}.parquet" for name in zigzag.tables}
    for name, table in zigzag.tables.items():
        back = pd.read_parquet(tmp_path / f"{name}.parquet")
        pd.testing.assert_frame_equal(back, table)
        assert back.attrs == table.attrs


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["explorer/digits", "--chart", "kings", "--out", "a.html"], "chart: one of kinks, information, plane"),
        (["explorer/digits", "--out", "a.mp4"], "file: a name that ends with one of .html"),
        (["explorer/digits", "--out", "a.html", "--fps", "3"], "option: of .html app_url; got 'fps'"),
        (["explorer/digits", "--out", "a.csv"], "table: one of "),
        (["explorer/digits", "--out", "a.gif", "--from", "9", "--to", "3"], "steps: a range from 0 to 20,000"),
        (["explorer/digit", "--out", "a.html"], "load: a preset's name"),
        (["?v=2&part=explorer", "--out", "a.html"], "link: one whose every field can be used; got"),
        (["no.zip", "--out", "a.html"], "load: a zip that a page has exported"),
        (["explorer/digits", "--chart", "kinks", "--out", "taken/a.gif"], "--out: a folder that can be written; got"),
    ],
)
def test_a_wrong_request_is_one_line_and_writes_nothing(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").touch()
    assert main(["figure", *words]) == 2
    out, err = capsys.readouterr()
    assert err.startswith(f"core: {said}")
    assert err.count("\n") == 1
    assert out == ""
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["taken"]
