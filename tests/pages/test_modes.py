"""The modes' part of the Learning dynamics page as Streamlit runs it, without a browser."""

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.jobs import Jobs
from core.studies.modes.experiment import HEADS, Modes
from core.studies.modes.presets import PRESETS as MODES
from pages.learning_dynamics.modes.controls import CHOICES
from pages.learning_dynamics.modes.part import LESSONS
from pages.learning_dynamics.modes.view import View, from_query, to_query
from tests.pages.visiting import fine, link, player

SMALL = Modes(width=4, dimension=3, init=0.2, learning_rate=0.05, last_time=10)
SCRIPT = "from pages.learning_dynamics.modes import part\npart.draw()\n"


def visit(**query: str) -> AppTest:
    at = AppTest.from_string(SCRIPT, default_timeout=30)
    for name, text in query.items():
        at.query_params[name] = text
    return fine(at.run())


def look_at(experiment: Modes, **others: Any) -> AppTest:
    return visit(**to_query(View(experiment=experiment, **others)))


def charts(at: AppTest) -> dict[str, Any]:
    found: dict[str, Any] = player(at, most=1_000_000)["charts"]
    return found


def rows(at: AppTest, chart: str, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = charts(at)[chart]["tables"][table]["rows"]
    return found


def said(at: AppTest) -> str:
    return "".join(box.value for box in at.markdown)


def test_a_first_visit_shows_three_charts_and_makes_a_link_of_it() -> None:
    at = visit()
    assert list(charts(at)) == ["curves", "plane", "clocks"]
    assert charts(at)["curves"]["badge"] is None
    assert from_query(link(at)) == (View(), [])
    assert link(at)["part"] == "modes"
    assert "Measured: cross-entropy brings" in said(at)
    assert "**2.33 times** as long" in said(at)


def test_theory_is_drawn_whole_before_anything_is_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Jobs, "submit", lambda *_, **__: None)
    at = look_at(SMALL)
    assert charts(at)["curves"]["badge"]["text"] == "theory only, so far"
    assert rows(at, "curves", "measured") == rows(at, "clocks", "measured") == []
    assert len(rows(at, "curves", "theory")) > 100
    assert len(rows(at, "plane", "places")) == 4  # two neurons of the mode, two losses
    assert "In theory: cross-entropy brings" in said(at)
    assert not at.get("download_button")


def test_what_is_measured_is_laid_over_theory() -> None:
    at = look_at(SMALL)
    measured = {(row["mode"], row["x"]): row["logit"] for row in rows(at, "curves", "measured")}
    theory = {(row["mode"], row["x"]): row["logit"] for row in rows(at, "curves", "theory")}
    assert len(measured) > 40
    assert set(measured) <= set(theory)
    assert measured != {place: theory[place] for place in measured}
    assert all(abs(measured[place] - theory[place]) < 0.1 for place in measured)
    words = rows(at, "clocks", "now")[1]["said"]
    assert "done at t =" in words[-1]
    assert "done" not in words[0]


def test_a_link_comes_back_as_it_was() -> None:
    view = View(
        experiment=replace(SMALL, heads="free", p=0.25),
        loss="hinge",
        mode="minus",
        log=True,
        together=True,
        contrast=False,
        step=30,
    )
    assert from_query(to_query(view)) == (view, [])
    at = visit(**to_query(view))
    assert from_query(link(at)) == (view, [])
    time = player(at)["clock"]
    assert abs(time["steps"][time["seek"]["frame"]] - 30) <= 2
    assert rows(at, "curves", "one_layer") == []


@pytest.mark.parametrize("name", MODES)
def test_every_preset_can_be_shown(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Jobs, "submit", lambda *_, **__: None)
    at = look_at(SMALL)
    fine(at.button(key=f"preset-{name}").click().run())
    assert from_query(link(at))[0].experiment == MODES[name].experiment
    assert len(charts(at)) == 3


@pytest.mark.parametrize("end", [0, -1])
@pytest.mark.parametrize("name", CHOICES)
def test_every_slider_at_its_ends(name: str, end: int, asked: list[Experiment]) -> None:
    at = look_at(SMALL)
    value = CHOICES[name][end]
    fine(at.select_slider(key=f"lm_{name}").set_value(value).run())
    assert from_query(link(at))[0].experiment == replace(SMALL, **{name: value})
    assert asked[-1] == replace(SMALL, **{name: value})
    assert len(charts(at)) == 3
    assert not at.error


@pytest.mark.parametrize("heads", HEADS)
def test_every_way_that_output_weights_begin(heads: str) -> None:
    at = look_at(SMALL)
    fine(at.selectbox(key="lm_heads").select(heads).run())
    assert link(at)["heads"] == heads
    assert len(charts(at)) == 3


def test_no_two_sliders_shut_each_other_out() -> None:
    slowest = replace(SMALL, learning_rate=CHOICES["learning_rate"][0], last_time=CHOICES["last_time"][-1])
    assert slowest.step_limit == 80_000


def test_time_by_frequency_puts_the_modes_on_one_curve() -> None:
    at = look_at(replace(SMALL, p=0.9))
    fine(at.toggle(key="lm_together").set_value(True).run())
    ends = [row["xs"][-1] for row in rows(at, "curves", "now")]
    assert ends[0] == pytest.approx(9 * ends[1])
    fine(at.toggle(key="lm_log").set_value(True).run())
    assert min(row["x"] for row in rows(at, "curves", "theory")) > 0
    assert link(at)["log"] == link(at)["together"] == "true"


def test_classes_at_an_angle_have_no_theory_of_one_layer() -> None:
    at = look_at(replace(SMALL, cosine=-0.5))
    assert rows(at, "curves", "one_layer") == []
    assert len(rows(at, "curves", "measured")) > 40


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.title)
def test_every_lesson_shows_its_view(lesson: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Jobs, "submit", lambda *_, **__: None)
    at = look_at(SMALL)
    fine(at.button(key=f"lesson-{lesson.title}").click().run())
    assert from_query(link(at)) == (lesson.view, [])


@pytest.mark.parametrize(
    "words",
    [
        {"p": "1", "width": "7", "heads": "no", "curves": "mse", "mode": "zero", "log": "perhaps", "step": "soon"},
        {"init": "![x](http://example.org/x.png)"},
        {"v": "7"},
        {f"word{i}": "x" for i in range(60)},
    ],
)
def test_a_broken_link_gives_sentences_and_still_plays(words: dict[str, str]) -> None:
    at = visit(part="modes", **words)
    assert len(at.warning) == 1
    assert 1 <= at.warning[0].value.count("\n\n") + 1 <= 13
    assert "](http" not in at.warning[0].value
    assert len(charts(at)) == 3
    assert from_query(link(at))[0] == View()


def test_a_link_to_another_part_is_none_of_ours() -> None:
    assert from_query({"part": "basin", "p": "nan"}) == from_query({}) == (View(), [])


def test_what_can_be_taken_away() -> None:
    at = look_at(SMALL)
    names = [button.proto.label for button in at.get("download_button")]
    assert names == ["modes.csv", "losses.csv", "clocks.csv", "neurons.csv", "one_layer.csv", "Everything (zip)"]
