"""Where training fails, a part of the Learning dynamics page, as Streamlit runs it, without a browser."""

import time
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import Source
from core.experiment import Experiment
from core.jobs import Job, Jobs
from core.studies.basin.experiment import Basin
from core.studies.basin.presets import PRESETS as BASIN
from core.studies.basin.trajectory import snapshots
from pages.learning_dynamics.basin import controls, part, stage
from pages.learning_dynamics.basin.controls import CHOICES
from pages.learning_dynamics.basin.part import LESSONS
from pages.learning_dynamics.basin.view import DROPS, MOST_DROPS, View, from_query, to_query
from tests.pages.visiting import charts, fine, link, open_page, player, sentences

SMALL = Basin(grid=21, width=6, seeds=(0,), cosines=(-0.6, 0.0), time_limit=10, learning_rate=0.1)
SCRIPT = "from pages.learning_dynamics.basin import part\npart.draw()\n"
IDS = ["map", "cloud", "success", "revival"]


def visit(**query: str) -> AppTest:
    at = AppTest.from_string(SCRIPT, default_timeout=30)
    for name, text in query.items():
        at.query_params[name] = text
    return fine(at.run())


def look_at(experiment: Basin, **others: Any) -> AppTest:
    return visit(**to_query(View(experiment=experiment, **others)))


def said(at: AppTest) -> str:
    return "".join(box.value for box in at.markdown)


def rows(at: AppTest, chart: str, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = charts(at)[chart]["tables"][table]["rows"]
    return found


def test_the_page_leads_here_by_its_link() -> None:
    at = open_page("pages/learning_dynamics.py", **to_query(View(experiment=SMALL)))
    assert list(charts(at)) == IDS
    assert from_query(link(at)) == (View(experiment=SMALL), [])
    assert "1809.06848" in said(at)


def test_measurements_stand_beside_theory() -> None:
    at = look_at(SMALL)
    assert "By theory **37.5%** of neurons learn, 12.5% are doomed and 50% are dead" in said(at)
    assert "Of 441 single neurons in training" in said(at)
    assert charts(at)["map"]["badge"] == {"text": "0 decided otherwise than theory", "tone": "quiet"}
    assert len(rows(at, "cloud", "neurons")) == 6
    assert len(rows(at, "success", "dots")) == 7
    assert {row["kind"] for row in rows(at, "revival", "dots")} == {"alone", "in the cloud"}
    frames = len(snapshots(SMALL))
    assert all(len(row["vz"]) == frames for row in rows(at, "map", "moving"))


def test_theory_is_there_before_anything_is_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    def wait(jobs: Jobs, experiment: Experiment, source: Source, watcher: str = "", *, queue: str | None = None) -> Job:
        raise AssertionError("nothing this long is trained unasked")

    monkeypatch.setattr(Jobs, "submit", wait)
    at = look_at(replace(SMALL, learning_rate=0.02, time_limit=400))
    assert list(charts(at)) == IDS
    assert rows(at, "cloud", "neurons") == rows(at, "map", "marks") == rows(at, "success", "dots") == []
    assert len(rows(at, "cloud", "rings")) == 6
    assert len(rows(at, "success", "line")) == 16
    assert charts(at)["map"]["badge"]["text"] == "theory; not trained yet"
    assert "a class fails at width 6 with probability 0.06" in said(at)
    assert any("about" in button.label for button in at.button)


def test_figures_of_theory_take_no_time() -> None:
    """Every slider's redraw within 300 ms, most of which is the browser's."""
    view = View(experiment=replace(SMALL, width=100, learning_rate=0.02, time_limit=60))
    stage.figures(view, None)
    spent = []
    for norm in (1.5, 2.5, 3.5):
        begin = time.perf_counter()
        stage.figures(replace(view, experiment=replace(view.experiment, norm=norm), colour="time"), None)
        spent.append(time.perf_counter() - begin)
    assert min(spent) < 0.25


def test_a_link_comes_back_as_it_was() -> None:
    view = View(experiment=replace(SMALL, loss="hinge"), drops=((0.25, -0.5),), colour="time", cosine=-0.6, step=30)
    assert from_query(to_query(view)) == (view, [])
    at = visit(**to_query(view))
    assert from_query(link(at)) == (view, [])
    clock = player(at)["clock"]
    assert abs(clock["steps"][clock["seek"]["frame"]] - 30) <= 3
    assert rows(at, "map", "drops") == [{"z": 0.25, "y": -0.5}]
    assert rows(at, "revival", "now")[0]["x"] == -0.6
    assert "| 0.25 | -0.5 | dead | nothing moves | nothing moves |" in said(at)


@pytest.mark.parametrize("name", BASIN)
def test_every_preset_can_be_shown(name: str, asked: list[Experiment], monkeypatch: pytest.MonkeyPatch) -> None:
    at = look_at(SMALL)
    monkeypatch.setattr(part, "training_behind", lambda *_: None)  # a claim of tests/core trains them
    fine(at.button(key=f"preset-{name}").click().run())
    assert from_query(link(at))[0].experiment == BASIN[name].experiment
    assert list(charts(at)) == IDS


@pytest.mark.parametrize("end", [0, -1])
@pytest.mark.parametrize("name", CHOICES)
def test_every_slider_at_its_ends(name: str, end: int, monkeypatch: pytest.MonkeyPatch) -> None:
    at = look_at(SMALL)
    monkeypatch.setattr(part, "training_behind", lambda *_: None)
    value = CHOICES[name][end]
    fine(at.select_slider(key=f"lb_{name}").set_value(value).run())
    assert from_query(link(at))[0].experiment == replace(SMALL, **{name: value})
    assert list(charts(at)) == IDS
    assert not at.error


def test_the_other_loss_and_the_map_of_times() -> None:
    at = look_at(SMALL)
    before = {name: rows(at, "map", name) for name in ("ground", "moving")}
    fine(at.segmented_control(key="lb_loss").set_value("hinge").run())
    assert link(at)["loss"] == "hinge"
    filled = [row["loss"] for row in rows(at, "map", "moving") if row["trained"]]
    assert filled == ["hinge"] * len(DROPS)
    assert [row["vz"] for row in rows(at, "map", "moving")] == [row["vz"] for row in before["moving"]]
    assert rows(at, "map", "ground") == before["ground"]
    fine(at.segmented_control(key="lb_colour").set_value("time").run())
    assert rows(at, "map", "ground") != before["ground"]


def test_another_angle_is_another_cloud() -> None:
    at = look_at(SMALL)
    before = rows(at, "cloud", "neurons")
    fine(at.select_slider(key="lb_cosine").set_value(-0.6).run())
    assert rows(at, "cloud", "neurons") != before
    assert link(at)["cosine"] == "-0.6"


def test_neurons_are_dropped_dragged_and_taken_off() -> None:
    at = look_at(SMALL)
    edit = charts(at)["map"]["edit"]
    assert (edit["table"], edit["fewest"], edit["most"]) == ("drops", 1, len(DROPS))
    assert charts(at)["map"]["pick"] == "place"
    state: dict[str, Any] = {"lb_drops": DROPS}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(controls.st, "session_state", state)
        part.picked({"fields": {"z": 0.5, "y": 0.25}})
        part.picked({"fields": {"z": 0.5, "y": 0.25}})
        assert state["lb_drops"] == (*DROPS, (0.5, 0.25))
        for z in (0.1, 0.2):
            part.picked({"fields": {"z": z, "y": 1.0}})
        assert len(state["lb_drops"]) == MOST_DROPS
        assert state["lb_drops"][-1] == (0.2, 1.0)
        part.edited({"done": False, "rows": [{"z": 1, "y": 1}]})
        assert len(state["lb_drops"]) == MOST_DROPS
        part.edited({"done": True, "rows": [{"z": 9, "y": -0.5}, {"z": 0, "y": 1}]})
        assert state["lb_drops"] == ((1.5, -0.5), (0.0, 1.0))
    fine(at.button(key="lb-clear").click().run())
    assert rows(at, "map", "drops") == [{"z": DROPS[-1][0], "y": DROPS[-1][1]}]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.title)
def test_every_lesson_shows_its_view(lesson: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    at = look_at(SMALL)
    monkeypatch.setattr(part, "training_behind", lambda *_: None)
    fine(at.button(key=f"lesson-{lesson.title}").click().run())
    assert from_query(link(at)) == (lesson.view, [])


def test_what_large_steps_decide_otherwise_is_marked() -> None:
    at = look_at(replace(SMALL, loss="hinge", share=0.9, norm=4, learning_rate=0.5))
    assert charts(at)["map"]["badge"]["tone"] == "alert"
    assert any(row["wrong"] for row in rows(at, "map", "marks"))


def test_what_is_not_decided_yet_is_marked_so() -> None:
    at = look_at(replace(SMALL, time_limit=1))
    marks = rows(at, "map", "marks")
    assert len(marks) > 20
    assert not any(row["wrong"] for row in marks)
    assert ": not yet |" in said(at)


def test_settings_that_do_not_go_together_are_a_sentence_and_the_charts_stay() -> None:
    at = look_at(replace(SMALL, target=2.0))
    fine(at.segmented_control(key="lb_loss").set_value("hinge").run())
    assert "target: at most 1 with loss hinge" in sentences(at)
    assert list(charts(at)) == IDS


@pytest.mark.parametrize(
    "words",
    [
        {"norm": "0", "share": "1", "grid": "20", "cosines": "0.5", "drops": "1,2,3", "colour": "red", "cosine": "2"},
        {"drops": "9,9", "step": "soon", "loss": "![x](http://example.org/x.png)"},
        {"drops": "", "step": "-1"},
        {"v": "7"},
        {f"word{i}": "x" for i in range(60)},
    ],
)
def test_a_broken_link_gives_sentences_and_still_plays(words: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part, "training_behind", lambda *_: None)
    at = visit(part="basin", **words)
    assert len(at.warning) == 1
    assert "](http" not in at.warning[0].value
    assert list(charts(at)) == IDS
    assert from_query(link(at))[0] == View()


def test_a_link_to_another_part_is_none_of_ours() -> None:
    assert from_query({"part": "modes", "norm": "nan"}) == from_query({}) == (View(), [])


def test_what_can_be_taken_away() -> None:
    at = look_at(SMALL)
    names = [button.proto.label for button in at.get("download_button")]
    assert names == ["basin.csv", "cloud.csv", "success.csv", "revival.csv", "path.csv", "Everything (zip)"]
