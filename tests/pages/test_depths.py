"""Depth and losses, a part of the Learning dynamics page, as Streamlit runs it, without a browser."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.jobs import Jobs
from core.studies.depths.experiment import COMPARED, Depths
from core.studies.depths.part import LESSONS
from core.studies.depths.presets import PRESETS as DEPTH
from core.studies.depths.view import DepthsView
from core.view import from_query as read
from core.view import to_query
from pages.shared.session import fields_of
from tests.pages.visiting import fine, link, player

SMALL = Depths(depths=(1, 2, 3), starts=(0.02, 0.05), learning_rate=0.05, last_time=12, width=4)
SCRIPT = "from core.studies.depths.part import PART\nfrom pages.shared.part import draw\ndraw(PART)\n"
IDS = [*COMPARED, "times", "modes"]


CHOICES = {name: field.offered for name, field in fields_of(DepthsView()).items() if field.offered}


def from_query(query: Mapping[str, str]) -> tuple[DepthsView, list[str]]:
    return read(DepthsView, query)


def visit(**query: str) -> AppTest:
    at = AppTest.from_string(SCRIPT, default_timeout=30)
    for name, text in query.items():
        at.query_params[name] = text
    return fine(at.run())


def look_at(experiment: Depths, **others: Any) -> AppTest:
    return visit(**to_query(replace(DepthsView.of(experiment), **others)))


def charts(at: AppTest) -> dict[str, Any]:
    found: dict[str, Any] = player(at, most=1_000_000)["charts"]
    return found


def rows(at: AppTest, chart: str, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = charts(at)[chart]["tables"][table]["rows"]
    return found


def said(at: AppTest) -> str:
    return "".join(box.value for box in at.markdown)


@pytest.fixture
def nothing_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked for takes too long to be trained unasked."""
    long = type("Long", (), {"long": True, "usual": 100.0, "at_most": 200.0})()
    monkeypatch.setattr(Jobs, "estimate", lambda jobs, experiment: long)


def test_theory_is_all_there_before_anything_is_trained(nothing_trains: None, asked: list[Experiment]) -> None:
    at = look_at(SMALL)
    assert asked == []
    assert list(charts(at)) == IDS
    assert "In theory, cross-entropy from N₀ = 0.05 to N = 3: **D = 3**" in said(at)
    for chart in IDS:
        assert len(rows(at, chart, "theory")) > 100
        assert rows(at, chart, "measured") == []
    assert len(rows(at, "cross_entropy", "now")) == 3
    assert charts(at)["cross_entropy"]["badge"]["text"] == "theory only, so far"
    assert not at.get("download_button")


def test_the_measurement_is_laid_over_theory() -> None:
    at = look_at(SMALL)
    assert "Measured, cross-entropy from N₀ = 0.05" in said(at)
    for chart in IDS:
        assert rows(at, chart, "measured")
        assert charts(at)[chart]["badge"] is None
    for dot in rows(at, "times", "measured"):
        assert dot["time"] == pytest.approx(dot["known"], rel=0.1)
    frames = {len(row["v"]) for chart in COMPARED for row in rows(at, chart, "now")}
    assert frames == {len(player(at)["clock"]["steps"])}


def test_a_link_comes_back_as_it_was() -> None:
    view = DepthsView(
        experiment=replace(SMALL, p=0.3, noise=0.2),
        start=0.02,
        measure="logit",
        loss="hinge",
        layers=3,
        together=True,
        step=40,
    )
    assert from_query(to_query(view)) == (view, [])
    at = visit(**to_query(view))
    assert from_query(link(at)) == (view, [])
    time = player(at)["clock"]
    assert abs(time["steps"][time["seek"]["frame"]] - 40) <= 5
    assert link(at)["part"] == "depth"
    assert "hinge from N₀ = 0.02 to N = 1" in said(at)


@pytest.mark.parametrize("name", DEPTH)
def test_every_preset_can_be_shown(name: str, nothing_trains: None) -> None:
    at = look_at(SMALL)
    fine(at.button(key=f"preset-{name}").click().run())
    assert from_query(link(at)) == (DepthsView.of(DEPTH[name].experiment), [])
    assert list(charts(at)) == IDS


@pytest.mark.parametrize("end", [0, -1])
@pytest.mark.parametrize("name", CHOICES)
def test_every_slider_at_its_ends(name: str, end: int, nothing_trains: None) -> None:
    at = look_at(SMALL)
    value = CHOICES[name][end]
    fine(at.select_slider(key=f"ld_{name}").set_value(value).run())
    view = from_query(link(at))[0]
    if name == "start":
        assert (view.start, view.experiment.starts) == (value, (value,))
    elif name == "depths":
        assert view.experiment.depths == tuple(range(1, int(value) + 1))
        assert view.layers in view.experiment.depths
    else:
        assert view.experiment == replace(SMALL, **{name: value})
    assert list(charts(at)) == IDS
    assert not at.error


def test_a_start_that_is_trained_already_is_only_looked_at(asked: list[Experiment]) -> None:
    at = look_at(replace(SMALL, starts=(0.01, 0.05)))
    fine(at.select_slider(key="ld_start").set_value(0.01).run())
    assert len(set(asked)) == 1
    assert from_query(link(at))[0].start == 0.01
    assert "from N₀ = 0.01" in said(at)


def test_what_the_charts_show() -> None:
    at = look_at(SMALL)
    before = {chart: charts(at)[chart]["params"]["last"] for chart in COMPARED}
    assert len(set(before.values())) == 3
    fine(at.toggle(key="ld_together").set_value(True).run())
    assert {charts(at)[chart]["params"]["last"] for chart in COMPARED} == {max(before.values())}
    fine(at.segmented_control(key="ld_measure").set_value("logit").run())
    assert max(row["value"] for row in rows(at, "hinge", "theory")) == 1
    fine(at.segmented_control(key="ld_loss").set_value("hinge").run())
    assert min(row["time"] for row in rows(at, "times", "fastest")) < 1.5
    fine(at.segmented_control(key="ld_layers").set_value(3).run())
    assert charts(at)["modes"]["title"].endswith("D = 3")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.title)
def test_every_lesson_shows_its_view(lesson: Any, nothing_trains: None) -> None:
    at = look_at(SMALL)
    fine(at.button(key=f"lesson-{lesson.title}").click().run())
    assert from_query(link(at)) == (lesson.view, [])


def test_what_the_lessons_say_is_so(nothing_trains: None) -> None:
    at = look_at(SMALL)
    first, tiny, hinge = (lesson.view for lesson in LESSONS[:3])
    for view, words in (
        (first, "**D = 6** reaches it first"),
        (tiny, "**D = 2** reaches it first"),
        (hinge, "0.102 on"),
    ):
        at = visit(**to_query(view))
        assert words in said(at)


def test_divergence_is_said_and_drawn() -> None:
    at = look_at(replace(SMALL, norm=10.0, learning_rate=0.5, last_time=100))
    assert charts(at)["squared"]["badge"] == {"text": "diverged: D = 1", "tone": "alert"}
    assert None in rows(at, "squared", "now")[0]["v"]


def test_settings_that_do_not_go_together_are_a_sentence_and_the_charts_stay() -> None:
    at = look_at(replace(SMALL, strengths=(0.1, 1.0)))
    fine(at.select_slider(key="ld_start").set_value(0.2).run())
    assert "strengths: above the greatest start, 0.2" in at.error[0].value.replace("\\", "")
    assert list(charts(at)) == IDS


@pytest.mark.parametrize(
    "words",
    [
        {"depths": "2,1", "p": "1.5", "norm": "-1", "from": "0.7", "layers": "9", "curves": "both", "times": "all"},
        {"together": "perhaps", "step": "soon", "strengths": "nan", "last_time": "1e9"},
        {"norm": "![x](http://example.org/x.png)"},
        {"v": "7"},
        {f"word{i}": "x" for i in range(60)},
    ],
)
def test_a_broken_link_gives_sentences_and_still_plays(words: dict[str, str], nothing_trains: None) -> None:
    at = visit(part="depth", **words)
    assert len(at.warning) == 1
    assert 1 <= at.warning[0].value.count("\n\n") + 1 <= 13
    assert "](http" not in at.warning[0].value
    assert list(charts(at)) == IDS
    assert from_query(link(at))[0] == DepthsView()


def test_a_link_to_another_part_is_none_of_ours() -> None:
    assert from_query({"part": "modes", "p": "nan"}) == from_query({}) == (DepthsView(), [])


def test_what_can_be_taken_away() -> None:
    at = look_at(SMALL)
    names = [button.proto.label for button in at.get("download_button")]
    assert names == [
        "depth.csv",
        "depth_times.csv",
        "best_depth.csv",
        "linear_modes.csv",
        "Playing page (html)",
        "Everything (zip)",
    ]
