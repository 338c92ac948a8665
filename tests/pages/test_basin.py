"""Where training fails, a part of the Learning dynamics page, as Streamlit runs it, without a browser."""

import time
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.jobs import Jobs
from core.studies.basin.drops import full
from core.studies.basin.experiment import Basin
from core.studies.basin.part import LESSONS, edited, picked
from core.studies.basin.presets import PRESETS
from core.studies.basin.scene import scene
from core.studies.basin.trajectory import BasinTrajectory
from core.studies.basin.view import MOST_DROPS, BasinView
from core.values import ExperimentError
from core.view import from_query, to_query
from tests.pages.visiting import charts, fine, link, open_page, player, sentences

SMALL = Basin(grid=21, width=6, seeds=(0,), cosines=(-0.6, 0.0), time_limit=10, learning_rate=0.1)
SCRIPT = """
from core.studies.basin.part import PART
from pages.learning_dynamics.basin import HOOKS
from pages.shared.part import draw
draw(PART, HOOKS)
"""
IDS = ["map", "cloud", "success", "revival"]
FIRST_DROPS = BasinView().neurons


def visit(**query: str) -> AppTest:
    at = AppTest.from_string(SCRIPT, default_timeout=30)
    for name, text in query.items():
        at.query_params[name] = text
    return fine(at.run())


def look_at(experiment: Basin, **others: Any) -> AppTest:
    return visit(**to_query(BasinView(experiment=experiment, **others)))


def said(at: AppTest) -> str:
    return "".join(box.value for box in at.markdown)


def rows(at: AppTest, chart: str, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = charts(at)[chart]["tables"][table]["rows"]
    return found


@pytest.fixture
def nothing_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked for takes too long to be trained unasked."""
    long = type("Long", (), {"long": True, "usual": 100.0, "at_most": 200.0})()
    monkeypatch.setattr(Jobs, "estimate", lambda jobs, experiment: long)


def test_the_page_leads_here_by_its_link() -> None:
    at = open_page("pages/learning_dynamics.py", **to_query(BasinView(experiment=SMALL)))
    assert list(charts(at)) == IDS
    assert from_query(BasinView, link(at)) == (BasinView(experiment=SMALL), [])
    assert "1809.06848" in said(at)


def test_the_page_opens_with_what_it_shows_and_ends_with_its_sources(nothing_trains: None) -> None:
    at = open_page("pages/learning_dynamics.py", **to_query(BasinView(experiment=SMALL)))
    opening, small_print = at.main.markdown[0].value, at.main.caption[-1].value
    assert "abstract" not in opening
    assert "could not" not in opening
    assert "Only the abstract of Tachet des Combes et al." in small_print


def test_measurements_stand_beside_theory() -> None:
    at = look_at(SMALL)
    assert "In theory **37.5%** of neurons learn, 12.5% will die and 50% are inactive (dead)" in said(at)
    assert "Of 441 single neurons in training" in said(at)
    assert charts(at)["map"]["badge"] == {"text": "0 ended otherwise than in theory", "tone": "quiet"}
    assert len(rows(at, "cloud", "neurons")) == 6
    assert len(rows(at, "success", "dots")) == 7
    assert len({row["kind"] for row in rows(at, "revival", "dots")}) == 2
    frames = len(BasinTrajectory.scheduled(SMALL))
    assert all(len(row["vz"]) == frames for row in rows(at, "map", "moving"))
    assert player(at)["clock"]["notes"] == ["Time is the step times 0.1."]


def test_theory_is_there_before_anything_is_trained(nothing_trains: None) -> None:
    at = look_at(replace(SMALL, learning_rate=0.02, time_limit=400))
    assert list(charts(at)) == IDS
    assert rows(at, "cloud", "neurons") == rows(at, "map", "marks") == rows(at, "success", "dots") == []
    assert len(rows(at, "cloud", "rings")) == 6
    assert len(rows(at, "success", "line")) == 16
    assert charts(at)["map"]["badge"]["text"] == "theory only, so far"
    assert "a class fails at width 6 with probability 0.06" in said(at)
    assert any("about" in button.label for button in at.button)


def test_figures_of_theory_take_no_time() -> None:
    """Every slider's redraw within 300 ms, most of which is the browser's; in CPU time, which nobody shares."""
    view = BasinView(experiment=replace(SMALL, width=100, learning_rate=0.02, time_limit=60))
    scene(view, [None])
    spent = []
    for norm in (1.5, 2.5, 3.5):
        begin = time.process_time()
        scene(replace(view, experiment=replace(view.experiment, norm=norm), colour="time"), [None])
        spent.append(time.process_time() - begin)
    assert min(spent) < 0.25


def test_a_link_shows_its_neurons_its_angle_and_its_step() -> None:
    view = BasinView(experiment=replace(SMALL, loss="hinge"), drops=(0.25, -0.5), colour="time", cosine=-0.6, step=30)
    at = visit(**to_query(view))
    assert from_query(BasinView, link(at)) == (view, [])
    clock = player(at)["clock"]
    assert abs(clock["steps"][clock["seek"]["frame"]] - 30) <= 3
    assert rows(at, "map", "drops") == [{"z": 0.25, "y": -0.5}]
    assert rows(at, "revival", "now")[0]["x"] == -0.6
    assert "| 0.25 | -0.5 | inactive (dead) | nothing moves | nothing moves |" in said(at)


@pytest.mark.parametrize("drops", ["1,2,3", "9,9", "", ",".join(["0.1,0.2"] * (MOST_DROPS + 1))])
def test_neurons_that_a_link_has_wrong_are_one_sentence(drops: str) -> None:
    view, wrong = from_query(BasinView, to_query(BasinView(colour="time")) | {"drops": drops})
    assert (view, len(wrong)) == (BasinView(colour="time"), 1)
    assert wrong[0].startswith("drops: z and y of 1 to 5 neurons, each -1.5 to 1.5; got ")


def test_an_angle_that_is_not_trained_gives_way_to_the_nearest() -> None:
    assert BasinView(cosine=-0.3).cosine == -0.2
    query = to_query(BasinView()) | {"cosines": "-0.6,-0.1", "cosine": "-0.5"}
    assert from_query(BasinView, query)[0].cosine == -0.6


def test_a_preset_about_angles_opens_at_its_first() -> None:
    assert BasinView().with_preset(PRESETS["learning_dynamics/revival"].experiment).cosine == -0.95
    assert BasinView().with_preset(PRESETS["learning_dynamics/basin_hinge"].experiment).cosine == 0


def test_the_other_loss_and_the_map_of_times() -> None:
    at = look_at(SMALL)
    before = {name: rows(at, "map", name) for name in ("ground", "moving")}
    fine(at.segmented_control(key="lb_loss").set_value("hinge").run())
    assert link(at)["loss"] == "hinge"
    filled = [row["loss"] for row in rows(at, "map", "moving") if row["trained"]]
    assert filled == ["hinge"] * len(FIRST_DROPS)
    assert [row["vz"] for row in rows(at, "map", "moving")] == [row["vz"] for row in before["moving"]]
    assert rows(at, "map", "ground") == before["ground"]
    fine(at.segmented_control(key="lb_colour").set_value("time").run())
    assert rows(at, "map", "ground") != before["ground"]


def test_another_angle_is_another_sample() -> None:
    at = look_at(SMALL)
    before = rows(at, "cloud", "neurons")
    fine(at.segmented_control(key="lb_cosine").set_value(-0.6).run())
    assert rows(at, "cloud", "neurons") != before
    assert link(at)["cosine"] == "-0.6"


def test_neurons_are_added_by_a_click_until_the_map_is_full() -> None:
    at = look_at(SMALL)
    edit = charts(at)["map"]["edit"]
    assert (edit["table"], edit["fewest"], edit["most"]) == ("drops", 1, len(FIRST_DROPS))
    assert charts(at)["map"]["pick"] == "place"
    view = BasinView()
    for z in (0.5, 0.5, 0.1):
        view = picked(view, {"fields": {"z": z, "y": 0.25}})
    assert view.neurons == (*FIRST_DROPS, (0.5, 0.25), (0.1, 0.25))
    assert picked(view, {"fields": {"z": 0.2, "y": 1.0}}) == view, "the first stays"
    assert full(view)
    assert full(BasinView()) == ""
    at = visit(**to_query(replace(view, experiment=SMALL)))
    assert full(view) in charts(at)["map"]["caption"]
    assert full(view) in said(at)


def test_neurons_are_dragged_within_the_map_and_taken_off() -> None:
    assert edited(BasinView(), [{"z": 9, "y": -0.5}, {"z": 0, "y": 1}]).neurons == ((1.5, -0.5), (0.0, 1.0))
    assert len(edited(BasinView(), [{"z": 0.1, "y": 1}] * 7).neurons) == MOST_DROPS
    with pytest.raises(ExperimentError, match="drops: z and y of 1 to 5 neurons"):
        replace(BasinView(), drops=(0.5, 0.5, 0.5))
    at = look_at(SMALL)
    fine(at.button(key="lb_clear").click().run())
    assert rows(at, "map", "drops") == [{"z": FIRST_DROPS[-1][0], "y": FIRST_DROPS[-1][1]}]
    assert at.button(key="lb_clear").disabled


def test_a_neuron_is_added_from_the_keyboard() -> None:
    at = look_at(SMALL)
    for z, count in ((0.3, 4), (0.3, 4), (-1.5, 5)):
        at.number_input(key="lb_new_z").set_value(z)
        at.number_input(key="lb_new_y").set_value(0.7)
        fine(adding(at).click().run())
        assert len(rows(at, "map", "drops")) == count
        assert rows(at, "map", "drops")[-1] == {"z": z, "y": 0.7}
    assert adding(at).disabled
    assert from_query(BasinView, link(at))[0].neurons == (*FIRST_DROPS, (0.3, 0.7), (-1.5, 0.7))


def adding(at: AppTest) -> Any:
    (found,) = (button for button in at.button if button.label == "Add a neuron")
    return found


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.title)
def test_a_lesson_whose_preset_ships_shows_the_measurement(lesson: Any, nothing_trains: None) -> None:
    ships = {preset.experiment for preset in PRESETS.values() if preset.shipped}
    at = look_at(SMALL)
    fine(at.button(key=f"lesson-{lesson.title}").click().run())
    assert bool(rows(at, "cloud", "neurons")) == (lesson.view.experiment in ships)


def test_what_large_steps_decide_otherwise_is_marked() -> None:
    at = look_at(replace(SMALL, loss="hinge", share=0.9, norm=4, learning_rate=0.5))
    assert charts(at)["map"]["badge"]["tone"] == "alert"
    assert any(row["wrong"] for row in rows(at, "map", "marks"))


def test_what_is_not_decided_yet_is_marked_so() -> None:
    at = look_at(replace(SMALL, time_limit=1))
    marks = rows(at, "map", "marks")
    assert len(marks) > 20
    assert not any(row["wrong"] for row in marks)
    assert ": undecided |" in said(at)


def test_settings_that_do_not_go_together_are_a_sentence_and_the_charts_stay() -> None:
    at = look_at(replace(SMALL, target=2.0))
    fine(at.segmented_control(key="lb_loss").set_value("hinge").run())
    assert "target: at most 1 with loss hinge" in sentences(at)
    assert list(charts(at)) == IDS
